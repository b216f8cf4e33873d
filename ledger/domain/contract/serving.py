"""From what one loan was agreed on to the terms by which it is served.

Owns: the mapping from core terms and conventions to ``ServicingTerms``, for draws and for every plan.
Refuses to know: facts, products and figures. A loan without conventions is repaid in equal monthly instalments.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from ledger.domain.allocation_rules import Rule, default_rules
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.plan_of_loan import plan_terms_of
from ledger.domain.contract.settling_terms import AllocationTerms, PaymentSource
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing.facts import PaymentKind
from ledger.domain.servicing.terms import OverdueRules, PaymentRules, Revolving, ServicingTerms
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit
from ledger.kernel.rates import RATE_UNIT

KIND_OF_SOURCE: Final = {
    PaymentSource.BORROWER: PaymentKind.INSTALMENT,
    PaymentSource.AUTO_DEBIT: PaymentKind.AUTO_DEBIT,
    PaymentSource.LINKED_DEDUCTION: PaymentKind.LINKED_ACCOUNT,
}
_DAY_COUNTS: Final = {360: DayCount.ACT_360, 364: DayCount.ACT_364, 365: DayCount.ACT_365F}


@lru_cache(maxsize=4096)
def servicing_terms_of(
    terms: LoanTerms, conventions: LoanConventions | None, *, principal_minor: int, start: date
) -> ServicingTerms:
    """Return the terms of a loan paid out on ``start``. Refuses PlanTermsImpossible, ServicingTermsInvalid."""
    allocation = conventions.allocation if conventions else AllocationTerms(order=terms.allocation_order)
    first_after = (
        conventions.allocation.principal_first_after_dpd if conventions else terms.principal_first_after_dpd
    )
    return ServicingTerms(
        contract=_contract(terms, conventions, principal_minor, start),
        overdue=_overdue(terms, conventions),
        default_rules=_rules(default_rules(order=allocation.order), allocation),
        rules_by_kind=tuple(
            (
                KIND_OF_SOURCE[given.source],
                _rules(tuple(Rule.named(name) for name in given.rules), allocation),
            )
            for given in allocation.by_source
        ),
        principal_first_after_dpd=first_after,
        early_fee_e8=terms.early_fee_e8,
        early_mode=_early_mode(terms),
        tolerance_minor=conventions.arrears.dpd_tolerance_minor if conventions else 0,
    )


def plan_terms_of_loan(
    terms: LoanTerms, conventions: LoanConventions | None, *, principal_minor: int, start: date
) -> PlanTerms:
    """Return the terms of the plan of a loan paid out on ``start``. Refuses PlanTermsImpossible."""
    if conventions is None:
        return PlanTerms(
            method=Method.EQUAL_INSTALMENT,
            principal_minor=principal_minor,
            rates=RateTable.constant(terms.annual_rate_e8),
            start=start,
            count=terms.term,
            due_dates=DueDateRule(frequency=Frequency(Unit.MONTH, 1)),
            day_count=_DAY_COUNTS[terms.day_base],
        )
    return plan_terms_of(
        conventions.repayment,
        principal_minor=principal_minor,
        annual_rate_e8=terms.annual_rate_e8,
        start=start,
        term=terms.term,
        batches=conventions.batches_after(start),
    )


def _contract(
    terms: LoanTerms, conventions: LoanConventions | None, principal_minor: int, start: date
) -> PlanTerms | Revolving:
    if not terms.is_revolving:
        return plan_terms_of_loan(terms, conventions, principal_minor=principal_minor, start=start)
    return Revolving(
        limit_minor=principal_minor,
        rates=RateTable.constant(terms.annual_rate_e8),
        term_days=terms.term,
        settlement=conventions.repayment.settlement if conventions else Settlement.ALL_ACCRUED,
        day_base=terms.day_base,
    )


def _overdue(terms: LoanTerms, conventions: LoanConventions | None) -> OverdueRules:
    rate, penalty = terms.annual_rate_e8, terms.penalty_rate_e8
    compound = CompoundMode.PENALTY_RATE if terms.compound else CompoundMode.OFF
    # The least uplift that reaches the agreed penalty rate; the ceiling takes off what it is too much.
    uplift = min(RATE_UNIT, -(-(penalty - rate) * RATE_UNIT // rate)) if 0 < rate < penalty else 0
    return OverdueRules(
        uplift_e8=conventions.arrears.penalty_uplift_e8 if conventions else uplift,
        ceiling_e8=terms.ceiling_e8 or penalty,
        grace_days=conventions.arrears.grace_days if conventions else terms.grace_days,
        grace_mode=conventions.arrears.grace_mode if conventions else GraceMode.RETROACTIVE,
        compound=conventions.arrears.compound if conventions else compound,
        day_base=terms.day_base,
    )


def _rules(rules: tuple[Rule, ...], allocation: AllocationTerms) -> PaymentRules:
    return PaymentRules(rules=rules, mode=allocation.mode)


def _early_mode(terms: LoanTerms) -> Replan:
    offered = {mode.value for mode in Replan}
    return Replan(terms.prepayment_mode) if terms.prepayment_mode in offered else Replan.SHORTEN_TERM
