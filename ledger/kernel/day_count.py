"""Counting days and year fractions: the start day counts, the end day does not.

Owns: the conventions a contract may name, each as an exact fraction of a year.
Refuses to know: rates, amounts and business-day calendars.
Sources: ISDA 2006 definitions 4.16 (ACT/ACT, ACT/365F, ACT/360, 30/360, 30E/360).
No convention here has an end-of-February rule: 29 Feb to 31 Mar is 32 days in 30/360, 31 in 30E/360.

| 2023-12-15 to 2024-03-15 | fraction of a year                            |
| ------------------------ | --------------------------------------------- |
| ACT/ACT ISDA             | 17/365 + 74/366, the year ends with 31 Dec    |
| ACT/ACT 31DEC            | 16/365 + 75/366, 31 Dec opens the new year    |
| ACT/ACT FEB29            | 91/366, because 29 Feb lies in the period     |
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ledger.kernel.refusals import Refusal, RefusalKind


class DayCount(StrEnum):
    """The name a contract gives to its way of counting."""

    ACT_360 = "ACT/360"
    ACT_364 = "ACT/364"
    ACT_365F = "ACT/365F"
    ACT_ACT_ISDA = "ACT/ACT ISDA"
    ACT_ACT_31DEC = "ACT/ACT 31DEC"
    ACT_ACT_FEB29 = "ACT/ACT FEB29"
    THIRTY_360 = "30/360"
    THIRTY_E_360 = "30E/360"


class PeriodReversed(Refusal):
    """A period ends before it starts."""

    code = "LEDGER_PERIOD_REVERSED"
    kind = RefusalKind.INVALID


def days_between(*, start: date, end: date) -> int:
    """Return the actual days of a period; 1 March to 11 March is 10. Refuse a reversed period."""
    if end < start:
        raise PeriodReversed("A period cannot end before it starts.", field="end")
    return (end - start).days


def year_fraction(*, convention: DayCount, start: date, end: date) -> Fraction:
    """Return the exact part of a year a period is worth. Refuse a reversed period."""
    days = days_between(start=start, end=end)
    match convention:
        case DayCount.ACT_360:
            return Fraction(days, 360)
        case DayCount.ACT_364:
            return Fraction(days, 364)
        case DayCount.ACT_365F:
            return Fraction(days, 365)
        case DayCount.ACT_ACT_ISDA:
            return _by_calendar_year(start, end)
        case DayCount.ACT_ACT_31DEC:
            return _cut_at_the_last_of_december(start, end)
        case DayCount.ACT_ACT_FEB29:
            return Fraction(days, 366 if _has_leap_day(start, end) else 365)
        case DayCount.THIRTY_360:
            return Fraction(_thirty_day_months(start, end, end_day=_bond_end_day(start, end)), 360)
        case _:  # DayCount.THIRTY_E_360
            return Fraction(_thirty_day_months(start, end, end_day=min(end.day, 30)), 360)


def _by_calendar_year(start: date, end: date) -> Fraction:
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        opens, closes = date(year, 1, 1), date(year, 12, 31)
        # The year's last day is counted by adding one, so that no date beyond year 9999 is needed.
        first = max(start, opens)
        days = (min(end, closes) - first).days + (1 if end > closes else 0)
        total += Fraction(days, (closes - opens).days + 1)
    return total


def _cut_at_the_last_of_december(start: date, end: date) -> Fraction:
    total, opens = Fraction(0), start
    for year in range(start.year, end.year + 1):
        closes = min(end, date(year, 12, 31))
        total += Fraction((closes - opens).days, 366 if isleap(year) else 365)
        opens = closes
    return total


def _has_leap_day(start: date, end: date) -> bool:
    # The first day is left out and the last one counts: a period that opens on 29 Feb has it behind it.
    leap_days = (date(year, 2, 29) for year in range(start.year, end.year + 1) if isleap(year))
    return any(start < leap_day <= end for leap_day in leap_days)


def _bond_end_day(start: date, end: date) -> int:
    return 30 if end.day == 31 and start.day >= 30 else end.day


def _thirty_day_months(start: date, end: date, *, end_day: int) -> int:
    start_day = min(start.day, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + end_day - start_day
