"""Arrears: what has to be recorded once due dates and grace days have gone by.

Owns: the facts of one date for every row past due: overdue once, penalty once after the grace days,
counted back to the due date on what is still unpaid (what was paid within grace bears no penalty).
Refuses to know: collection, notices, and how a payment is shared out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.domain.accrual import COMPOUND, PENALTY
from ledger.domain.compound_interest import compound_raised_drafts, compound_rate_e8
from ledger.domain.grace_days import charged_from_of, grace_ends_on
from ledger.domain.loan_events import Draft, LoanOverdue, LoanPenaltyStarted
from ledger.domain.loan_state import InstalmentAccount, LoanState
from ledger.domain.penalty import is_past_grace, penalty_accruals


def arrears_drafts(state: LoanState, *, on: date) -> Iterator[Draft]:
    """Yield the facts that are new on a date, oldest row first; none when nothing is new."""
    for row in state.rows_past_due(on):
        if not row.is_overdue:
            yield _overdue(state, row, on)
        if not row.is_penalised and is_past_grace(due_on=grace_ends_on(state, row), grace_days=0, on=on):
            yield from _penalty_started(state, row, on)
    yield from compound_raised_drafts(state, on=on)


def _overdue(state: LoanState, row: InstalmentAccount, on: date) -> Draft:
    unpaid = state.unpaid_of(row, on)
    return LoanOverdue, {
        "number": row.plan.number,
        "due_on": row.plan.due_on,
        "days_past_due": (on - row.plan.due_on).days,
        "principal_minor": unpaid.principal_minor,
        "interest_minor": unpaid.interest_minor,
    }


def _penalty_started(state: LoanState, row: InstalmentAccount, on: date) -> Iterator[Draft]:
    unpaid, terms, charged_from = state.unpaid_of(row, on), state.contract, charged_from_of(state, row)
    accruals = penalty_accruals(
        instalment_key=row.plan.key,
        due_on=charged_from,
        on=on,
        principal_minor=unpaid.principal_minor,
        interest_minor=unpaid.interest_minor,
        rate_e8=terms.penalty_rate_e8,
        day_base=terms.day_base,
        compound=terms.compound,
        compound_rate_e8=compound_rate_e8(state, starts_on=charged_from),
    )
    earned = {accrual.kind: accrual.earned(on) for accrual in accruals}
    if accruals:
        yield (
            LoanPenaltyStarted,
            {
                "number": row.plan.number,
                "due_on": row.plan.due_on,
                "penalty_rate_e8": terms.penalty_rate_e8,
                "principal_minor": unpaid.principal_minor,
                "interest_minor": unpaid.interest_minor,
                "penalty_catch_up_minor": earned.get(PENALTY, 0),
                "compound_catch_up_minor": earned.get(COMPOUND, 0),
                "accruals": accruals,
            },
        )
