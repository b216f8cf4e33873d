"""The sub-ledgers of the books themselves: loans, settlement accounts, and rows of accrual.

Owns: what makes up each account. Refuses to know: how the comparison is made (``tie_out``).
"""

from __future__ import annotations

from ledger.domain.chart_of_accounts import (
    BORROWER_SETTLEMENT,
    INTEREST_RECEIVABLE,
    LOAN_PRINCIPAL,
    PENALTY_RECEIVABLE,
)
from ledger.tie_out import SIGNED, lines_by, sub_ledger

sub_ledger(
    LOAN_PRINCIPAL,
    "1302",
    "1303",
    what="outstanding principal of loans",
    books=lines_by("loan_id"),
    owners="SELECT id::text AS owner, currency, outstanding_minor AS amount_minor FROM loan"
    " WHERE outstanding_minor <> 0",
)
sub_ledger(
    BORROWER_SETTLEMENT,
    what="balances of settlement accounts",
    books=lines_by("settlement_account_id"),
    owners="SELECT id::text AS owner, currency, balance_minor AS amount_minor FROM settlement_account"
    " WHERE balance_minor <> 0",
)
# What a run posts in sums is what its rows add up to, shard by shard and date by date; what is posted for a loan by
# name is a part of both.
for _account, _kinds, _what in (
    (INTEREST_RECEIVABLE, "('interest')", "interest receivable of loans and accrual rows"),
    (PENALTY_RECEIVABLE, "('penalty', 'compound')", "penalty receivable of loans and accrual rows"),
):
    _own = (
        "SELECT 'loan ' || loan_id AS owner, currency,"  # noqa: S608
        f" {SIGNED} AS amount_minor FROM line WHERE loan_id IS NOT NULL GROUP BY 1, 2"
    )
    sub_ledger(
        _account,
        what=_what,
        books=f"{_own} UNION ALL SELECT 'run of shard ' || shard || ' on ' || posting_date, currency, {SIGNED}"  # noqa: S608
        " FROM line WHERE loan_id IS NULL GROUP BY 1, 2",
        owners=f"{_own} UNION ALL SELECT 'run of shard ' || a.shard || ' on ' || a.business_date, loan.currency,"  # noqa: S608
        " sum(a.amount_minor)::bigint FROM accrual_row a JOIN loan ON loan.id = a.loan_id"
        f" WHERE a.kind IN {_kinds} GROUP BY 1, 2",
    )
_OVER = "('settled', 'cancelled', 'sold')"
# A loan that is over, or a buyer's, owes nothing: its own lines and its accrual rows cancel out.
for _account, _kinds in (
    (INTEREST_RECEIVABLE, "('interest')"),
    (PENALTY_RECEIVABLE, "('penalty', 'compound')"),
):
    sub_ledger(
        _account,
        what="receivable of loans that are settled, cancelled or sold",
        books="SELECT 'loan ' || id AS owner, currency, sum(amount_minor)::bigint AS amount_minor FROM ("  # noqa: S608
        " SELECT loan.id, line.currency, CASE side WHEN %(side)s THEN amount_minor ELSE -amount_minor END"
        f"  AS amount_minor FROM line JOIN loan ON loan.id = line.loan_id WHERE loan.status IN {_OVER}"
        " UNION ALL SELECT loan.id, loan.currency, a.amount_minor FROM accrual_row a JOIN loan ON loan.id = a.loan_id"
        f" WHERE loan.status IN {_OVER} AND a.kind IN {_kinds}) own GROUP BY 1, 2",
        owners="SELECT 'loan ' || id AS owner, currency, 0::bigint AS amount_minor FROM loan WHERE false",
    )
