"""Which accounts of the chart hold what a borrower owes on a loan, and under which name a statement shows it.

Owns: that one table. Refuses to know: postings and balances.
Interest that stopped being income is owed all the same: the memo account of non-accrual counts as interest.
"""

from __future__ import annotations

from typing import Final

from ledger.domain.accrual import INTEREST
from ledger.domain.chart_of_accounts import CHART, SUB_ACCOUNT_MARK
from ledger.domain.loan_growth import ACCRUAL_KINDS, MEMO, OFF_BOOKS
from ledger.statements.sheets import OWED_PARTS

_PART_OF_ACCOUNT: Final = {
    "loan_principal": "principal",
    "loan_principal_overdue": "principal",
    "loan_principal_nonaccrual": "principal",
    "interest_receivable": "interest",
    "memo_nonaccrual_interest": "interest",
    "penalty_receivable": "penalty",
    "fee_receivable": "fee",
    "suspense_overpayment": "overpaid",
    "memo_written_off": "charged_off",
}


def _part_of(kind: str) -> str:
    if kind.startswith(OFF_BOOKS):
        return "charged_off"
    return "interest" if kind == INTEREST or kind.startswith(MEMO) else "penalty"


# The place of a part in a line, by account code.
PLACE: Final[dict[str, int]] = {
    code: OWED_PARTS.index(_PART_OF_ACCOUNT[CHART[top].name])
    for code, top in ((code, code.partition(SUB_ACCOUNT_MARK)[0]) for code in CHART)
    if CHART[top].name in _PART_OF_ACCOUNT
}
# What the day close posts of a loan, by kind, on the accounts above.
PLACE_OF_ACCRUAL: Final[dict[str, int]] = {kind: OWED_PARTS.index(_part_of(kind)) for kind in ACCRUAL_KINDS}
