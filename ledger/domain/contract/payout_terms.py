"""How a loan is paid out: in one sum, or in parts that the borrower calls.

Owns: the most parts there may be, how long the rest may be called, and which repayment terms leave room for
parts: their rows must be such that a plan made again for a larger balance is still what was agreed.
Refuses to know: amounts, dates, and any one loan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ledger.domain.contract.repayment_terms import ContractMethod, Finding, RepaymentTerms

PARTS_MAX: Final = 24
AVAILABILITY_DAYS_MAX: Final = 366
# Agreed batches and flat interest are fixed by the whole amount, and a draw is made again in place of a part.
_METHODS: Final = frozenset(
    {
        ContractMethod.EQUAL_INSTALMENT,
        ContractMethod.EQUAL_PRINCIPAL,
        ContractMethod.INTEREST_ONLY,
        ContractMethod.BULLET,
    }
)


@dataclass(frozen=True, kw_only=True)
class PayoutTerms:
    """``availability_days`` is how many days after the draw the rest may still be called."""

    parts_max: int = 1
    availability_days: int = 0

    @property
    def in_parts(self) -> bool:
        """Say whether a loan may be paid out in more than one sum."""
        return self.parts_max > 1

    def findings(self, repayment: RepaymentTerms) -> Iterator[Finding]:
        """Yield what is to be sound, field by field."""
        yield "parts_max", 1 <= self.parts_max <= PARTS_MAX, f"There are 1 to {PARTS_MAX} parts."
        most = AVAILABILITY_DAYS_MAX if self.in_parts else 0
        least = 1 if self.in_parts else 0
        is_span = least <= self.availability_days <= most
        yield (
            "availability_days",
            is_span,
            "A rest is available for 1 to 366 days; without parts there is none.",
        )
        yield "parts_max", not self.in_parts or _leaves_room(repayment), "These rows leave no room for parts."


def _leaves_room(repayment: RepaymentTerms) -> bool:
    shares = repayment.balloon_share_e8 or repayment.down_payment_share_e8
    is_plain = not (shares or repayment.first_absorbs or repayment.grace_rows)
    return repayment.method in _METHODS and is_plain
