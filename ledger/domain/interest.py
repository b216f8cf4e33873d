"""Simple interest: principal x annual rate x part of a year, rounded once.

Owns: the two forms of that product, for an exact year fraction and for actual days over a day base.
Refuses to know: which convention a contract chose, schedules, and accounts.

| principal | rate  | part of a year | interest |
| --------- | ----- | -------------- | -------- |
| 30,000.00 | 0.15  | 91/360         | 1,137.50 |
| 33,631.09 | 0.108 | 11/360         |   110.98 |
"""

from __future__ import annotations

from fractions import Fraction

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding, divide_rounded


def simple_interest(
    *,
    principal_minor: int,
    annual_rate_e8: int,
    year_part: Fraction,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Return the interest in minor units for an exact part of a year."""
    return divide_rounded(
        numerator=principal_minor * annual_rate_e8 * year_part.numerator,
        denominator=RATE_UNIT * year_part.denominator,
        mode=rounding,
    )


def interest_for_days(*, principal_minor: int, annual_rate_e8: int, days: int, day_base: int) -> int:
    """Return the interest in minor units for actual days over a base of 360 or 365."""
    return simple_interest(
        principal_minor=principal_minor,
        annual_rate_e8=annual_rate_e8,
        year_part=Fraction(days, day_base),
    )
