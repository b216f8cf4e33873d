"""How often something falls due, and the planned dates that follow from it.

Owns: steps of days, weeks and months, a fixed day of the month with a shortest first period, a first date
or all dates that are given, and the end-of-month switch. Every date is counted from its anchor, never from
a date that was clipped.
Refuses to know: holidays and amounts.

| monthly from 2024-01-31 | 2024-02-29, 2024-03-31, 2024-04-30                                 |
| the 20th, from 2024-01-10, at least 15 days | 2024-02-20: the 20th of January is 10 days away |
| end of month, from 2024-02-29               | 2024-03-31, 2024-04-30                          |
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final, Self

from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal, RefusalKind

COUNT_MAX: Final = 600
# The longest plan at the longest step still ends within the calendar.
EVERY_MAX: Final = {"day": 366, "week": 52, "month": 24}
FIRST_PERIOD_DAYS_MIN: Final = 15


class FrequencyUnknown(Refusal):
    """The step is not one that dates can be planned by."""

    code = "LEDGER_FREQUENCY_UNKNOWN"
    kind = RefusalKind.INVALID


class DueDateRuleImpossible(Refusal):
    """The parts of a due-date rule contradict each other or the start date."""

    code = "LEDGER_DUE_DATE_RULE_IMPOSSIBLE"
    kind = RefusalKind.INVALID


class Unit(StrEnum):
    """What a step is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Frequency:
    """A step of so many days, weeks or months: a quarter is three months."""

    unit: Unit
    every: int

    def __post_init__(self) -> None:
        if type(self.every) is not int or not 1 <= self.every <= EVERY_MAX[self.unit]:
            raise FrequencyUnknown(
                "A step is at least one unit and not absurdly long.",
                field="every",
                maximum=EVERY_MAX[self.unit],
            )

    @classmethod
    def named(cls, name: str) -> Self:
        """Return a frequency by its name. Refuses FrequencyUnknown."""
        if name not in NAMED:
            raise FrequencyUnknown("There is no such frequency.", field="frequency", known=sorted(NAMED))
        return cls(*NAMED[name])

    def after(self, start: date, *, steps: int) -> date:
        """Return the date so many steps after a date."""
        if self.unit is Unit.MONTH:
            return months_after(start, months=self.every * steps)
        days = self.every * (7 if self.unit is Unit.WEEK else 1)
        return start + timedelta(days=days * steps)

    def year_part(self, *, year_days: int | None = None) -> Fraction:
        """Return what one whole step is worth: a month 1/12 and a week 1/52 of a year.

        With ``year_days`` a month is 30 days of such a year, a week 7 and a day 1.
        """
        days = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30}[self.unit]
        usual = {Unit.DAY: 365, Unit.WEEK: 364, Unit.MONTH: 360}[self.unit]
        return Fraction(days * self.every, year_days or usual)


NAMED: Final[dict[str, tuple[Unit, int]]] = {
    "weekly": (Unit.WEEK, 1),
    "fortnightly": (Unit.WEEK, 2),
    "monthly": (Unit.MONTH, 1),
    "quarterly": (Unit.MONTH, 3),
    "half_yearly": (Unit.MONTH, 6),
    "yearly": (Unit.MONTH, 12),
}


@dataclass(frozen=True, kw_only=True)
class DueDateRule:
    """How due dates follow from a start date. Refuses DueDateRuleImpossible."""

    frequency: Frequency
    fixed_day: int | None = None
    first_period_days_min: int = FIRST_PERIOD_DAYS_MIN
    first_due_on: date | None = None
    end_of_month: bool = False
    listed: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.fixed_day is not None and self.end_of_month:
            raise DueDateRuleImpossible(
                "A fixed day and the end of the month exclude each other.", field="fixed_day"
            )
        ruled = self.fixed_day is not None or self.first_due_on is not None or self.end_of_month
        if self.listed and ruled:
            raise DueDateRuleImpossible("Listed due dates need no rule.", field="due_dates")
        if (self.fixed_day is not None or self.end_of_month) and self.frequency.unit is not Unit.MONTH:
            raise DueDateRuleImpossible("Only steps of months have a day of the month.", field="frequency")
        if self.fixed_day is not None and not 1 <= self.fixed_day <= 31:
            raise DueDateRuleImpossible("A day of the month is 1 to 31.", field="fixed_day")

    def dates(self, *, start: date, count: int) -> tuple[date, ...]:
        """Return the planned due dates of a plan. Refuses DueDateRuleImpossible."""
        if not 1 <= count <= COUNT_MAX:
            raise DueDateRuleImpossible(
                "A plan has at least one row and not endlessly many.", field="count", maximum=COUNT_MAX
            )
        if self.listed:
            return self._as_listed(start=start, count=count)
        if self.first_due_on is not None:
            return self._from_first(self.first_due_on, start=start, count=count)
        if self.fixed_day is not None:
            return self._on_fixed_day(self.fixed_day, start=start, count=count)
        dates = tuple(self.frequency.after(start, steps=step) for step in range(1, count + 1))
        return self._at_month_ends(start, dates)

    def _from_first(self, first: date, *, start: date, count: int) -> tuple[date, ...]:
        if first <= start:
            raise DueDateRuleImpossible("The first due date lies after the start.", field="first_due_on")
        if self.fixed_day is not None:
            months = [self.frequency.every * step for step in range(1, count)]
            return first, *(_with_day(first, self.fixed_day, months=later) for later in months)
        return self._at_month_ends(
            first, tuple(self.frequency.after(first, steps=step) for step in range(count))
        )

    def _as_listed(self, *, start: date, count: int) -> tuple[date, ...]:
        """Return the first dates of the list; asking for one says whether the first period is regular."""
        if count > len(self.listed) or any(late <= early for early, late in pairwise((start, *self.listed))):
            raise DueDateRuleImpossible(
                "Listed due dates rise, lie after the start, and are as many as the rows.", field="due_dates"
            )
        return self.listed[:count]

    def _at_month_ends(self, anchor: date, dates: tuple[date, ...]) -> tuple[date, ...]:
        """From the last day of a month, move to the last days of months if the rule says so."""
        is_last_day = anchor == _last_of_month(anchor)
        return tuple(map(_last_of_month, dates)) if self.end_of_month and is_last_day else dates

    def _on_fixed_day(self, day: int, *, start: date, count: int) -> tuple[date, ...]:
        offset = 0 if _with_day(start, day) > start else 1
        offset += self.frequency.every - 1
        first = _with_day(start, day, months=offset)
        if (first - start).days < self.first_period_days_min:
            offset += 1
        return tuple(
            _with_day(start, day, months=offset + self.frequency.every * step) for step in range(count)
        )


def _with_day(start: date, day: int, *, months: int = 0) -> date:
    month = months_after(start.replace(day=1), months=months)
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _last_of_month(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])
