"""An accrual counted in whole steps, in numbers small enough for a database to count fast.

Owns: the change of units that turns the exact fraction of ``domain.accrual`` into three whole numbers, and
the proof that they fit into 64 bits for as long as the accrual runs.
Refuses to know: how the numbers are stored, and what is done for an accrual that has none.
Rule: earned(started_on + days) = (begun_at + day_step * days) // unit. Half of the denominator is part of
``begun_at``, so that cutting off rounds half up. What day_step and unit have in common is divided out of
all three; the remainder of begun_at that is lost is less than one step and never reaches the next whole.

| base      | rate  | a year | day_step  | unit  |
| --------- | ----- | ------ | --------- | ----- |
| 7,615.00  | 14.4% |    360 |     1,523 |     5 |
| 10,000.00 | 18.0% |    365 |    36,000 |    73 |
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Final

from ledger.domain.accrual import Accrual

LARGEST: Final = 2**63 - 1
# An accrual without an end is counted in steps for a century; the database refuses a larger number.
DAYS_WITHOUT_END: Final = 36_525


@dataclass(frozen=True, slots=True)
class WholeSteps:
    """Where an accrual begins, how far it goes each day, and how far one minor unit is."""

    begun_at: int
    day_step: int
    unit: int

    def earned(self, *, days: int) -> int:
        """Return what has been earned after so many days, in minor units."""
        return (self.begun_at + self.day_step * days) // self.unit


def whole_steps(accrual: Accrual) -> WholeSteps | None:
    """Return the accrual in whole steps, or None when they might not fit into 64 bits."""
    if accrual.per_day_numerator < 0 or accrual.carry_numerator < 0:
        return None
    common = gcd(2 * accrual.per_day_numerator, 2 * accrual.denominator)
    steps = WholeSteps(
        begun_at=(2 * accrual.carry_numerator + accrual.denominator) // common,
        day_step=2 * accrual.per_day_numerator // common,
        unit=2 * accrual.denominator // common,
    )
    return steps if _fits(steps, days=_days_at_most(accrual)) else None


def _days_at_most(accrual: Accrual) -> int:
    if accrual.ends_on is None:
        return DAYS_WITHOUT_END
    return max(0, (accrual.ends_on - accrual.started_on).days)


def _fits(steps: WholeSteps, *, days: int) -> bool:
    return max(steps.begun_at + steps.day_step * (days + 1), steps.unit) <= LARGEST
