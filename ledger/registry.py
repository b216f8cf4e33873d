"""Everything of the books that registers itself by being imported."""

from __future__ import annotations

from ledger import day_close, postings, settlement_postings, sub_ledgers
from ledger.commands import (
    age_loan,
    agree_funding,
    close_period,
    post_accrual,
    post_provision,
    propose_loan_fact,
    record_loan_fact,
    record_receipt,
    return_receipt,
    save_product,
)
from ledger.projections import (
    accrual_rows,
    loan_accruals,
    loans,
    periods,
    portfolio,
    products,
    proposals,
    provisions,
    settlement,
    withdrawals,
)

REGISTERED = (
    accrual_rows,
    age_loan,
    agree_funding,
    close_period,
    day_close,
    loan_accruals,
    loans,
    periods,
    portfolio,
    post_accrual,
    post_provision,
    postings,
    products,
    provisions,
    proposals,
    propose_loan_fact,
    record_loan_fact,
    record_receipt,
    return_receipt,
    save_product,
    settlement,
    settlement_postings,
    sub_ledgers,
    withdrawals,
)
