"""Everything of the books that registers itself by being imported."""

from __future__ import annotations

from ledger import day_close, postings, settlement_postings
from ledger.commands import (
    age_loan,
    post_accrual,
    record_loan_fact,
    record_receipt,
    return_receipt,
    save_product,
)
from ledger.projections import accrual_rows, loan_accruals, loans, portfolio, products, settlement

REGISTERED = (
    accrual_rows,
    age_loan,
    day_close,
    loan_accruals,
    loans,
    portfolio,
    post_accrual,
    postings,
    products,
    record_loan_fact,
    record_receipt,
    return_receipt,
    save_product,
    settlement,
    settlement_postings,
)
