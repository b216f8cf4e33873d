"""What an unpaid row costs, and from when on.

Owns: uplift, grace days and their mode, compound interest, and the amount below which nothing is past due.
Refuses to know: the contract rate and the ceiling, which are the price's.
Source: PBoC Yinfa [2003] 251, 30% to 50% above the contract rate, 50% to 100% for misuse of funds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.domain.contract.repayment_terms import Finding
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.kernel.rates import RATE_UNIT


@dataclass(frozen=True, kw_only=True)
class ArrearsTerms:
    """Uplift as a share of the contract rate; a tolerance in minor units counts per row."""

    penalty_uplift_e8: int = RATE_UNIT // 2
    compound: CompoundMode = CompoundMode.PENALTY_RATE
    grace_days: int = 3
    grace_mode: GraceMode = GraceMode.RETROACTIVE
    dpd_tolerance_minor: int = 0

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be sound, field by field."""
        yield "penalty_uplift_e8", 0 <= self.penalty_uplift_e8 <= RATE_UNIT, "An uplift is 0 to 1."
        yield "grace_days", 0 <= self.grace_days <= 30, "There are 0 to 30 grace days."
        tolerance = 0 <= self.dpd_tolerance_minor <= 10_000
        yield "dpd_tolerance_minor", tolerance, "A tolerance is 0 to 10,000 minor units."
