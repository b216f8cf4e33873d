"""What the veto rules look at, gathered in one place.

Owns: the facts and the months of turnover as a rule compares them. Refuses to know: thresholds (``veto``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from lending.policies.seller_facts import NOTHING_KNOWN, SellerFacts
from lending.policies.turnover import TurnoverWindow
from lending.policies.volatility import by_season


@dataclass(frozen=True, slots=True)
class VetoFacts:
    """What the rules look at; ``idle_days`` is the longest run of days without trade, if it is known."""

    applied_on: date
    blacklisted: bool
    account_count: int
    trading_since: date | None
    window: TurnoverWindow
    debt_ratio_bps: int
    idle_days: int | None = None
    industry_code: str = ""
    seller: SellerFacts = NOTHING_KNOWN
    turnover_minor: Mapping[str, int] = field(default_factory=dict)

    def months(self, *, seasonal: bool) -> tuple[Fraction, ...]:
        """Return the turnover of the months that count, compared with last year's season if asked."""
        if seasonal:
            return by_season(self.window.months, turnover_minor=self.turnover_minor)
        return tuple(Fraction(amount_minor) for _, amount_minor in self.window.months)
