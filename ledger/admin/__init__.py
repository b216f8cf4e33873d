"""Admin pages of the books: loans and money, journal and trial balance, events, outbox and the rest.

Owns: what these pages show. Refuses to know: borrowers and collections; their apps add their sections.
"""

from ledger.admin import (
    chart,
    day_close,
    documents,
    events,
    journal,
    loan_history,
    loan_journal,
    loan_sections,
    loans,
    money,
    outbox,
    periods,
    products,
    proposals,
    withdrawals,
)

PAGES = (
    chart,
    day_close,
    documents,
    events,
    journal,
    loan_history,
    loan_journal,
    loan_sections,
    loans,
    money,
    outbox,
    periods,
    products,
    proposals,
    withdrawals,
)
