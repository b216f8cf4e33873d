"""What the books show of one loan: a function of what it is, never of how it became known.

Owns: balances per ledger component with their side, and how far a claim is income, memo or given up.
Refuses to know: account codes, journals and posting dates. On each day debits equal credits.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

CREDITS: Final = frozenset(
    {
        "suspense_overpayment",
        "interest_income",
        "penalty_income",
        "fee_income",
        "recovery_income",
        "sale_gain",
        "settlement",
    }
)
MEMO: Final = frozenset({"memo_nonaccrual_interest", "memo_charged_off"})


@dataclass(frozen=True, kw_only=True)
class Books:
    """Balances in minor units, each on its own side: ``settlement`` is money paid out less money received.

    A negative receivable is interest that was paid before it was earned. Penalty and compound interest
    share ``penalty_receivable`` and ``penalty_income``. ``sale_price`` is what a buyer paid for the loan.
    """

    principal: int = 0
    interest_receivable: int = 0
    penalty_receivable: int = 0
    fee_receivable: int = 0
    waiver_expense: int = 0
    goodwill_expense: int = 0
    loss: int = 0
    suspense_overpayment: int = 0
    interest_income: int = 0
    penalty_income: int = 0
    fee_income: int = 0
    recovery_income: int = 0
    sale_gain: int = 0
    sale_price: int = 0
    settlement: int = 0
    memo_nonaccrual_interest: int = 0
    memo_charged_off: int = 0

    @property
    def debits_less_credits(self) -> int:
        """Return 0."""
        return sum(
            (-1 if name in CREDITS else 1) * amount for name, amount in self.balances() if name not in MEMO
        )

    def balances(self) -> list[tuple[str, int]]:
        """Return every balance by its component."""
        return [(one.name, getattr(self, one.name)) for one in fields(self)]
