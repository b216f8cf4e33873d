"""What a planned repayment is recorded as.

Owns: the fact of the payment, the schedule version that follows a prepayment, and the outcome
(cured, settled) that follows from what is left.
Refuses to know: how the plan was decided, and the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from ledger.domain.accrual import merge_accruals
from ledger.domain.contract.planned_loan import replanned_rows
from ledger.domain.disbursement import interest_accruals
from ledger.domain.loan_events import Draft, LoanCured, LoanRepaid, LoanRescheduled, LoanSettled
from ledger.domain.loan_state import LoanState, LoanStatus
from ledger.domain.prepayment import rescheduled_rows
from ledger.domain.repayment_plan import RepaymentPlan
from ledger.domain.schedule import Instalment


def repaid_draft(
    state: LoanState, plan: RepaymentPlan, *, on: date, source_account_id: UUID, reason: str
) -> Draft:
    """Return the fact of the payment."""
    principal_paid = sum(part.principal_minor for part in plan.parts)
    return LoanRepaid, {
        "kind": plan.kind,
        "reason": reason,
        "amount_minor": plan.applied_minor,
        "source_account_id": source_account_id,
        "parts": plan.parts,
        "settled_numbers": _settled_numbers(state, plan, on),
        "fee_minor": plan.fee_minor,
        "accrual_adjustment_minor": plan.adjustment_minor,
        "allocation_order": plan.order,
        "days_past_due": plan.days_past_due,
        "principal_outstanding_minor": state.outstanding_principal_minor - principal_paid,
        "accruals": plan.accruals,
    }


def _settled_numbers(state: LoanState, plan: RepaymentPlan, on: date) -> tuple[int, ...]:
    after, paid = replace(state), {part.number for part in plan.parts}
    after.take_parts(plan.parts)
    after.accruals = merge_accruals(state.accruals, plan.accruals, on=on)
    touched = (row for row in after.rows if row.plan.number in paid)
    return tuple(row.plan.number for row in touched if after.unpaid_of(row, on).total_minor == 0)


def rescheduled_draft(state: LoanState, *, on: date, mode: str, caused_by_version: int) -> Draft:
    """Return the schedule version for the principal left, replacing the rows still to come."""
    terms, to_come = state.contract, state.rows_to_come(on)
    first = to_come[0].plan
    earlier = [row.plan.due_on for row in state.rows if row.plan.number < first.number]
    rows = rows_after_prepayment(
        state,
        on=on,
        mode=mode,
        principal_minor=state.outstanding_principal_minor,
        period_opened_on=max(earlier) if earlier else state.disbursed_on or first.starts_on,
    )
    return LoanRescheduled, {
        "mode": mode,
        "schedule_version": rows[0].version,
        "replaces_version": state.schedule_version,
        "caused_by_version": caused_by_version,
        "maturity_date": rows[-1].due_on,
        "rows": rows,
        "accruals": interest_accruals(terms, rows),
    }


def rows_after_prepayment(
    state: LoanState, *, on: date, mode: str, principal_minor: int, period_opened_on: date
) -> tuple[Instalment, ...]:
    """Return the rows that repay what is left. Refuses ReplanImpossible, PrepaymentModeUnknown."""
    terms, plan_terms = state.contract, state.plan_terms
    to_come = [row.plan for row in state.rows_to_come(on)]
    if plan_terms is not None:
        return replanned_rows(plan_terms, to_come=to_come, principal_minor=principal_minor, on=on, mode=mode)
    return rescheduled_rows(
        to_come=to_come,
        principal_minor=principal_minor,
        annual_rate_e8=terms.annual_rate_e8,
        day_base=terms.day_base,
        mode=mode,
        on=on,
        period_opened_on=period_opened_on,
    )


def outcome_drafts(state: LoanState, *, on: date) -> Iterator[Draft]:
    """Yield cured when nothing is overdue any more, then settled when nothing is owed at all."""
    if state.status is LoanStatus.OVERDUE and state.overdue_amount(on) == 0:
        yield LoanCured, {}
    if state.owed(on).total_minor == 0:
        yield LoanSettled, {"principal_minor": state.principal_minor}
