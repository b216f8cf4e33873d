"""Why an application is rejected, what the applicant is told, and when another try makes sense.

Owns: the classes of reasons (D-150), their waiting periods (D-151) and the refusal of an early try.
Refuses to know: the rules that give the reasons. The lower bound of a period is enforced, the upper one
is advice (Q-12). A period starts on the day of the decision and ends by the month-end rule:
rejected for data on 2024-01-31, another application is taken from 2024-02-29.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal, RefusalKind


class Category(StrEnum):
    """What the applicant may see of a reason."""

    DATA = "data"
    CREDIT = "credit"
    OPERATING = "operating"
    FRAUD = "fraud"


class Waiting(StrEnum):
    """Which waiting period a reason carries."""

    DATA = "data"
    CREDIT_MINOR = "credit_minor"
    CREDIT_SERIOUS = "credit_serious"
    OPERATING = "operating"
    NEVER = "never"


# A fraud rule is never told: its hits read like a low score.
APPLICANT_TEXT: Final[dict[Category, str]] = {
    Category.DATA: "资料不满足要求",
    Category.CREDIT: "信用状况不满足要求",
    Category.OPERATING: "经营状况不满足要求",
    Category.FRAUD: "综合评分不足",
}

WAITING_MONTHS: Final[dict[Waiting, tuple[int, int] | None]] = {
    Waiting.DATA: (1, 3),
    Waiting.CREDIT_MINOR: (3, 6),
    Waiting.CREDIT_SERIOUS: (6, 12),
    Waiting.OPERATING: (1, 3),
    Waiting.NEVER: None,
}


class ReapplyTooEarly(Refusal):
    """The waiting period after a rejection is still running."""

    code = "LENDING_REAPPLY_TOO_EARLY"


class ReapplyNotPossible(Refusal):
    """The last rejection was for good."""

    code = "LENDING_REAPPLY_NOT_POSSIBLE"
    kind = RefusalKind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that said no."""

    code: str
    category: Category
    waiting: Waiting

    @property
    def applicant_text(self) -> str:
        """Return the sentence the applicant sees."""
        return APPLICANT_TEXT[self.category]


def reapply_from(*, reasons: Sequence[Reason], decided_on: date) -> date | None:
    """Return the first day another application is taken: the latest of all reasons, or never."""
    periods = [WAITING_MONTHS[reason.waiting] for reason in reasons]
    ends = [months_after(decided_on, months=period[0]) for period in periods if period is not None]
    return max(ends) if ends and len(ends) == len(periods) else None


def check_reapply(*, earliest: date | None, applied_on: date) -> None:
    """Accept an application after the waiting period of the last rejection.

    Refusals: ReapplyTooEarly, ReapplyNotPossible.
    """
    if earliest is None:
        raise ReapplyNotPossible("after this rejection no other application is taken")
    if applied_on < earliest:
        raise ReapplyTooEarly(
            f"another application is taken from {earliest.isoformat()}", earliest=earliest.isoformat()
        )
