"""The conventions by which a loan is served.

Owns: the plan or the revolving contract, what overdue costs, the order of payments by kind, early
repayment, tolerance and the days after which interest is no longer income; and their soundness.
Refuses to know: facts and amounts owed. What grows by the day is counted in actual days over 360, 364 or
365, because a figure of one day then never depends on how a period is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Final

from ledger.domain.allocation import PRINCIPAL, STANDARD_ORDER
from ledger.domain.allocation_rules import (
    PRINCIPAL_FIRST_AFTER_DPD,
    AdvanceOrder,
    AllocationMode,
    Rule,
    Timing,
    default_rules,
)
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing.facts import PaymentKind
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.policies.classification import NON_ACCRUAL_AFTER_DPD, Scheme

DAY_BASES: Final = (360, 364, 365)
_PRINCIPAL_PAST_DUE: Final = Rule(Timing.PAST_DUE, PRINCIPAL)


class ServicingTermsInvalid(Refusal):
    """A convention of servicing is outside its bounds."""

    code = "LEDGER_SERVICING_TERMS_INVALID"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class Revolving:
    """A contract without a plan: each payout falls due ``term_days`` after it, with interest by the day."""

    limit_minor: int
    rates: RateTable
    term_days: int
    settlement: Settlement = Settlement.ALL_ACCRUED
    day_base: int = 360


@dataclass(frozen=True, kw_only=True)
class OverdueRules:
    """What is charged on what was not paid; rates follow the contract rate of the day."""

    uplift_e8: int = RATE_UNIT // 2
    ceiling_e8: int = 24_000_000
    grace_days: int = 3
    grace_mode: GraceMode = GraceMode.RETROACTIVE
    compound: CompoundMode = CompoundMode.PENALTY_RATE
    day_base: int = 360


@dataclass(frozen=True, kw_only=True)
class PaymentRules:
    """The order in which one kind of payment settles what is owed."""

    rules: tuple[Rule, ...] = default_rules()
    mode: AllocationMode = AllocationMode.BY_INSTALMENT
    advance: AdvanceOrder = AdvanceOrder.NEXT

    @cached_property
    def order(self) -> Order:
        """Return the walk over rows in the given order."""
        return _order_of(self, principal_first=False)

    @cached_property
    def order_after_long_arrears(self) -> Order | None:
        """Return the walk with the principal of rows past due first; none if the rules do not pay it."""
        return _order_of(self, principal_first=True) if _PRINCIPAL_PAST_DUE in self.rules else None

    @cached_property
    def on_any_day(self) -> PaymentRules:
        """Return the rules for draws: whatever is owed first, then what is to come."""
        named = {rule.timing for rule in self.rules}
        later = (
            [] if Timing.IN_ADVANCE in named else [Rule(Timing.IN_ADVANCE, name) for name in STANDARD_ORDER]
        )
        return replace(self, rules=(*self.rules, *later))


@dataclass(frozen=True)
class Order:
    """A walk: each visit is a time and the components paid in it, by their place in the standard order."""

    visits: tuple[tuple[Timing, tuple[int, ...]], ...]
    names: tuple[str, ...]


def _order_of(rules: PaymentRules, *, principal_first: bool) -> Order:
    rest = [rule for rule in rules.rules if not (principal_first and rule == _PRINCIPAL_PAST_DUE)]
    groups = [[_PRINCIPAL_PAST_DUE]] if principal_first else []
    if rules.mode is AllocationMode.BY_COMPONENT:
        groups += [[rule] for rule in rest]
    else:
        groups += [list(group) for _, group in groupby(rest, key=lambda rule: rule.timing)]
    visits = tuple(
        (group[0].timing, tuple(STANDARD_ORDER.index(rule.bucket) for rule in group)) for group in groups
    )
    return Order(visits, tuple(rule.name for group in groups for rule in group))


@dataclass(frozen=True, kw_only=True)
class ServicingTerms:
    """Everything a loan's figures depend on besides its facts. Refuses ServicingTermsInvalid."""

    contract: PlanTerms | Revolving
    overdue: OverdueRules = field(default_factory=OverdueRules)
    default_rules: PaymentRules = field(default_factory=PaymentRules)
    rules_by_kind: tuple[tuple[PaymentKind, PaymentRules], ...] = ()
    principal_first_after_dpd: int | None = PRINCIPAL_FIRST_AFTER_DPD
    chargeback_order: tuple[str, ...] = tuple(reversed(STANDARD_ORDER))
    early_fee_e8: int = 0
    early_mode: Replan = Replan.SHORTEN_TERM
    tolerance_minor: int = 0
    non_accrual_after_dpd: int | None = NON_ACCRUAL_AFTER_DPD
    returns_when_cleared: bool = False
    scheme: Scheme = Scheme.DECREE_2023

    def __post_init__(self) -> None:
        for name, is_sound in self._bounds():
            if not is_sound:
                raise ServicingTermsInvalid(f"The {name} of the terms is not sound.", field=name)

    @property
    def is_revolving(self) -> bool:
        """Say whether there is no plan."""
        return isinstance(self.contract, Revolving)

    @property
    def agreed_minor(self) -> int:
        """Return the most principal that may be paid out over a planned loan's life."""
        contract = self.contract
        return contract.limit_minor if isinstance(contract, Revolving) else contract.principal_minor

    @property
    def rates(self) -> RateTable:
        """Return the agreed rates."""
        return self.contract.rates

    def rules_of(self, kind: PaymentKind) -> PaymentRules:
        """Return the order for one kind of payment."""
        return next((rules for named, rules in self.rules_by_kind if named is kind), self.default_rules)

    def _bounds(self) -> Iterator[tuple[str, bool]]:
        overdue, contract = self.overdue, self.contract
        yield "day_base", overdue.day_base in DAY_BASES
        yield "uplift", 0 <= overdue.uplift_e8 <= RATE_UNIT
        yield "grace_days", 0 <= overdue.grace_days <= 60
        yield "early_fee", 0 <= self.early_fee_e8 <= RATE_UNIT // 10
        yield "tolerance", self.tolerance_minor >= 0
        yield "chargeback_order", sorted(self.chargeback_order) == sorted(STANDARD_ORDER)
        orders = (self.default_rules, *(rules for _, rules in self.rules_by_kind))
        yield "rules", all(given.rules and len(set(given.rules)) == len(given.rules) for given in orders)
        yield "rules_by_kind", len(dict(self.rules_by_kind)) == len(self.rules_by_kind)
        if isinstance(contract, Revolving):
            yield "limit", contract.limit_minor >= 1
            yield "term_days", 1 <= contract.term_days <= 36_600
            yield "day_base", contract.day_base in DAY_BASES
            yield "early_fee", self.early_fee_e8 == 0
