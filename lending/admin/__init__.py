"""Admin pages of lending: entities and their shops, imports, applications, lines, debits,
memberships.

Owns: what these pages show, freezing and thawing a line, and asking for a withdrawal. Refuses to know: collections.
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
    withdrawing,
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
    withdrawing,
)
