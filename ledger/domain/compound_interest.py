"""Compound interest that runs at the contract rate until the loan matures, and at the penalty rate after.

Owns: the rate at which compound interest starts, and the fact that raises it once the last due date has gone by.
Refuses to know: penalties on principal, grace days, and contracts that charge the penalty rate from the start.
Source: PBoC Yinfa [2003] 251.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ledger.domain.accrual import COMPOUND, Accrual
from ledger.domain.grace_days import charged_from_of
from ledger.domain.loan_events import Draft, LoanCompoundRaised
from ledger.domain.loan_state import InstalmentAccount, LoanState
from ledger.domain.overdue_charges import CompoundMode


def compound_rate_e8(state: LoanState, *, starts_on: date) -> int | None:
    """Return the rate of compound interest that counts from a day, or None for the penalty rate."""
    is_before = _waits_for_maturity(state) and starts_on < state.rows[-1].plan.due_on
    return state.contract.annual_rate_e8 if is_before else None


def compound_raised_drafts(state: LoanState, *, on: date) -> Iterator[Draft]:
    """Yield the rise of every compound accrual that still runs at the contract rate after the maturity."""
    if not _waits_for_maturity(state) or not state.rows:
        return
    matured_on = state.rows[-1].plan.due_on
    if on <= matured_on:
        return
    for row in state.rows:
        accrual = state.accrual_of(COMPOUND, row)
        was_at_contract_rate = charged_from_of(state, row) < matured_on
        if accrual is None or not was_at_contract_rate or not accrual.runs_after(on):
            continue
        if accrual.started_on <= matured_on:
            yield _raised(state, row, accrual, matured_on=matured_on, on=on)


def _waits_for_maturity(state: LoanState) -> bool:
    arrears = state.conventions.arrears if state.conventions else None
    return arrears is not None and arrears.compound is CompoundMode.CONTRACT_UNTIL_MATURITY


def _raised(
    state: LoanState, row: InstalmentAccount, accrual: Accrual, *, matured_on: date, on: date
) -> Draft:
    terms = state.contract
    # The pace is base x rate, so the raised one is a whole number without knowing the base.
    pace = accrual.per_day_numerator * terms.penalty_rate_e8 // terms.annual_rate_e8
    since = accrual.restarted(matured_on, pace)
    raised = replace(since, started_on=on, accrue_from=on, carry_numerator=since.exact_numerator(on))
    return LoanCompoundRaised, {
        "number": row.plan.number,
        "matured_on": matured_on,
        "penalty_rate_e8": terms.penalty_rate_e8,
        "compound_catch_up_minor": raised.earned(on) - accrual.earned(on),
        "accruals": (raised,),
    }
