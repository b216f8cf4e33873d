"""Admin pages of collections: overdue instalments and notices, and their sections on other pages.

Owns: what these pages show. Refuses to know: rules; every row was written by an event.
"""

from collection.admin import bureau, notices, overdues

PAGES = (bureau, notices, overdues)
