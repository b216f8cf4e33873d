"""The platform has no tables of its own.

Owns: nothing. Django tells only apps with a models module that migrations are done, and the platform
has to know: it sets the rights of the application's role then.
"""
