"""Dates at regular steps from one anchor.

Owns: the month-end rule (each date is counted from the original day, clipped to the month's last
day, never chained from a clipped date) and plain steps of days or weeks.
Refuses to know: holidays, amounts, and what is due on a date.

| start       | months 1, 2, 3                        |
| ----------- | ------------------------------------- |
| 2024-01-31  | 2024-02-29, 2024-03-31, 2024-04-30    |
| 2024-02-29  | 2024-03-29, 2024-04-29, 2024-05-29    |
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from ledger.kernel.refusals import Refusal, RefusalKind


class PeriodCountInvalid(Refusal):
    """A plan needs at least one period, and a step of at least one day."""

    code = "LEDGER_PERIOD_COUNT_INVALID"
    kind = RefusalKind.INVALID


def months_after(start: date, *, months: int) -> date:
    """Return the date so many months after the original day, clipped to the month's last day."""
    years, month_index = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month_index + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def monthly_due_dates(*, start: date, count: int) -> tuple[date, ...]:
    """Return the due dates of months 1 to ``count``. Refuse a count below one."""
    _require_positive(count, field="count")
    return tuple(months_after(start, months=month) for month in range(1, count + 1))


def regular_due_dates(*, start: date, count: int, step_days: int) -> tuple[date, ...]:
    """Return ``count`` dates every ``step_days`` days (a week is 7). Refuse a count or step below one."""
    _require_positive(count, field="count")
    _require_positive(step_days, field="step_days")
    return tuple(start + timedelta(days=step_days * step) for step in range(1, count + 1))


def _require_positive(number: int, *, field: str) -> None:
    if number < 1:
        raise PeriodCountInvalid("A plan has at least one period of at least one day.", field=field)
