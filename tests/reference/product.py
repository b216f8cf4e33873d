"""The terms and facts of a reference loan in the words of the product.

This module and the ones that compare know the product: the model itself imports nothing of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.allocation_rules import AdvanceOrder, AllocationMode, Rule, Timing
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.terms import OverdueRules, PaymentRules, Revolving, ServicingTerms
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit
from tests.reference import terms as plain_terms
from tests.reference.facts import Fact

E8 = 10**8
MONTHLY = DueDateRule(frequency=Frequency(Unit.MONTH, 1))
DAY_COUNTS = {360: DayCount.ACT_360, 365: DayCount.ACT_365F}
NAMES = {
    "rate_changed": kinds.RateChanged,
    "interest_paused": kinds.InterestPaused,
    "promotion_granted": kinds.PromotionGranted,
    "promotion_ended": kinds.PromotionEnded,
    "disbursed": kinds.Disbursed,
    "plan_changed": kinds.PlanChanged,
    "charge_added": kinds.ChargeAdded,
    "charge_waived": kinds.ChargeWaived,
    "charge_adjusted": kinds.ChargeAdjusted,
    "interest_waived": kinds.InterestWaived,
    "penalty_waived": kinds.PenaltyWaived,
    "payment": kinds.PaymentReceived,
    "recovered": kinds.Recovered,
    "refunded": kinds.Refunded,
    "chargeback": kinds.Chargeback,
    "accelerated": kinds.Accelerated,
    "non_accrual_started": kinds.NonAccrualStarted,
    "non_accrual_ended": kinds.NonAccrualEnded,
    "charged_off": kinds.ChargedOff,
    "written_off": kinds.WrittenOff,
    "settled_at_discount": kinds.SettledAtDiscount,
    "payment_reversed": kinds.PaymentReversed,
    "disbursement_reversed": kinds.DisbursementReversed,
    "charge_off_undone": kinds.ChargeOffUndone,
    "sold": kinds.Sold,
    "sale_undone": kinds.SaleUndone,
    "change_undone": kinds.ChangeUndone,
}
WORDS = {
    "payment": kinds.PaymentKind,
    "instruction": kinds.Instruction,
    "change": kinds.ChangeKind,
    "interest": kinds.OpenInterest,
}


def terms_of(terms: plain_terms.Terms) -> ServicingTerms:
    """Return the product's terms."""
    contract: PlanTerms | Revolving
    if isinstance(terms.contract, plain_terms.RevolvingTerms):
        by_principal = terms.contract.by_repaid_principal
        contract = Revolving(
            limit_minor=terms.agreed,
            rates=RateTable.constant(int(terms.contract.rate * E8)),
            term_days=terms.contract.term_days,
            settlement=Settlement.ON_REPAID_PRINCIPAL if by_principal else Settlement.ALL_ACCRUED,
            day_base=terms.contract.day_base,
        )
    else:
        contract = plan_of(terms.contract, start=date(2024, 1, 1), principal_minor=terms.agreed)
    return ServicingTerms(
        contract=contract,
        overdue=OverdueRules(
            uplift_e8=int(terms.uplift * E8),
            ceiling_e8=int(terms.ceiling * E8),
            grace_days=terms.grace_days,
            grace_mode=GraceMode.PLAIN if terms.grace_is_plain else GraceMode.RETROACTIVE,
            compound=CompoundMode(terms.compound),
            day_base=terms.day_base,
        ),
        default_rules=_rules(terms.order),
        rules_by_kind=tuple((kinds.PaymentKind(name), _rules(order)) for name, order in terms.orders_by_kind),
        principal_first_after_dpd=terms.principal_first_after,
        chargeback_order=terms.chargeback_order,
        early_fee_e8=int(terms.early_fee * E8),
        early_mode=Replan.SHORTEN_TERM if terms.early_mode == "shorten" else Replan.REDUCE_INSTALMENT,
        tolerance_minor=terms.tolerance,
        non_accrual_after_dpd=terms.non_accrual_after,
        returns_when_cleared=terms.returns_when_cleared,
    )


def plan_of(plan: plain_terms.PlanTerms, *, start: date, principal_minor: int) -> PlanTerms:
    """Return the product's terms of a plan."""
    return PlanTerms(
        method=Method(plan.method),
        principal_minor=principal_minor,
        rates=RateTable.constant(int(plan.rate * E8)),
        start=start,
        count=plan.count,
        due_dates=MONTHLY,
        basis=Basis.PERIODIC if plan.whole_steps else Basis.EXACT,
        day_count=DAY_COUNTS[plan.day_base],
        relevels=plan.relevels,
    )


def _rules(order: plain_terms.PaymentOrder) -> PaymentRules:
    return PaymentRules(
        rules=tuple(Rule(Timing(when), what) for when, what in order.steps),
        mode=AllocationMode.BY_COMPONENT if order.step_by_step else AllocationMode.BY_INSTALMENT,
        advance=AdvanceOrder.LAST if order.last_rows_first else AdvanceOrder.NEXT,
    )


def fact_of(fact: Fact) -> kinds.Fact:
    """Return the product's fact."""
    says: dict[str, Any] = {}
    for word, value in fact.says.items():
        if word in ("amount", "price"):
            says[f"{word}_minor"] = value
        elif word in ("rate", "share"):
            says[f"{word}_e8"] = int(value * E8)
        elif word == "plan":
            says["terms"] = plan_of(value, start=fact.on, principal_minor=1)
        else:
            says[word] = WORDS[word](value) if word in WORDS else value
    return NAMES[fact.what](id=fact.name, effective_date=fact.on, sequence=fact.number, **says)
