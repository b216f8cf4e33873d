"""From the conventions of a loan, or of a product, to the terms of one plan.

Owns: the mapping, and how shares of the principal become amounts.
Refuses to know: which product it came from, what has been paid, and how a plan is computed.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.plans.choices import Batch, Grace, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.business_days import EVERY_DAY, BusinessCalendar
from ledger.kernel.frequencies import DueDateRule, Frequency
from ledger.kernel.rates import RATE_UNIT
from ledger.policies.calendars import CALENDARS


def plan_terms_of(
    repayment: RepaymentTerms,
    *,
    principal_minor: int,
    annual_rate_e8: int,
    start: date,
    term: int,
    batches: tuple[Batch, ...] = (),
) -> PlanTerms:
    """Return the terms of one plan; ``term`` counts steps. Refuses PlanTermsImpossible.

    A revolving draw has no plan; asking for one is a fault.
    """
    if repayment.is_revolving:
        raise ValueError("a revolving draw is not planned")
    return PlanTerms(
        method=Method(repayment.method.value),
        principal_minor=principal_minor,
        rates=RateTable.constant(annual_rate_e8),
        start=start,
        count=len(batches) if repayment.method is ContractMethod.CUSTOM else term,
        due_dates=due_date_rule_of(repayment),
        basis=repayment.basis,
        day_count=repayment.day_count,
        level=repayment.level,
        equalisation_rounds=repayment.equalisation_rounds,
        rounding=repayment.rounding,
        round_each_piece=repayment.round_each_piece,
        multiple_minor=repayment.multiple_minor,
        first_absorbs=repayment.first_absorbs,
        balloon_minor=_share(repayment, principal_minor, repayment.balloon_share_e8),
        down_payment_minor=_share(repayment, principal_minor, repayment.down_payment_share_e8),
        grace=grace_of(repayment),
        batches=batches,
        flat_total_once=repayment.flat_total_once,
        min_interest_days=repayment.min_interest_days,
        adjustment=repayment.holiday_rule,
        calendar=calendar_of(repayment),
    )


def due_date_rule_of(repayment: RepaymentTerms) -> DueDateRule:
    """Return the rule for planned due dates."""
    return DueDateRule(
        frequency=Frequency(repayment.unit, repayment.every),
        fixed_day=repayment.fixed_day,
        first_period_days_min=repayment.first_period_days_min,
        end_of_month=repayment.end_of_month,
    )


def grace_of(repayment: RepaymentTerms) -> Grace:
    """Return the grace period."""
    return Grace(
        principal_rows=repayment.grace_principal_rows,
        interest_rows=repayment.grace_interest_rows,
        interest=repayment.grace_interest,
    )


def calendar_of(repayment: RepaymentTerms) -> BusinessCalendar:
    """Return the named calendar, or one in which every day is a business day."""
    return CALENDARS[repayment.calendar] if repayment.calendar else EVERY_DAY


def _share(repayment: RepaymentTerms, principal_minor: int, share_e8: int) -> int:
    """Return a share of the principal, rounded down to the multiple, so that the rest is never too small."""
    minor = principal_minor * share_e8 // RATE_UNIT
    return minor // repayment.multiple_minor * repayment.multiple_minor
