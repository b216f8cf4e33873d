"""When repeated overdues put an entity on the blacklist (Q-02, D-307).

Owns: the three ways to get there, with their thresholds as a dated record.
Refuses to know: loans and amounts. Only an instalment that passed its grace days counts, from the day it
did so; paid within grace it was never reported. Months are calendar months of the first overdue day.
Windows reach back by whole months and leave the first day out: on 2024-07-31, twelve months begin after
2023-07-31. With the thresholds of today the first way is met in most lives before the other two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.kernel.periods import months_after


@dataclass(frozen=True, slots=True)
class OverdueInstalment:
    """An instalment that was not paid when due; ``passed_grace_on`` stays empty while grace runs."""

    reference: str
    due_date: date
    overdue_since: date
    passed_grace_on: date | None


@dataclass(frozen=True, slots=True)
class BlacklistPolicy:
    """How many overdues, and within how many months; a count of 0 switches a way off."""

    effective_from: date = date(2016, 1, 1)
    repeated_count: int = 3
    repeated_months: int = 12
    consecutive_months: int = 3
    total_count: int = 6
    total_months: int = 24


@dataclass(frozen=True, slots=True)
class BlacklistFinding:
    """Which way was met, and by which instalments."""

    rule: str
    instalments: tuple[str, ...]


DEFAULT_POLICY: Final = BlacklistPolicy()


def find_blacklist_trigger(
    *, instalments: Sequence[OverdueInstalment], on: date, policy: BlacklistPolicy = DEFAULT_POLICY
) -> BlacklistFinding | None:
    """Return the first way that is met on a date, if any."""
    counted = sorted(
        (held for held in instalments if held.passed_grace_on is not None and held.passed_grace_on <= on),
        key=lambda held: (held.overdue_since, held.reference),
    )
    for rule, found in (
        ("repeated_overdue", repeated_overdue(counted=counted, on=on, policy=policy)),
        ("consecutive_months", consecutive_months(counted=counted, on=on, policy=policy)),
        ("total_overdue", total_overdue(counted=counted, on=on, policy=policy)),
    ):
        if found:
            return BlacklistFinding(rule, tuple(held.reference for held in found))
    return None


def repeated_overdue(
    *, counted: Sequence[OverdueInstalment], on: date, policy: BlacklistPolicy
) -> tuple[OverdueInstalment, ...]:
    """Return the instalments if enough of them passed their grace days within the window."""
    within = _within(counted, on=on, months=policy.repeated_months)
    return within if 0 < policy.repeated_count <= len(within) else ()


def total_overdue(
    *, counted: Sequence[OverdueInstalment], on: date, policy: BlacklistPolicy
) -> tuple[OverdueInstalment, ...]:
    """Return the instalments if they fill enough different months within the long window."""
    within = _within(counted, on=on, months=policy.total_months)
    by_month = {_month(held): held for held in reversed(within)}
    firsts = tuple(by_month[month] for month in sorted(by_month))
    return firsts if 0 < policy.total_count <= len(firsts) else ()


def consecutive_months(
    *, counted: Sequence[OverdueInstalment], on: date, policy: BlacklistPolicy
) -> tuple[OverdueInstalment, ...]:
    """Return one instalment for each month of the latest run, if the run is long enough."""
    by_month = {_month(held): held for held in _within(counted, on=on, months=policy.total_months)}
    for last in sorted(by_month, reverse=True):
        run = [by_month[last - back] for back in range(policy.consecutive_months) if last - back in by_month]
        if run and len(run) == policy.consecutive_months:
            return tuple(reversed(run))
    return ()


def _within(counted: Sequence[OverdueInstalment], *, on: date, months: int) -> tuple[OverdueInstalment, ...]:
    begins_after = months_after(on, months=-months)
    return tuple(held for held in counted if held.passed_grace_on and held.passed_grace_on > begins_after)


def _month(held: OverdueInstalment) -> int:
    return held.overdue_since.year * 12 + held.overdue_since.month
