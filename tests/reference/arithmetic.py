"""Rounding and dates, written once more so that nothing is shared with what is being checked."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)
FEE, PENALTY, COMPOUND, INTEREST, PRINCIPAL = COMPONENTS = (
    "fee",
    "penalty",
    "compound",
    "interest",
    "principal",
)


def half_up(amount: Fraction) -> int:
    """Round an amount that is not negative to whole minor units."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def months_after(start: date, count: int) -> date:
    """Return the day count months later, at the latest the last day of its month."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def each_day(start: date, end: date) -> Iterator[date]:
    """Yield the days that bear interest: the first one counts, the last one does not."""
    for number in range((end - start).days):
        yield start + timedelta(days=number)


def nothing() -> dict[str, int]:
    """Return zero for each component."""
    return dict.fromkeys(COMPONENTS, 0)
