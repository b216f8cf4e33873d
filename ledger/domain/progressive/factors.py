"""The interest on one unit for some days of a row.

Owns: days in the year and in the month, leap years, the turn of the year, and rows charged as whole
steps. Refuses to know: balances.

A factor serves two ends. The level of a schedule counts a row by its planned step; interest counts it by
its real length, so that a row from 1 Jan to 18 Feb is one month and 17 of 29 days.

| 9.4822%, 1 Jan to 1 Feb 2024 | 30/360 0.0079018333 | actual/365 0.0080533753 | actual/actual 0.0080313716 |
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from ledger.domain.progressive.conventions import (
    Conventions,
    DaysInMonth,
    DaysInYear,
    InterestPeriod,
    LeapRule,
    YearSplit,
)
from ledger.domain.progressive.digits import DIGITS, NOTHING, ONE, rounded_factor
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.frequencies import Frequency, Unit
from ledger.kernel.rates import RATE_UNIT

_DAYS_OF_UNIT: Final = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30}
_STEPS_A_YEAR: Final = {Unit.WEEK: Decimal(52), Unit.MONTH: Decimal(12)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from ``start`` on inside a row."""

    terms: ProgressiveTerms
    row_index: int
    row_start: date
    row_due_on: date
    start: date


def factor_of_level(stretch: Stretch, *, end: date, rate_e8: int) -> Decimal:
    """Return the factor up to a day by the planned step, as the level is worked out from."""
    steps = Decimal(stretch.terms.frequency.every)
    return _factor(stretch, end, rate_e8, steps=steps)


def factor_to_row_end(stretch: Stretch, *, rate_e8: int) -> Decimal:
    """Return the factor up to the row's end by its real length, as interest is worked out from."""
    steps = _real_steps(stretch) if _counts_months_of_30(stretch) else ONE
    return _factor(stretch, stretch.row_due_on, rate_e8, steps=steps)


def _factor(stretch: Stretch, end: date, rate_e8: int, *, steps: Decimal) -> Decimal:
    row_days = (stretch.row_due_on - stretch.row_start).days
    conventions, frequency = stretch.terms.conventions, stretch.terms.frequency
    rate = DIGITS.divide(Decimal(rate_e8), Decimal(RATE_UNIT))
    days = Decimal((end - stretch.start).days)
    if _by_whole_steps(conventions, frequency):
        part = DIGITS.divide(Decimal(frequency.every), _STEPS_A_YEAR[frequency.unit])
        return _pro_rata(DIGITS.multiply(rate, part), days, row_days)
    if _crosses_years(stretch, end):
        parts = _year_parts(stretch.start, end, conventions.year_split)
        return rounded_factor(DIGITS.multiply(rate, parts))
    year = Decimal(_days_in_year(stretch))
    if conventions.days_in_month is DaysInMonth.ACTUAL:
        return rounded_factor(DIGITS.multiply(rate, DIGITS.divide(days, year)))
    step = DIGITS.multiply(Decimal(_DAYS_OF_UNIT[frequency.unit]), steps)
    return _pro_rata(DIGITS.multiply(rate, DIGITS.divide(step, year)), days, row_days)


def _pro_rata(row_factor: Decimal, days: Decimal, row_days: int) -> Decimal:
    return rounded_factor(DIGITS.divide(DIGITS.multiply(row_factor, days), Decimal(row_days)))


def _by_whole_steps(conventions: Conventions, frequency: Frequency) -> bool:
    return conventions.interest_period is InterestPeriod.SAME_AS_REPAYMENT and frequency.unit in _STEPS_A_YEAR


def _counts_months_of_30(stretch: Stretch) -> bool:
    return stretch.terms.conventions.days_in_month is DaysInMonth.D30


def _crosses_years(stretch: Stretch, end: date) -> bool:
    conventions = stretch.terms.conventions
    if conventions.days_in_year is not DaysInYear.ACTUAL or end.year == stretch.start.year:
        return False
    return conventions.leap_rule is LeapRule.FULL_LEAP_YEAR or _has_leap_day(stretch)


def _days_in_year(stretch: Stretch) -> int:
    conventions = stretch.terms.conventions
    if conventions.days_in_year is not DaysInYear.ACTUAL:
        return int(conventions.days_in_year)
    if not isleap(stretch.start.year):
        return 365
    whole_year = conventions.leap_rule is LeapRule.FULL_LEAP_YEAR
    return 366 if whole_year or _has_leap_day(stretch) else 365


def _has_leap_day(stretch: Stretch) -> bool:
    years = range(stretch.row_start.year, stretch.row_due_on.year + 1)
    leap_days = (date(year, 2, 29) for year in years if isleap(year))
    return any(stretch.row_start < day <= stretch.row_due_on for day in leap_days)


@lru_cache(maxsize=4096)
def _year_parts(start: date, end: date, split: YearSplit) -> Decimal:
    total, opens = NOTHING, start
    for year in range(start.year, end.year + 1):
        last = date(year, 12, 31)
        closes = last if split is YearSplit.DEC_31 else last + timedelta(days=1)
        closes = min(end, closes)
        length = Decimal(366 if isleap(year) else 365)
        total = DIGITS.add(total, DIGITS.divide(Decimal((closes - opens).days), length))
        opens = closes
    return total


def _real_steps(stretch: Stretch) -> Decimal:
    """Return how many units long a row is: the planned step, or units counted from the row's start."""
    terms = stretch.terms
    planned_start = terms.frequency.after(terms.start, steps=stretch.row_index)
    planned_due = terms.frequency.after(terms.start, steps=stretch.row_index + 1)
    if (planned_start, planned_due) == (stretch.row_start, stretch.row_due_on):
        return Decimal(terms.frequency.every)
    return _units_between(Frequency(terms.frequency.unit, 1), stretch.row_start, stretch.row_due_on)


def _units_between(unit: Frequency, start: date, end: date) -> Decimal:
    whole = 0
    while unit.after(start, steps=whole + 1) <= end:
        whole += 1
    begins, ends = unit.after(start, steps=whole), unit.after(start, steps=whole + 1)
    rest = DIGITS.divide(Decimal((end - begins).days), Decimal((ends - begins).days))
    return DIGITS.add(Decimal(whole), rest)
