"""Rules of admission that look at one fact each: person, credit record, industry (D-101, D-102, D-120 ..).

Owns: the arithmetic of ages, of months overdue and of waiting after a settlement. Refuses to know: which
rules a policy switches on, and its thresholds (``veto``). A fact that is missing says nothing.
Conventions: an age is in completed years; a person born on 29 February completes one on 28 February of a
year without that day, or on 1 March if the policy says so. Of the months overdue those count that lie at
most 24 months before the month of the application, which counts itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from ledger.kernel.periods import months_after
from lending.policies.rejection import Category, Reason, Waiting

FEBRUARY_28, MARCH_1 = "february_28", "march_1"
LEAP_BIRTHDAYS: Final = (FEBRUARY_28, MARCH_1)


def age_on(on: date, *, born_on: date, leap_birthday: str = FEBRUARY_28) -> int:
    """Return completed years; negative before the birth."""
    years = on.year - born_on.year
    birthday = months_after(born_on, months=12 * years)
    if leap_birthday == MARCH_1 and birthday.day != born_on.day:
        birthday += timedelta(days=1)
    return years - 1 if on < birthday else years


def age_reason(on: date, *, born_on: date | None, least: int, most: int, leap_birthday: str) -> Reason | None:
    """Reject who is too young, for now, and who is too old, for good; both bounds are allowed ages."""
    if born_on is None:
        return None
    age = age_on(on, born_on=born_on, leap_birthday=leap_birthday)
    if age > most:
        return Reason("age", Category.DATA, Waiting.NEVER)
    return Reason("age", Category.DATA, Waiting.DATA) if age < least else None


def overdue_months_reason(
    months: Iterable[str], *, on: date, consecutive: int, total: int, window: int
) -> Reason | None:
    """Reject so many months overdue in a row, or so many altogether, within the window."""
    this_month = _index(f"{on:%Y-%m}")
    counted = {_index(month) for month in months if 0 <= this_month - _index(month) <= window}
    in_a_row = any(all(first + step in counted for step in range(consecutive)) for first in counted)
    if in_a_row or len(counted) >= total:
        code = "consecutive_overdue" if in_a_row else "total_overdue"
        return Reason(code, Category.CREDIT, Waiting.CREDIT_SERIOUS)
    return None


def settled_overdue_reason(on: date, *, settled_on: date | None, months: int) -> Reason | None:
    """Reject until so many months after an old overdue was settled: settled 2024-01-31, good on 07-31."""
    too_fresh = settled_on is not None and on < months_after(settled_on, months=months)
    return Reason("old_overdue", Category.CREDIT, Waiting.CREDIT_MINOR) if too_fresh else None


def overdue_now_reason(overdue_minor: int | None) -> Reason | None:
    """Reject whoever owes anything that is overdue, however little."""
    return Reason("currently_overdue", Category.CREDIT, Waiting.CREDIT_SERIOUS) if overdue_minor else None


def inquiries_reason(inquiries: int | None, *, most: int) -> Reason | None:
    """Reject many credit inquiries in three months: 6 pass, 7 do not."""
    too_many = inquiries is not None and inquiries > most
    return Reason("inquiries", Category.CREDIT, Waiting.CREDIT_MINOR) if too_many else None


def identity_reason(matches: bool | None) -> Reason | None:  # noqa: FBT001 - a fact, not a switch
    """Reject when identity card, telephone and bank card are not one person's."""
    return Reason("identity_failed", Category.DATA, Waiting.DATA) if matches is False else None


def _index(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)
