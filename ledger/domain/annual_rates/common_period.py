"""Which unit-period a transaction has by the dates of its advances and payments.

Owns: the standard interval between two dates, the one that occurs most often, and the term of a single
advance that is repaid once.
Refuses to know: amounts and rates. Where no interval occurs twice nothing is guessed.
Source: 12 CFR part 1026, Appendix J (b)(4): the common period that occurs most often, the smaller of two
that occur equally often, and never more than a year.

| every second Friday                  | 2 weeks    |
| the 1st and the 16th                 | half month |
| one payment, 255 days later          | 255 days   |
| one payment, a year and a half later | 12 months  |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from ledger.domain.annual_rates.unit_periods import Interval, UnitPeriod, UnitPeriodInvalid
from ledger.kernel.periods import months_after

_YEAR: Final = UnitPeriod(Interval.MONTH, 12)
_HALVES: Final = {(1, 16), (16, 1), (15, 0), (0, 15)}


def common_period(dates: Iterable[date]) -> UnitPeriod:
    """Return the unit-period of a transaction. Refuses UnitPeriodInvalid."""
    in_time = sorted(set(dates))
    found = Counter(_interval(start, end) for start, end in pairwise(in_time))
    if len(in_time) == 2:
        return next(iter(found))
    most = max(found.values(), default=0)
    if most < 2:
        raise UnitPeriodInvalid("No interval between these dates occurs twice: state it.", field="unit")
    return min((period for period, times in found.items() if times == most), key=_length)


def _interval(start: date, end: date) -> UnitPeriod:
    days = (end - start).days
    months = (end.year - start.year) * 12 + end.month - start.month
    are_last = _is_last_of_month(start) and _is_last_of_month(end)
    if months and (are_last or months_after(start, months=months) == end):
        return UnitPeriod(Interval.MONTH, months) if months <= 12 else _YEAR
    if days <= 16 and (_day(start), _day(end)) in _HALVES:
        return UnitPeriod(Interval.HALF_MONTH)
    if days > 365:
        return _YEAR
    return UnitPeriod(Interval.DAY, days) if days % 7 else UnitPeriod(Interval.WEEK, days // 7)


def _length(period: UnitPeriod) -> Fraction:
    return -period.in_year


def _day(on: date) -> int:
    return 0 if _is_last_of_month(on) else on.day


def _is_last_of_month(on: date) -> bool:
    return (on + timedelta(days=1)).day == 1
