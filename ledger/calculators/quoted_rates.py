"""Rates as the market quotes them: a year, a month or a day.

Owns: the fields of a quotation and the annual rate that it stands for: 1% a month is 12% a year, 0.05% a day
is 18% over 360 days and 18.25% over 365.
Refuses to know: dated rates, promotions, and what the rate is charged on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.fields import Rate
from ledger.calculators.refusals import InputContradictory, InputFieldMissing, InputOutOfBounds
from ledger.calculators.shapes import Field
from ledger.kernel.day_count import DayCount
from ledger.kernel.rates import RATE_E8_MAX, RATE_UNIT, format_rate

DAYS_OF_YEAR: Final = {
    DayCount.ACT_360: 360,
    DayCount.ACT_364: 364,
    DayCount.ACT_365F: 365,
    DayCount.THIRTY_360: 360,
    DayCount.THIRTY_E_360: 360,
}
MONTHS_OF_YEAR: Final = 12

QUOTED_FIELDS: Final = {
    "monthly_rate": Field(
        Rate(RATE_UNIT // 2), "A rate a month instead of an annual one: x 12.", default=None, convention=True
    ),
    "daily_rate": Field(
        Rate(RATE_UNIT // 100),
        "A rate a day instead of an annual one: x the days of a year in the day count, 360 or 365.",
        default=None,
        convention=True,
    ),
}


def require_one_of(values: Mapping[str, Any], *names: str, within: str = "") -> None:
    """Refuse an input that gives none of several fields, or more than one; ``within`` is the way to them."""
    given = [name for name in names if values[name] is not None]
    if not given:
        raise InputFieldMissing(f"One of these is needed: {', '.join(names)}.", field=within + names[0])
    if len(given) > 1:
        raise InputContradictory(f"Only one of these is given: {', '.join(names)}.", field=within + given[1])


def annual_rate_e8(values: Mapping[str, Any], *, day_count: DayCount) -> int:
    """Return the annual rate that is given or quoted. Refuses InputContradictory, InputOutOfBounds."""
    if values["annual_rate"] is not None:
        given: int = values["annual_rate"]
        return given
    if values["monthly_rate"] is not None:
        return _within_bounds("monthly_rate", values["monthly_rate"] * MONTHS_OF_YEAR)
    return of_days(values["daily_rate"], day_count, field="daily_rate")


def of_days(daily_e8: int, day_count: DayCount, *, field: str) -> int:
    """Return the annual rate of a daily one. Refuses InputContradictory, InputOutOfBounds."""
    if day_count not in DAYS_OF_YEAR:
        raise InputContradictory("A daily rate needs a year of a fixed number of days.", field=field)
    return _within_bounds(field, daily_e8 * DAYS_OF_YEAR[day_count])


def _within_bounds(field: str, rate_e8: int) -> int:
    if rate_e8 > RATE_E8_MAX:
        raise InputOutOfBounds(
            f"A year of this is at most {format_rate(RATE_E8_MAX)}.",
            field=field,
            maximum=format_rate(RATE_E8_MAX),
        )
    return rate_e8
