"""What a change of a running plan means for the loan's standing.

Owns: which changes are concessions, when a concession makes the loan a restructured one, the category it
then has at least, and how long it is observed.
Refuses to know: how plans change. A concession before the first day past due is a plain change, unless it is
granted because the borrower is in difficulty.

| days past due | difficulty | concession | restructured | at least        |
| ------------- | ---------- | ---------- | ------------ | --------------- |
| 0             | no         | yes        | no           | normal          |
| 0             | yes        | yes        | yes          | special_mention |
| 1             | no         | yes        | yes          | special_mention |
| 45            | yes        | no         | no           | normal          |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.kernel.periods import months_after
from ledger.policies.classification import Category, Findings, Scheme, classify
from ledger.policies.upgrade import UpgradeRule

USUAL_OBSERVATION: Final = UpgradeRule()


@dataclass(frozen=True)
class RestructuringFlags:
    """The flag, the category at least, and the days of the observation."""

    is_restructured: bool
    category_min: Category
    observed_until: date | None
    why: str


def restructuring_flags(
    *,
    on: date,
    is_concession: bool,
    days_past_due: int,
    for_hardship: bool,
    due_dates_after: Sequence[date],
    scheme: Scheme = Scheme.DECREE_2023,
    rule: UpgradeRule = USUAL_OBSERVATION,
) -> RestructuringFlags:
    """Return what follows from a change on a day; ``due_dates_after`` are those of the rows to come."""
    is_restructured = is_concession and (for_hardship or days_past_due > 0)
    found = classify(days=0, findings=Findings(restructured=is_restructured), scheme=scheme)
    return RestructuringFlags(
        is_restructured=is_restructured,
        category_min=found.category,
        observed_until=_observed_until(on, due_dates_after, rule) if is_restructured else None,
        why=_why(is_concession=is_concession, days_past_due=days_past_due, for_hardship=for_hardship),
    )


def _observed_until(on: date, due_dates: Sequence[date], rule: UpgradeRule) -> date:
    """Return the later of so many periods and so many months; a shorter plan is observed to its months."""
    months = months_after(on, months=rule.restructured_months_min)
    periods = sorted(due_dates)[: rule.restructured_periods_min]
    return max(months, *periods) if periods else months


def _why(*, is_concession: bool, days_past_due: int, for_hardship: bool) -> str:
    if not is_concession:
        return "no_concession"
    if for_hardship:
        return "granted_for_hardship"
    return "granted_while_overdue" if days_past_due > 0 else "offered_before_overdue"
