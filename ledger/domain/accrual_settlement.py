"""What a payment does to the accruals of the rows it touches.

Owns: settling what was earned, slowing an accrual down when its base shrinks, ending it when the
base is gone, and ending the interest of rows that are repaid early.
Refuses to know: how the payment was shared out, and the journal.
Rule: earned(on) never changes when an accrual slows down or ends, so the books need no correction;
the one exception is broken interest, whose difference is a named adjustment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.domain.accrual import COMPOUND, INTEREST, PENALTY, Accrual
from ledger.domain.allocation import InstalmentBuckets
from ledger.domain.loan_state import InstalmentAccount, LoanState
from ledger.domain.payoff import BrokenInterest


def accruals_after(
    state: LoanState, *, parts: tuple[InstalmentBuckets, ...], on: date
) -> tuple[Accrual, ...]:
    """Return the accruals changed by the parts of a payment on rows that keep their plan."""
    rows = {row.plan.number: row for row in state.rows}
    keeps_plan = [
        (rows[part.number], part)
        for part in parts
        if state.contract.is_revolving or rows[part.number].plan.due_on <= on
    ]
    return tuple(accrual for row, part in keeps_plan for accrual in _changed(state, row, part, on))


def accruals_ended_early(state: LoanState, *, broken: BrokenInterest, on: date) -> tuple[Accrual, ...]:
    """Return the interest accruals of all rows to come, ended; the running one at its broken interest."""
    return tuple(
        _ended(accrual, on, broken.interest_minor if row.plan.number == broken.number else 0)
        for row in state.rows_to_come(on)
        if (accrual := state.accrual_of(INTEREST, row))
    )


def _ended(accrual: Accrual, on: date, interest_minor: int) -> Accrual:
    return accrual.closed_at(on, interest_minor).settled(interest_minor)


def _changed(
    state: LoanState, row: InstalmentAccount, part: InstalmentBuckets, on: date
) -> Iterator[Accrual]:
    principal_left = row.principal_open_minor - part.principal_minor
    interest_left = state.unpaid_of(row, on).interest_minor - part.interest_minor
    for kind, paid, base_paid, base_left in (
        (INTEREST, part.interest_minor, part.principal_minor, principal_left),
        (PENALTY, part.penalty_minor, part.principal_minor, principal_left),
        (COMPOUND, part.compound_minor, part.interest_minor, interest_left),
    ):
        accrual = state.accrual_of(kind, row)
        if accrual is None:
            continue
        changed = _slowed(accrual.settled(paid), on, base_paid=base_paid, base_left=base_left)
        if changed != accrual:
            yield changed


def _slowed(accrual: Accrual, on: date, *, base_paid: int, base_left: int) -> Accrual:
    """Return the accrual growing on what is left of its base, or ended when nothing is left."""
    if base_paid == 0 or not accrual.runs_after(on):
        return accrual
    if base_left == 0:
        return accrual.closed(on)
    # The pace is base x rate, so the new one is a whole number without knowing the rate.
    pace = accrual.per_day_numerator * base_left // (base_left + base_paid)
    return accrual.restarted(on, pace)
