"""What a product costs: its rate, the ceiling it keeps, and how far a promotion may lower it.

Owns: a fixed annual rate or the prime rate plus a spread, which becomes fixed on the day of signing, and the
lowest share of the rate a promotion may charge.
Refuses to know: plans and penalties. Source of prime rates and ceilings: ``rate_ceiling``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.contract.repayment_terms import Finding
from ledger.kernel.rates import RATE_UNIT
from ledger.policies.rate_ceiling import (
    ABSOLUTE_E8,
    LICENSED_E8,
    LPR_MULTIPLE,
    CeilingKind,
    PrimeRateUnknown,
    ceiling_e8,
)


class RateKind(StrEnum):
    """Where the contract rate comes from."""

    FIXED = "fixed"
    PRIME_PLUS_SPREAD = "prime_plus_spread"  # of the day of signing, and fixed from then on


@dataclass(frozen=True, kw_only=True)
class PricingTerms:
    """Rates are annual; ``own_ceiling_e8`` is the lender's, the lower of it and the law's counts."""

    kind: RateKind = RateKind.FIXED
    annual_rate_e8: int = 0
    spread_e8: int = 0
    ceiling: CeilingKind = CeilingKind.LICENSED
    own_ceiling_e8: int = LICENSED_E8
    promotion_share_min_e8: int = 85 * RATE_UNIT // 100

    def rate_on(self, signed_on: date) -> int:
        """Return the contract rate of a loan signed on a date. Refuses PrimeRateUnknown."""
        if self.kind is RateKind.FIXED:
            return self.annual_rate_e8
        # Four times the prime rate is the private ceiling, whatever table it came from.
        return ceiling_e8(CeilingKind.PRIVATE_LENDING, signed_on=signed_on) // LPR_MULTIPLE + self.spread_e8

    def ceiling_on(self, signed_on: date) -> int:
        """Return the ceiling of a loan signed on a date. Refuses PrimeRateUnknown."""
        return min(self.own_ceiling_e8, ceiling_e8(self.ceiling, signed_on=signed_on))

    def findings(self, effective_from: date) -> Iterator[Finding]:
        """Yield what is to be sound, field by field, on the day the price takes effect."""
        fixed = self.kind is RateKind.FIXED
        yield "spread_e8", self.spread_e8 == 0 or not fixed, "A fixed rate has no spread."
        yield (
            "annual_rate_e8",
            self.annual_rate_e8 == 0 or fixed,
            "The prime rate takes the place of a fixed one.",
        )
        yield "own_ceiling_e8", 0 <= self.own_ceiling_e8 <= ABSOLUTE_E8, "A ceiling is 0 to 0.36."
        share = 0 <= self.promotion_share_min_e8 <= RATE_UNIT
        yield "promotion_share_min_e8", share, "A share is 0 to 1."
        yield "spread_e8", self.spread_e8 >= 0, "A spread is not negative."
        name = "annual_rate_e8" if fixed else "kind"
        yield name, self._is_priced(effective_from), "The rate is 0 to the ceiling on the first day."

    def _is_priced(self, on: date) -> bool:
        try:
            return 0 <= self.rate_on(on) <= self.ceiling_on(on)
        except PrimeRateUnknown:
            return False
