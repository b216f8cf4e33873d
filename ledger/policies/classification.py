"""How bad a loan is: days past due, buckets and the five categories.

Owns: the two schemes, the stricter of both, overrides to the worse, and what the count of days starts at.
Refuses to know: provisions, accounting status, and what collection does.
Sources: decree of CBIRC and PBoC 2023 no. 1 (five categories by days past due); guide of 2007 for
unsecured loans to small businesses.

| days past due     | 0      | 1               | 31              | 91          | 271      | 361  |
| ----------------- | ------ | --------------- | --------------- | ----------- | -------- | ---- |
| decree of 2023    | normal | special_mention | special_mention | substandard | doubtful | loss |
| guide of 2007     | normal | special_mention | substandard     | doubtful    | doubtful | loss |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.kernel.rates import RATE_UNIT

NON_ACCRUAL_AFTER_DPD: Final = 90
TECHNICAL_DPD_MAX: Final = 7


class Category(StrEnum):
    """The five categories, the best first."""

    NORMAL = "normal"
    SPECIAL_MENTION = "special_mention"
    SUBSTANDARD = "substandard"
    DOUBTFUL = "doubtful"
    LOSS = "loss"


class Scheme(StrEnum):
    """Which table classifies."""

    DECREE_2023 = "decree_2023"
    SMALL_BUSINESS_2007 = "small_business_2007"
    STRICTEST = "strictest"


ORDER: Final = tuple(Category)
# The last day past due of each category; beyond the last one a loan is a loss.
_LAST_DAYS: Final[dict[Scheme, tuple[int, ...]]] = {
    Scheme.DECREE_2023: (0, 90, 270, 360),
    Scheme.SMALL_BUSINESS_2007: (0, 30, 90, 360),
}
_BUCKETS: Final = ((0, "M0"), (30, "M1"), (60, "M2"), (90, "M3"), (120, "M4"), (150, "M5"), (180, "M6"))


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What is known of a loan besides its days past due. Shares and losses are annual-rate style e8."""

    misuse_of_funds: bool = False
    repays_old_debt: bool = False
    other_debt_is_bad: bool = False
    restructured: bool = False
    credit_impaired: bool = False
    share_of_debts_over_90_days_e8: int = 0
    expected_loss_e8: int = 0
    evades_debt: bool = False
    bankrupt: bool = False
    technical_overdue: bool = False


@dataclass(frozen=True)
class Classification:
    """The category, the bucket, and every rule that led there."""

    days_past_due: int
    bucket: str
    by_days: Category
    category: Category
    reasons: tuple[str, ...]

    @property
    def is_non_accrual(self) -> bool:
        """Say whether interest may no longer be taken as income."""
        return self.days_past_due > NON_ACCRUAL_AFTER_DPD


def days_past_due(*, oldest_unpaid_due_on: date | None, on: date, counts_due_day: bool = False) -> int:
    """Return the days since the oldest unpaid due date; the due date itself is day 0 unless it counts."""
    if oldest_unpaid_due_on is None or on < oldest_unpaid_due_on:
        return 0
    return (on - oldest_unpaid_due_on).days + (1 if counts_due_day else 0)


def oldest_unpaid(*, unpaid: Iterable[tuple[date, int]], on: date, tolerance_minor: int = 0) -> date | None:
    """Return the oldest due date with more than the tolerance unpaid, first in first out."""
    return min((due_on for due_on, minor in unpaid if minor > tolerance_minor and due_on <= on), default=None)


def bucket_of(days: int) -> str:
    """Return the thirty-day bucket: M0, M1 for days 1 to 30, up to M6+ from day 181."""
    return next((name for last, name in _BUCKETS if days <= last), "M6+")


def classify(
    *, days: int, findings: Findings = Findings(), scheme: Scheme = Scheme.DECREE_2023
) -> Classification:
    """Return the category of a loan: by its days, or worse by what else is known."""
    forgiven = findings.technical_overdue and 0 < days <= TECHNICAL_DPD_MAX
    by_days = Category.NORMAL if forgiven else _by_days(days, scheme)
    found = [(by_days, "technical_overdue" if forgiven else f"{days}_days_past_due"), *_overrides(findings)]
    worst = worst_of([category for category, _ in found])
    reasons = tuple(reason for category, reason in found if category is worst)
    return Classification(days, bucket_of(days), by_days, worst, reasons)


def worst_of(categories: Sequence[Category]) -> Category:
    """Return the worst category: a loan by its worst instalment, a customer by its worst loan."""
    return max(categories, key=ORDER.index, default=Category.NORMAL)


def _by_days(days: int, scheme: Scheme) -> Category:
    if scheme is Scheme.STRICTEST:
        return worst_of([_by_days(days, table) for table in _LAST_DAYS])
    last_days = _LAST_DAYS[scheme]
    return next((ORDER[rank] for rank, last in enumerate(last_days) if days <= last), Category.LOSS)


def _overrides(findings: Findings) -> list[tuple[Category, str]]:
    loss = Fraction(findings.expected_loss_e8, RATE_UNIT)
    share = Fraction(findings.share_of_debts_over_90_days_e8, RATE_UNIT)
    rules = (
        (Category.SPECIAL_MENTION, "misuse_of_funds", findings.misuse_of_funds),
        (Category.SPECIAL_MENTION, "repays_old_debt", findings.repays_old_debt),
        (Category.SPECIAL_MENTION, "other_debt_is_bad", findings.other_debt_is_bad),
        (Category.SPECIAL_MENTION, "restructured", findings.restructured),
        (Category.SUBSTANDARD, "credit_impaired", findings.credit_impaired),
        (Category.SUBSTANDARD, "share_of_debts_over_90_days", share > Fraction(1, 5)),
        (Category.DOUBTFUL, "expected_loss_half", Fraction(1, 2) <= loss),
        (Category.DOUBTFUL, "evades_debt", findings.evades_debt),
        (Category.LOSS, "expected_loss_nine_tenths", Fraction(9, 10) <= loss),
        (Category.LOSS, "bankrupt", findings.bankrupt),
    )
    return [(category, reason) for category, reason, applies in rules if applies]
