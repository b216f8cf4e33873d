"""Dates so many months from one anchor.

Owns: the month-end rule: each date is counted from the original day, clipped to the month's last day, never
chained from a clipped date. Refuses to know: holidays, amounts, and what is due on a date.

| start       | months 1, 2, 3                        |
| ----------- | ------------------------------------- |
| 2024-01-31  | 2024-02-29, 2024-03-31, 2024-04-30    |
| 2024-02-29  | 2024-03-29, 2024-04-29, 2024-05-29    |
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(start: date, *, months: int) -> date:
    """Return the date so many months after the original day, clipped to the month's last day."""
    years, month_index = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month_index + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
