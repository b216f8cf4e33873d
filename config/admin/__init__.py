"""The admin: what its pages share, its dashboard, and the models of libraries shown in its style.

Owns: read-only pages, sections of a page, navigation, and sign-in, schedules and machine clients.
Refuses to know: how a row comes to be. Pages of the business live in each app's own ``admin``.
"""
