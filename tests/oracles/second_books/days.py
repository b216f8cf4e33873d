"""Rounding, money as text, day counts, holidays and due dates, once more."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

DECIMALS = {"CNY": 2, "JPY": 0, "KWD": 3}
BASES = {"ACT/360": 360, "ACT/364": 364, "ACT/365F": 365}
CONVENTIONS = (*BASES, "ACT/ACT ISDA", "30/360", "30E/360")


def rounded(amount, mode):
    """Round a positive or negative fraction to a whole number."""
    floor = abs(amount).numerator // abs(amount).denominator
    rest = abs(amount) - floor
    ties_up = mode == "half_up" or floor % 2 == 1
    up = mode != "down" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and ties_up))
    whole = floor + (1 if up else 0)
    return -whole if amount < 0 else whole


def text(minor, currency):
    """Write minor units with the decimals of the currency."""
    decimals = DECIMALS[currency]
    if decimals == 0:
        return str(minor)
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def rate_text(share):
    """Write a share that has at most eight decimals."""
    whole, part = divmod(share * 10**8, 10**8)
    assert part.denominator == 1
    return f"{whole}.{str(part.numerator).zfill(8)}"


def part_of_year(start, end, convention):
    """Return what the days from start to end are worth, the first counted and the last not."""
    if convention in BASES:
        return Fraction((end - start).days, BASES[convention])
    if convention == "ACT/ACT ISDA":
        days = [start + timedelta(days=passed) for passed in range((end - start).days)]
        in_leap_years = sum(monthrange(day.year, 2)[1] == 29 for day in days)
        return Fraction(in_leap_years, 366) + Fraction(len(days) - in_leap_years, 365)
    first, last = min(start.day, 30), end.day
    if convention == "30E/360" or first == 30:
        last = min(last, 30)
    months = 12 * (end.year - start.year) + end.month - start.month
    return Fraction(30 * months + last - first, 360)


def month_later(start, months, *, day=None):
    """Return the same day so many months later, or a given day, clipped to the month."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    longest = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day or start.day, longest))


def is_last_of_month(on):
    """Say whether a month ends with the day."""
    return (on + timedelta(days=1)).day == 1


@dataclass(frozen=True)
class Banks:
    """The days on which banks are closed besides weekends, and where a due date moves."""

    closed: frozenset = field(default_factory=frozenset)
    weekends: bool = True
    rule: str = "unadjusted"

    def is_open(self, on):
        """Say whether banks work."""
        return on not in self.closed and not (self.weekends and on.weekday() >= 5)

    def moved(self, on):
        """Return the due date after holidays."""
        if self.rule == "unadjusted":
            return on
        forward = self._nearest(on, 1)
        if self.rule == "preceding" or (self.rule == "modified_following" and forward.month != on.month):
            return self._nearest(on, -1)
        return forward

    def _nearest(self, on, step):
        while not self.is_open(on):
            on += timedelta(days=step)
        return on


@dataclass(frozen=True)
class Rhythm:
    """When rows fall due."""

    unit: str = "month"
    every: int = 1
    fixed_day: int | None = None
    shortest: int = 15
    first: date | None = None
    end_of_month: bool = False
    banks: Banks = field(default_factory=lambda: Banks(weekends=False))

    def planned(self, start, count):
        """Return the due dates before holidays."""
        if self.unit != "month":
            step = timedelta(days=self.every * {"day": 1, "week": 7}[self.unit])
            anchor = self.first - step if self.first else start
            return [anchor + step * number for number in range(1, count + 1)]
        if self.fixed_day:
            opens = self._first_month(start)
            return [
                month_later(start.replace(day=1), opens + self.every * row, day=self.fixed_day)
                for row in range(count)
            ]
        anchor, skipped = (self.first, 0) if self.first else (start, 1)
        day = 31 if self.end_of_month and is_last_of_month(anchor) else None
        return [month_later(anchor, self.every * (row + skipped), day=day) for row in range(count)]

    def due(self, start, count):
        """Return the due dates after holidays."""
        return [self.banks.moved(on) for on in self.planned(start, count)]

    def is_regular(self, start):
        """Say whether the first period is one whole step."""
        plain = Rhythm(self.unit, self.every, end_of_month=self.end_of_month)
        return self.planned(start, 1) == plain.planned(start, 1)

    def step(self):
        """Return what a whole step is worth of a year."""
        return Fraction(self.every, {"day": 365, "week": 52, "month": 12}[self.unit])

    def _first_month(self, start):
        def on_the_day(months):
            return month_later(start.replace(day=1), months, day=self.fixed_day)

        months = self.every - 1 + (0 if on_the_day(0) > start else 1)
        return months if (on_the_day(months) - start).days >= self.shortest else months + 1
