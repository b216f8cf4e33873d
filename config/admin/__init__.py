"""The admin: what its pages share, its overview, and the models of libraries shown in its style.

Owns: read-only pages, sections of a page, navigation, sign-in, schedules and machine clients.
Refuses to know: how a row comes to be. Pages of the business live in each app's own ``admin``.
"""

from config.admin import access, schedules

PAGES = (access, schedules)
