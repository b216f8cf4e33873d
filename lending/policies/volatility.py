"""How much a seller's turnover jumps: three formulas, and a comparison by season (Q-06, D-124, D-138).

Owns: the formulas, exact where they are rational, and the test against a threshold, which is always exact.
Refuses to know: which formula a product uses. The months come as a window that is already chosen.

| formula       | six months                              | 50,000 / 4 x 100,000 / 150,000 |
| ------------- | --------------------------------------- | ------------------------------ |
| max_deviation | largest distance from the mean / mean   | 0.5                            |
| range         | (highest - lowest) / mean               | 1                              |
| variation     | standard deviation of all six / mean    | 0.288675...                    |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import isqrt
from typing import Final

from lending.policies.limit_policy import BPS

_DECIMALS: Final = 10


class VolatilityFormula(StrEnum):
    """What is compared with the threshold."""

    MAX_DEVIATION = "max_deviation"
    RANGE = "range"
    VARIATION = "variation"


def squared(amounts: Sequence[Fraction], *, formula: VolatilityFormula) -> Fraction | None:
    """Return the square of the volatility, which is exact for every formula; without sales there is none."""
    mean = sum(amounts, Fraction(0)) / len(amounts)
    if mean == 0:
        return None
    if formula is VolatilityFormula.MAX_DEVIATION:
        return (max(abs(amount - mean) for amount in amounts) / mean) ** 2
    if formula is VolatilityFormula.RANGE:
        return ((max(amounts) - min(amounts)) / mean) ** 2
    variance = sum(((amount - mean) ** 2 for amount in amounts), Fraction(0)) / len(amounts)
    return variance / mean**2


def exceeds(amounts: Sequence[Fraction], *, formula: VolatilityFormula, max_bps: int) -> bool:
    """Say whether the volatility is above a threshold; the threshold itself is allowed."""
    found = squared(amounts, formula=formula)
    return found is not None and found > Fraction(max_bps, BPS) ** 2


def shown(amounts: Sequence[Fraction], *, formula: VolatilityFormula) -> Decimal | None:
    """Return the volatility with ten decimals, cut off; for people, not for the comparison."""
    found = squared(amounts, formula=formula)
    if found is None:
        return None
    steps = isqrt(found.numerator * 10 ** (2 * _DECIMALS) // found.denominator)
    return Decimal(steps).scaleb(-_DECIMALS)


def by_season(
    months: Sequence[tuple[str, int]], *, turnover_minor: Mapping[str, int]
) -> tuple[Fraction, ...]:
    """Return each month over last year's index of the same month, so that a yearly peak is no jump.

    The index is the month's part of the mean of the same months a year before. Without sales in one of
    those months there is no index, and the months are returned as they are.
    """
    last_year = [turnover_minor.get(f"{int(month[:4]) - 1}{month[4:]}", 0) for month, _ in months]
    if not all(last_year):
        return tuple(Fraction(amount) for _, amount in months)
    mean = Fraction(sum(last_year), len(last_year))
    return tuple(Fraction(amount) * mean / last for (_, amount), last in zip(months, last_year, strict=True))
