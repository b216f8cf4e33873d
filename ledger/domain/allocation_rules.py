"""Sharing a payment out by rules that are data.

Owns: ordered rules over when an amount is owed (past due, due today, in advance) and what it is owed for,
the walk by instalment or by component, principal first after long arrears, and the surplus.
Refuses to know: where rules come from, accruals, and how a surplus is kept.
Sources: Civil Code art. 561 (costs, interest, principal); more than 90 days past due, principal first.
By instalment, rules that share a time are one visit to each instalment; by component each rule visits
all instalments. Nothing is ever paid in advance unless a rule says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

from ledger.domain.allocation import PRINCIPAL, STANDARD_ORDER, InstalmentBuckets
from ledger.kernel.refusals import Refusal, RefusalKind

PRINCIPAL_FIRST_AFTER_DPD: Final = 90


class AllocationRulesInvalid(Refusal):
    """Rules repeat themselves, are missing, or name what does not exist."""

    code = "LEDGER_ALLOCATION_RULES_INVALID"
    kind = RefusalKind.INVALID


class Timing(StrEnum):
    """When an instalment is owed, seen from the day of the payment."""

    PAST_DUE = "past_due"
    DUE = "due"
    IN_ADVANCE = "in_advance"


class AllocationMode(StrEnum):
    """Which loop is the outer one."""

    BY_INSTALMENT = "by_instalment"
    BY_COMPONENT = "by_component"


class AdvanceOrder(StrEnum):
    """Which instalment an amount in advance goes to first."""

    NEXT = "next"
    LAST = "last"


@dataclass(frozen=True)
class Rule:
    """One step of an order."""

    timing: Timing
    bucket: str

    @property
    def name(self) -> str:
        """Return the rule as text, such as past_due.interest."""
        return f"{self.timing}.{self.bucket}"

    @classmethod
    def named(cls, name: str) -> Rule:
        """Read a rule. Refuses AllocationRulesInvalid."""
        timing, _, bucket = name.partition(".")
        if timing not in set(Timing) or bucket not in STANDARD_ORDER:
            raise AllocationRulesInvalid("There is no such rule.", field="rules", rule=name[:40])
        return cls(Timing(timing), bucket)


_PRINCIPAL_FIRST: Final = Rule(Timing.PAST_DUE, PRINCIPAL)


@dataclass(frozen=True)
class DatedDue:
    """What one instalment still owes, and since when."""

    due_on: date
    buckets: InstalmentBuckets

    def timing(self, on: date) -> Timing:
        """Say when the instalment is owed."""
        if self.due_on == on:
            return Timing.DUE
        return Timing.PAST_DUE if self.due_on < on else Timing.IN_ADVANCE


@dataclass(frozen=True)
class Share:
    """One amount given to one bucket of one instalment, in the order in which it was given."""

    number: int
    rule: Rule
    amount_minor: int


@dataclass(frozen=True)
class SharedOut:
    """How a payment was used, the rules that were in force, and what no rule had a use for."""

    shares: tuple[Share, ...]
    rules: tuple[Rule, ...]
    principal_first: bool
    left_over_minor: int


def default_rules(*, order: Sequence[str] = STANDARD_ORDER) -> tuple[Rule, ...]:
    """Return past due before due, each in the given order of buckets, and nothing in advance."""
    return tuple(Rule(timing, bucket) for timing in (Timing.PAST_DUE, Timing.DUE) for bucket in order)


def share_out(
    *,
    amount_minor: int,
    on: date,
    dues: Sequence[DatedDue],
    rules: Sequence[Rule],
    mode: AllocationMode = AllocationMode.BY_INSTALMENT,
    advance: AdvanceOrder = AdvanceOrder.NEXT,
    days_past_due: int = 0,
    principal_first_after_dpd: int | None = PRINCIPAL_FIRST_AFTER_DPD,
) -> SharedOut:
    """Share a payment out; ``principal_first_after_dpd`` None never puts principal first.

    Refuses AllocationRulesInvalid.
    """
    if len(set(rules)) < len(rules) or not rules:
        raise AllocationRulesInvalid("There are rules, and none of them twice.", field="rules")
    is_long = principal_first_after_dpd is not None and days_past_due > principal_first_after_dpd
    groups = _groups(rules, mode, principal_first=is_long and _PRINCIPAL_FIRST in rules)
    shares: list[Share] = []
    left = amount_minor
    for due, rule in _visits(groups, dues, on, advance):
        given = min(left, due.buckets.of(rule.bucket))
        if given > 0:
            shares.append(Share(due.buckets.number, rule, given))
            left -= given
    in_force = tuple(rule for group in groups for rule in group)
    return SharedOut(tuple(shares), in_force, is_long and _PRINCIPAL_FIRST in rules, left)


def _groups(rules: Sequence[Rule], mode: AllocationMode, *, principal_first: bool) -> list[list[Rule]]:
    """Return the rules that are one visit to an instalment each.

    Principal that was moved to the front is paid everywhere before anything else is paid anywhere.
    """
    rest = [rule for rule in rules if not (principal_first and rule == _PRINCIPAL_FIRST)]
    front = [[_PRINCIPAL_FIRST]] if principal_first else []
    if mode is AllocationMode.BY_COMPONENT:
        return [*front, *([rule] for rule in rest)]
    return [*front, *(list(group) for _, group in groupby(rest, key=lambda rule: rule.timing))]


def _visits(
    groups: Sequence[Sequence[Rule]], dues: Sequence[DatedDue], on: date, advance: AdvanceOrder
) -> Iterator[tuple[DatedDue, Rule]]:
    for group in groups:
        owed = [due for due in dues if due.timing(on) is group[0].timing]
        backwards = group[0].timing is Timing.IN_ADVANCE and advance is AdvanceOrder.LAST
        for due in sorted(owed, key=lambda due: (due.due_on, due.buckets.number), reverse=backwards):
            yield from ((due, rule) for rule in group)
