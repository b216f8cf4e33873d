"""What a seller's turnover says: the total and the average of six full months.

Owns: which months count. They are the six full calendar months before the application date; a month
without sales counts as 0, so a shop cannot look better by resting.
Refuses to know: where turnover comes from, how much it jumps, and what limit follows from it.

| applied on | months                |
| ---------- | --------------------- |
| 2024-07-01 | 2024-01 .. 2024-06    |
| 2024-07-31 | 2024-01 .. 2024-06    |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.kernel.periods import months_after

MONTHS_COUNTED: Final = 6


@dataclass(frozen=True, slots=True)
class TurnoverWindow:
    """The months that count, oldest first, with what was sold in each."""

    months: tuple[tuple[str, int], ...]

    @property
    def total_minor(self) -> int:
        """Return what was sold in all months."""
        return sum(amount_minor for _, amount_minor in self.months)

    @property
    def average(self) -> Fraction:
        """Return the exact monthly average in minor units."""
        return Fraction(self.total_minor, len(self.months))


def six_months_before(*, applied_on: date, turnover_minor: Mapping[str, int]) -> TurnoverWindow:
    """Return the six full calendar months before a date."""
    first_of_month = applied_on.replace(day=1)
    starts = [months_after(first_of_month, months=-back) for back in range(MONTHS_COUNTED, 0, -1)]
    names = [f"{start:%Y-%m}" for start in starts]
    return TurnoverWindow(tuple((name, turnover_minor.get(name, 0)) for name in names))
