"""Admin pages of the books: loans and money, journal and trial balance, events, outbox and the rest.

Owns: what these pages show. Refuses to know: borrowers and collections; their apps add their sections.
"""

from ledger.admin import (
    day_close,
    events,
    journal,
    loan_history,
    loan_journal,
    loan_sections,
    loans,
    money,
    outbox,
    products,
    proposals,
    trial_balance,
)

PAGES = (
    day_close,
    events,
    journal,
    loan_history,
    loan_journal,
    loan_sections,
    loans,
    money,
    outbox,
    products,
    proposals,
    trial_balance,
)
