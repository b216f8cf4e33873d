"""What the product shows of a loan beyond its derived position: its rows in tables, and its balances in the ledger.

Accounts are named here once more, so that a balance on the wrong account is a difference.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from ledger.domain.loan_account import LoanAccount
from ledger.eventstore.unit_of_work import replay
from tests.builders.books import ACCRUED
from tests.builders.simulation import rows_of
from tests.reference.arithmetic import COMPONENTS, FEE, PRINCIPAL
from tests.reference.books import CREDIT
from tests.reference.comparing import where_different
from tests.reference.position import Position
from tests.reference.saying import what_the_product_says, what_the_reference_says

ACCOUNTS = {
    "1301": "principal",
    "1321": "interest_receivable",
    "1322": "penalty_receivable",
    "1323": "fee_receivable",
    "2101": "settlement",
    "1002": "settlement",  # what was paid out at once, and the price of a sale
    "2102": "suspense_overpayment",
    "6011": "interest_income",
    "6012": "penalty_income",
    "6021": "fee_income",
    "6051": "recovery_income",
    "6061": "sale_gain",
    "6702": "loss",
    "6711": "waiver_expense",
    "6712": "goodwill_expense",
    "9002": "memo_nonaccrual_interest",
    "9003": "memo_charged_off",
}
NOT_OF_THE_LOAN = ("1391", "9001", "9099")  # passed through, or of the line
JOURNAL = (
    "SELECT split_part(account, '.', 1), sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint"
    " FROM journal_line WHERE loan_id = %s GROUP BY 1"
)
LOAN = (
    "SELECT status, outstanding_minor, overpaid_minor, schedule_version, category, non_accrual_since,"
    " overdue_since FROM loan WHERE id = %s"
)
AMOUNTS = ", ".join(f"{how}_{what}_minor" for how in ("paid", "waived") for what in COMPONENTS)
ROWS = (
    f"SELECT name, due_on, fee_minor, principal_minor, {AMOUNTS} FROM instalment"
    " WHERE loan_id = %s AND superseded_by IS NULL"
)


def differences(loan_id: UUID, expected: Position) -> dict[str, tuple[Any, Any]]:
    """Return everything about which the reference and the product disagree on the day of a position."""
    on = expected.on
    reference = what_the_reference_says(expected) | _tables_of(expected)
    product = what_the_product_says(replay(LoanAccount, loan_id).position(on)) | _tables(loan_id, on)
    names = [*reference, *(name for name in product if name not in reference)]
    return {
        name: where_different(reference.get(name), product.get(name))
        for name in names
        if reference.get(name) != product.get(name)
    }


def _tables(loan_id: UUID, on: date) -> dict[str, Any]:
    ((*standing, overdue_since),) = rows_of(LOAN, loan_id)
    days = (on - overdue_since).days if overdue_since else 0
    return {
        "table loan": (*standing, days),
        "table instalment": {name: tuple(values) for name, *values in rows_of(ROWS, loan_id)},
        "ledger": _balances(loan_id),
    }


def _balances(loan_id: UUID) -> dict[str, int]:
    held: Counter[str] = Counter()
    for account, amount in (*rows_of(JOURNAL, loan_id), *rows_of(ACCRUED, loan_id)):
        if account not in NOT_OF_THE_LOAN:
            name = ACCOUNTS[account]
            held[name] += -amount if name in CREDIT else amount
    return {name: amount for name, amount in sorted(held.items()) if amount}


def _tables_of(found: Position) -> dict[str, Any]:
    standing = (
        found.status,
        found.outstanding,
        found.overpaid,
        found.schedule_version,
        found.category,
        found.non_accrual_since,
        found.days_past_due,
    )
    rows = {
        row.name: (
            row.due_on,
            row.due[FEE] - row.moved[FEE],
            row.due[PRINCIPAL] - row.moved[PRINCIPAL],
            *(row.paid[what] for what in COMPONENTS),
            *(row.waived[what] for what in COMPONENTS),
        )
        for row in found.rows
    }
    held = dict(found.books)
    held["settlement"] -= held.pop("sale_price")
    books = {name: amount for name, amount in sorted(held.items()) if amount}
    return {"table loan": standing, "table instalment": rows, "ledger": books}
