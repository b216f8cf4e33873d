"""Planning a repayment: which of the three kinds takes what.

Owns: the choice of kind, the soundness of the amount, and the instalment, which takes only what is due
or overdue (on a revolving draw, interest so far and then principal, on any day).
Refuses to know: events, the journal, and where the money comes from.
A surplus is returned as left over and never prepaid on the borrower's behalf.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.contract.settling_terms import SurplusRule
from ledger.domain.early_repayment import PrepaymentTooSmall, plan_payoff, plan_prepayment
from ledger.domain.loan_state import LoanState
from ledger.domain.prepayment import PrepaymentNotOffered
from ledger.domain.principal_settlement import plan_settled_principal, settles_with_principal
from ledger.domain.repayment_plan import (
    INSTALMENT,
    PAYOFF,
    PREPAYMENT,
    REPAYMENT_KINDS,
    RepaymentPlan,
    plan_allocation,
)
from ledger.kernel.refusals import Refusal, RefusalKind


class RepaymentKindUnknown(Refusal):
    """A repayment is an instalment, a prepayment or a payoff."""

    code = "LEDGER_REPAYMENT_KIND_UNKNOWN"
    kind = RefusalKind.INVALID


class RepaymentAmountInvalid(Refusal):
    """An amount is a positive whole number of minor units; a prepayment must state one."""

    code = "LEDGER_REPAYMENT_AMOUNT_INVALID"
    kind = RefusalKind.INVALID


class NothingDue(Refusal):
    """Nothing is due or overdue on this date."""

    code = "LEDGER_NOTHING_DUE"


def plan_repayment(
    state: LoanState, *, on: date, kind: str, amount_minor: int | None, source: str = "borrower"
) -> RepaymentPlan:
    """Decide what a payment settles.

    Refuses RepaymentKindUnknown, RepaymentAmountInvalid, NothingDue, PayoffAmountDiffers,
    PrepaymentTooSmall.
    """
    if kind not in REPAYMENT_KINDS:
        raise RepaymentKindUnknown(
            "The repayment kind is not known.", field="kind", known=list(REPAYMENT_KINDS)
        )
    if amount_minor is not None and (type(amount_minor) is not int or amount_minor < 1):
        raise RepaymentAmountInvalid("A repayment is a positive amount.", field="amount")
    if kind == INSTALMENT:
        return _with_surplus(
            state, _plan_instalment(state, on=on, amount_minor=amount_minor, source=source), on
        )
    if kind == PAYOFF:
        return plan_payoff(state, on=on, amount_minor=amount_minor)
    if amount_minor is None:
        raise RepaymentAmountInvalid("A prepayment states its amount.", field="amount")
    if settles_with_principal(state, on=on):
        return plan_settled_principal(state, on=on, kind=PREPAYMENT, amount_minor=amount_minor)
    return plan_prepayment(state, on=on, amount_minor=amount_minor)


def require_mode_offered(state: LoanState, *, on: date, mode: str) -> None:
    """Refuse a partial prepayment after which the contract has no plan: PrepaymentNotOffered."""
    conventions = state.conventions
    if conventions is None or state.contract.is_revolving:
        return
    modes = [offered.value for offered in conventions.early.modes]
    in_grace = state.rows_to_come(on)[0].plan.number <= conventions.repayment.grace_rows
    if mode not in modes or in_grace:
        raise PrepaymentNotOffered(
            "The contract has no plan after such a prepayment; the whole may be repaid at any time.",
            field="mode",
            offered=[] if in_grace else modes,
        )


def _plan_instalment(state: LoanState, *, on: date, amount_minor: int | None, source: str) -> RepaymentPlan:
    amount = state.due_amount(on) if amount_minor is None else amount_minor
    dues = state.dues(on)
    if settles_with_principal(state, on=on) and amount > 0:
        return plan_settled_principal(state, on=on, kind=INSTALMENT, amount_minor=amount)
    if state.contract.is_revolving:
        # A revolving draw takes money on any day: interest so far first, then principal.
        dues = tuple(state.unpaid_of(row, on) for row in state.rows)
    if amount == 0 or sum(due.total_minor for due in dues) == 0:
        raise NothingDue("Nothing is due on this date.", field="kind", on=on.isoformat())
    return plan_allocation(state, on=on, kind=INSTALMENT, amount_minor=amount, dues=dues, source=source)


def _with_surplus(state: LoanState, plan: RepaymentPlan, on: date) -> RepaymentPlan:
    """Return the plan, or the prepayment that a surplus makes of it where that was agreed."""
    conventions = state.conventions
    if conventions is None or conventions.allocation.surplus is not SurplusRule.PREPAYS:
        return plan
    to_come = state.rows_to_come(on)
    if plan.left_over_minor == 0 or not to_come or not conventions.early.modes:
        return plan
    if state.contract.is_revolving or to_come[0].plan.number <= conventions.repayment.grace_rows:
        return plan
    try:
        amount = plan.applied_minor + plan.left_over_minor
        return plan_prepayment(state, on=on, amount_minor=amount)
    except PrepaymentTooSmall:
        return plan
