"""Planning a repayment: which of the three kinds takes what.

Owns: the choice of kind, the soundness of the amount, and the instalment, which takes only what is due
or overdue (on a revolving draw, interest so far and then principal, on any day).
Refuses to know: events, the journal, and where the money comes from.
A surplus is returned as left over and never prepaid on the borrower's behalf.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.early_repayment import plan_payoff, plan_prepayment
from ledger.domain.loan_state import LoanState
from ledger.domain.repayment_plan import (
    INSTALMENT,
    PAYOFF,
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


def plan_repayment(state: LoanState, *, on: date, kind: str, amount_minor: int | None) -> RepaymentPlan:
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
        return _plan_instalment(state, on=on, amount_minor=amount_minor)
    if kind == PAYOFF:
        return plan_payoff(state, on=on, amount_minor=amount_minor)
    if amount_minor is None:
        raise RepaymentAmountInvalid("A prepayment states its amount.", field="amount")
    return plan_prepayment(state, on=on, amount_minor=amount_minor)


def _plan_instalment(state: LoanState, *, on: date, amount_minor: int | None) -> RepaymentPlan:
    amount = state.due_amount(on) if amount_minor is None else amount_minor
    dues = state.dues(on)
    if state.contract.is_revolving:
        # A revolving draw takes money on any day: interest so far first, then principal.
        dues = tuple(state.unpaid_of(row, on) for row in state.rows)
    if amount == 0 or sum(due.total_minor for due in dues) == 0:
        raise NothingDue("Nothing is due on this date.", field="kind", on=on.isoformat())
    return plan_allocation(state, on=on, kind=INSTALMENT, amount_minor=amount, dues=dues)
