"""How a loan stood at the end of a month, and the string of 24 months that a credit bureau keeps.

Owns: what counts as overdue for a report, how many periods it has lasted, and the mark of a month.
Refuses to know: tables, files, and what was reported before.
Only what is overdue beyond the days of grace is reported. A period begins on the oldest unpaid due date and on
the same day of every month after it, so a plan of months counts its unpaid rows, and one that is due at once
counts months. An instalment that was clipped to the end of a short month counts from the day it was clipped
from, which the other instalments of its plan show; anything else counts from its own day.

| mark   | the month                                      |
| ------ | ---------------------------------------------- |
| N      | nothing overdue at its end                     |
| 1 .. 7 | so many periods overdue at its end, 7 or more  |
| C      | paid in full in this month                     |
| G      | ended otherwise in this month                  |
| *      | before the loan began, or after it ended       |
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Final

from ledger.kernel.periods import months_after

MONTHS: Final = 24
PERIODS_MAX: Final = 7
NORMAL, SETTLED, ENDED, NO_RECORD = "N", "C", "G", "*"


@dataclass(frozen=True)
class DueRow:
    """A row with something to pay, and the day on which it was paid in full.

    ``plan`` is the version of the plan whose instalment it is; charges, prepayments and whatever else falls due
    on a day of its own have none.
    """

    due_on: date
    paid_on: date | None
    plan: int | None


@dataclass(frozen=True)
class LoanHistory:
    """What a report needs to know of a loan. ``ended_on`` is the day of the last payment, of a write-off or a sale."""

    opened_on: date
    ended_on: date | None
    ended_abnormally: bool
    grace_days: int
    rows: Sequence[DueRow]


@dataclass(frozen=True)
class Standing:
    """How a loan stood at the end of a day."""

    overdue_since: date | None
    days_past_due: int
    periods: int


def standing(history: LoanHistory, *, on: date) -> Standing:
    """Return what was overdue beyond grace at the end of a day, by what had been paid by then."""
    grace = timedelta(days=history.grace_days)
    unpaid = [
        row for row in history.rows if row.due_on + grace < on and (row.paid_on is None or row.paid_on > on)
    ]
    if not unpaid:
        return Standing(None, 0, 0)
    since = min(row.due_on for row in unpaid)
    anchor = _anchor_day(since, {row.plan for row in unpaid if row.due_on == since}, history.rows)
    begun = next(months for months in count(1) if _same_day(since, months, anchor) + grace >= on)
    return Standing(since, (on - since).days, min(begun, PERIODS_MAX))


def _anchor_day(since: date, plans: Set[int | None], rows: Sequence[DueRow]) -> int:
    """Return the day of the month on which periods begin: of 29 February and 31 March, the 31st.

    Only instalments of the plans that were due then say so: another plan had other days, and a charge on the
    31st makes no instalment of the 30th a clipped one.
    """
    is_last = (since + timedelta(days=1)).day == 1
    same = [row.due_on.day for row in rows if row.plan is not None and row.plan in plans]
    return max(same, default=since.day) if is_last else since.day


def _same_day(since: date, months: int, anchor: int) -> date:
    first = months_after(since.replace(day=1), months=months)
    return min(first + timedelta(days=anchor - 1), months_after(first, months=1) - timedelta(days=1))


def mark_of(history: LoanHistory, *, month: date) -> str:
    """Return the mark of the month that begins on a day."""
    following = months_after(month, months=1)
    if history.opened_on >= following or (history.ended_on is not None and history.ended_on < month):
        return NO_RECORD
    if history.ended_on is not None and history.ended_on < following:
        return ENDED if history.ended_abnormally else SETTLED
    periods = standing(history, on=following - timedelta(days=1)).periods
    return str(periods) if periods else NORMAL


def repayment_string(history: LoanHistory, *, month: date) -> str:
    """Return the marks of 24 months, the oldest first, the month itself last."""
    return "".join(mark_of(history, month=months_after(month, months=back)) for back in range(1 - MONTHS, 1))
