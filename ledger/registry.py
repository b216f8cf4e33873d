"""Everything of the books that registers itself by being imported."""

from __future__ import annotations

from ledger import day_close, postings, settlement_postings
from ledger.commands import age_loan, post_accrual, record_receipt
from ledger.projections import accrual_rows, loans, portfolio, settlement

REGISTERED = (
    accrual_rows,
    age_loan,
    day_close,
    loans,
    portfolio,
    post_accrual,
    postings,
    record_receipt,
    settlement,
    settlement_postings,
)
