"""Days on which banks work, and where a date moves that is not one of them.

Owns: a calendar as data (weekend, holidays, working days that replace them, the days between which it is
known) and the four ways to adjust a date.
Refuses to know: which country the calendar is of, and what falls due.
A holiday that is listed beats the weekend, a listed working day beats both: make-up Saturdays are worked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

# Far beyond any run of holidays; a calendar without working days must end, not search for ever.
SEARCH_DAYS_MAX: Final = 60
SATURDAY, SUNDAY = 5, 6


class CalendarContradictory(Refusal):
    """A day is both a holiday and a working day, or there is no working day to move to."""

    code = "LEDGER_CALENDAR_CONTRADICTORY"
    kind = RefusalKind.INVALID


class Adjustment(StrEnum):
    """Where a date moves that is not a business day."""

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"  # back instead of into the next month
    PRECEDING = "preceding"


@dataclass(frozen=True)
class BusinessCalendar:
    """Which days are business days.

    ``known_from`` is where the published lists begin, ``provisional_from`` where they end.
    """

    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    provisional_from: date | None = None
    known_from: date | None = None

    def __post_init__(self) -> None:
        both = sorted(self.holidays & self.working_days)
        if both:
            raise CalendarContradictory(
                "A day is either a holiday or a working day.", field="working_days", day=both[0].isoformat()
            )

    def is_business_day(self, on: date) -> bool:
        """Say whether banks work on a day."""
        if on in self.working_days:
            return True
        return on not in self.holidays and on.weekday() not in self.weekend

    def is_provisional(self, on: date) -> bool:
        """Say whether the day lies where the calendar is a guess."""
        too_early = self.known_from is not None and on < self.known_from
        return too_early or (self.provisional_from is not None and on >= self.provisional_from)

    def next_business_day(self, on: date, *, step: int = 1) -> date:
        """Return the day itself or the nearest business day after it (before it with step -1).

        Refuses CalendarContradictory.
        """
        for days in range(SEARCH_DAYS_MAX):
            day = on + timedelta(days=step * days)
            if self.is_business_day(day):
                return day
        raise CalendarContradictory("There is no working day near a due date.", field="holidays")

    def adjusted(self, on: date, *, rule: Adjustment) -> date:
        """Return where a date moves. Refuses CalendarContradictory."""
        if rule is Adjustment.UNADJUSTED:
            return on
        if rule is Adjustment.PRECEDING:
            return self.next_business_day(on, step=-1)
        moved = self.next_business_day(on)
        leaves_month = (moved.year, moved.month) != (on.year, on.month)
        if rule is Adjustment.MODIFIED_FOLLOWING and leaves_month:
            return self.next_business_day(on, step=-1)
        return moved


EVERY_DAY: Final = BusinessCalendar(weekend=frozenset())
