"""The order in which a payment is used.

Owns: ordered rules for past due, due and in advance, which rows an amount in advance goes to, and whether
the walk is by instalment or by component. Refuses to know: amounts and rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import AllocationMode, AllocationRulesInvalid, Rule, Timing

DEFAULT_KIND: Final = "default"
_EVERY_RULE: Final = tuple(Rule(timing, bucket) for timing in Timing for bucket in STANDARD_ORDER)


class FutureRule(StrEnum):
    """Which rows an amount in advance goes to."""

    NEXT = "next"
    LAST = "last"
    NEXT_LAST = "next_last"  # the running row first, then from the last one backwards
    RE_AMORTISE = "re_amortise"  # an equal share to every row that is not due yet


@dataclass(frozen=True, kw_only=True)
class PaymentRules:
    """The rules for one kind of payment. Refuses AllocationRulesInvalid."""

    rules: tuple[Rule, ...] = _EVERY_RULE
    future: FutureRule = FutureRule.NEXT
    mode: AllocationMode = AllocationMode.BY_INSTALMENT

    def __post_init__(self) -> None:
        if not self.rules or len(set(self.rules)) < len(self.rules):
            raise AllocationRulesInvalid("There are rules, and none of them twice.", field="rules")

    @property
    def visits(self) -> tuple[tuple[Rule, ...], ...]:
        """Return the rules of each walk over the rows: one for each timing, or one for each rule."""
        if self.mode is AllocationMode.BY_COMPONENT:
            return tuple((rule,) for rule in self.rules)
        timings = dict.fromkeys(rule.timing for rule in self.rules)
        return tuple(tuple(rule for rule in self.rules if rule.timing is timing) for timing in timings)
