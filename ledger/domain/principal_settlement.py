"""Repaying a draw whose interest is settled with the principal it was earned on.

Owns: what an amount repays before maturity: principal, with the interest of exactly that principal since
the payout.
Refuses to know: draws that settle all interest first, and what happens after maturity, when everything is due.

| 40,000.00 at 14.4%, ACT/360                      | interest | principal |
| ------------------------------------------------ | -------- | --------- |
| 15,072.00 after 12 days                          |    72.00 | 15,000.00 |
| the rest after 32 days                           |   320.00 | 25,000.00 |
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from ledger.domain.allocation import InstalmentBuckets
from ledger.domain.early_repayment import PrepaymentTooSmall, plan_payoff
from ledger.domain.interest import interest_for_days
from ledger.domain.loan_state import LoanState
from ledger.domain.plans.revolving import Settlement
from ledger.domain.repayment_plan import RepaymentPlan, plan_allocation
from ledger.kernel.rates import RATE_UNIT


def settles_with_principal(state: LoanState, *, on: date) -> bool:
    """Say whether a payment on a day settles only the interest of the principal it repays."""
    if state.conventions is None or not state.rows_to_come(on):
        return False
    repayment = state.conventions.repayment
    return repayment.is_revolving and repayment.settlement is Settlement.ON_REPAID_PRINCIPAL


def plan_settled_principal(state: LoanState, *, on: date, kind: str, amount_minor: int) -> RepaymentPlan:
    """Use an amount for principal and its own interest. Refuses PrepaymentTooSmall."""
    (row,) = state.rows
    unpaid = state.unpaid_of(row, on)
    if amount_minor >= unpaid.total_minor:
        payoff = plan_payoff(state, on=on, amount_minor=None)
        return replace(payoff, kind=kind, left_over_minor=amount_minor - unpaid.total_minor)
    principal = _principal_within(state, amount_minor, on)
    if principal < 1:
        raise PrepaymentTooSmall("The amount reaches no principal.", field="amount")
    interest = min(_interest_of(state, principal, on), unpaid.interest_minor)
    due = InstalmentBuckets(number=row.plan.number, interest_minor=interest, principal_minor=principal)
    plan = plan_allocation(state, on=on, kind=kind, amount_minor=due.total_minor, dues=(due,))
    return replace(plan, left_over_minor=amount_minor - due.total_minor)


def _principal_within(state: LoanState, amount_minor: int, on: date) -> int:
    """Return the most principal that an amount repays together with its interest; some always stays out."""
    terms = state.contract
    days = (on - state.rows[0].plan.starts_on).days
    factor = 1 + Fraction(terms.annual_rate_e8 * days, RATE_UNIT * terms.day_base)
    most = min(int(amount_minor / factor) + 1, state.outstanding_principal_minor - 1)
    while most > 0 and most + _interest_of(state, most, on) > amount_minor:
        most -= 1
    return most


def _interest_of(state: LoanState, principal_minor: int, on: date) -> int:
    terms = state.contract
    return interest_for_days(
        principal_minor=principal_minor,
        annual_rate_e8=terms.annual_rate_e8,
        days=(on - state.rows[0].plan.starts_on).days,
        day_base=terms.day_base,
    )
