"""Admin pages of lending: entities and their shops, imports, applications, lines, debits,
memberships.

Owns: what these pages show, and freezing and thawing a line. Refuses to know: collections.
"""

from lending.admin import (
    accounts,
    applications,
    credit_lines,
    debits,
    documents,
    entities,
    entity_sections,
    memberships,
    order_imports,
    sandbox,
)

PAGES = (
    accounts,
    applications,
    credit_lines,
    debits,
    documents,
    entities,
    entity_sections,
    memberships,
    order_imports,
    sandbox,
)
