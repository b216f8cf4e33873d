"""How far the maturity of a loan may be moved.

Owns: the latest maturity by the loan's original term, counted in months or in days, whichever ends later.
Refuses to know: how the plan is changed.
Source: General Rules of Lending: a short loan (up to a year) not by more than its original term, a medium
one (up to five years) not by more than half of it, a long one not by more than three years; all extensions
together.

| start      | maturity   | latest maturity |
| ---------- | ---------- | --------------- |
| 2024-01-31 | 2024-07-31 | 2025-01-31      |
| 2024-01-15 | 2027-01-15 | 2028-07-15      |
| 2020-01-15 | 2030-01-15 | 2033-01-15      |
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal, RefusalKind

SHORT_MONTHS_MAX: Final = 12
MEDIUM_MONTHS_MAX: Final = 60
LONG_EXTENSION_MONTHS: Final = 36


class ExtensionTooLong(Refusal):
    """The maturity would lie later than the original term allows."""

    code = "LEDGER_EXTENSION_TOO_LONG"
    kind = RefusalKind.INVALID


def latest_maturity(*, start: date, maturity: date) -> date:
    """Return the last day to which a loan may be extended."""
    months = whole_months(start, maturity)
    if maturity <= months_after(start, months=SHORT_MONTHS_MAX):
        rest = (maturity - months_after(start, months=months)).days
        by_months = months_after(maturity, months=months) + timedelta(days=rest)
        return max(by_months, maturity + (maturity - start))
    if maturity <= months_after(start, months=MEDIUM_MONTHS_MAX):
        return months_after(maturity, months=months // 2)
    return months_after(maturity, months=LONG_EXTENSION_MONTHS)


def require_short_enough(*, start: date, original_maturity: date, new_maturity: date) -> None:
    """Refuse ExtensionTooLong; a maturity that does not move later is never too late."""
    latest = latest_maturity(start=start, maturity=original_maturity)
    if new_maturity > latest:
        raise ExtensionTooLong(
            "The extension is longer than the original term allows.",
            field="changes",
            latest_maturity=latest.isoformat(),
            maturity=new_maturity.isoformat(),
        )


def whole_months(start: date, end: date) -> int:
    """Return the full months between two days, by the day of the first."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_after(start, months=months) <= end else months - 1
