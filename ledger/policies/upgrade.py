"""When a bad loan may be called good again.

Owns: the two conditions: everything overdue is paid, and then a time of punctual payment, which is the
longer of so many periods and so many months; a restructured loan is observed for a year.
Refuses to know: categories by days past due, and who approves.
Sources: decree of CBIRC and PBoC 2023 no. 1; the numbers are parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.kernel.periods import months_after


@dataclass(frozen=True, kw_only=True)
class UpgradeRule:
    """How long a borrower must have paid on time since the arrears were cleared."""

    periods_min: int = 2
    months_min: int = 6
    restructured_periods_min: int = 2
    restructured_months_min: int = 12


@dataclass(frozen=True)
class Upgrade:
    """Whether the loan may be upgraded, from when at the earliest, and what is missing."""

    is_allowed: bool
    earliest_on: date | None
    missing: tuple[str, ...]


def upgrade_on(
    *,
    on: date,
    arrears_cleared_on: date | None,
    periods_performed: int,
    restructured: bool = False,
    rule: UpgradeRule = UpgradeRule(),
) -> Upgrade:
    """Say whether a bad loan may be upgraded on a day."""
    if arrears_cleared_on is None or arrears_cleared_on > on:
        return Upgrade(is_allowed=False, earliest_on=None, missing=("arrears_cleared",))
    periods = rule.restructured_periods_min if restructured else rule.periods_min
    months = rule.restructured_months_min if restructured else rule.months_min
    earliest = months_after(arrears_cleared_on, months=months)
    missing = []
    if periods_performed < periods:
        missing.append("periods_performed")
    if on < earliest:
        missing.append("months_performed")
    return Upgrade(not missing, earliest, tuple(missing))
