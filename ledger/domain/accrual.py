"""Accrual: how much interest, penalty or compound interest a claim has earned by a date.

Owns: the one formula for all three kinds, kept as exact whole numbers and rounded only in total.
Refuses to know: schedules, allocation, accounts and the day close.
Rule: earned(on) is cumulative, so any day is earned(on + 1) - earned(on); nothing drifts, and a
missed day is caught up in one step. 7,615.00 at 14.4% over 360 earns 3.046 a day: after 50 days the
total is 152.30, never 50 x 3.05 = 152.50.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger.kernel.rounding import divide_rounded

INTEREST: Final = "interest"
PENALTY: Final = "penalty"
COMPOUND: Final = "compound"


@dataclass(frozen=True)
class Accrual:
    """One claim that grows by the day. Days run from ``started_on`` and stop at ``ends_on``.

    ``accrue_from`` is the first business day whose close posts this segment; what was earned before
    it has been posted by the event that created the segment. ``carry_numerator`` is the exact amount
    brought over from earlier segments, in units of 1/denominator.
    """

    key: str
    kind: str
    started_on: date
    ends_on: date | None
    accrue_from: date
    per_day_numerator: int
    denominator: int
    carry_numerator: int
    settled_minor: int

    def exact_numerator(self, on: date) -> int:
        """Return what has been earned by a date, unrounded, in units of 1/denominator."""
        until = on if self.ends_on is None else min(on, self.ends_on)
        return self.carry_numerator + self.per_day_numerator * max(0, (until - self.started_on).days)

    def earned(self, on: date) -> int:
        """Return what has been earned by a date in minor units, rounded half up once."""
        return divide_rounded(numerator=self.exact_numerator(on), denominator=self.denominator)

    def amount_of_day(self, on: date) -> int:
        """Return what the close of business day ``on`` posts for this segment."""
        return self.earned(on + timedelta(days=1)) - self.earned(on) if self.accrue_from <= on else 0
