"""Payments and what their payers want: payoff, early repayment, rows in advance."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference.arithmetic import INTEREST, half_up
from tests.reference.changes import call_in_charges
from tests.reference.facts import Fact
from tests.reference.money import (
    IN_ADVANCE_AS_PLANNED,
    IN_ADVANCE_FROM_THE_END,
    SUSPENSE,
    begin_use,
    in_force,
    keep,
    share,
)
from tests.reference.planning import (
    balance_of,
    broken_interest,
    fall_due_at_once,
    hand_over_interest,
    plan_again,
)
from tests.reference.state import State, Use
from tests.reference.terms import PaymentOrder


@dataclass(frozen=True)
class Payoff:
    """What ends the loan on a day."""

    due: int
    broken_interest: int
    charges_to_come: int
    principal_to_come: int
    fee: int

    @property
    def total(self) -> int:
        """Return the one amount."""
        return self.due + self.broken_interest + self.charges_to_come + self.principal_to_come + self.fee


def payoff(state: State) -> Payoff:
    """Return everything due, and what is to come with its interest so far and the fee."""
    to_come, is_open = state.to_come(), state.open_rows()
    due = sum(row.owes_in_all() for row in is_open if row.due_on <= state.today or row.is_draw)
    later = [row for row in is_open if row.kind == "charge" and row.due_on > state.today]
    principal, broken = balance_of(to_come), 0
    if to_come:
        ahead = sum(row.gone(INTEREST) for row in to_come)
        broken = max(0, broken_interest(state, to_come, state.today) - ahead)
    fee = half_up(principal * state.terms.early_fee)
    return Payoff(due, broken, state.charges_of([*to_come, *later]), principal, fee)


def payment(state: State, fact: Fact) -> None:
    """Use a payment: for what is owed, then as the payer wants."""
    amount = fact["amount"]
    is_credit = fact["payment"] == "goodwill_credit"
    state.books.post("goodwill_expense" if is_credit else "settlement", SUSPENSE, amount)
    use = begin_use(state, fact.name, amount)
    left = share(state, amount, in_force(state, state.terms.order_of(fact["payment"])), use)
    if left and state.to_come():
        left = _as_wanted(state, fact, left, use)
    keep(state, left, use)


def _as_wanted(state: State, fact: Fact, left: int, use: Use) -> int:
    wanted = fact["instruction"]
    if wanted == "none" and fact["payment"] in ("early", "payoff"):
        wanted = state.terms.early_mode
    if wanted in ("shorten", "reduce"):
        return _repay_early(state, left, use, keeps_level=wanted == "shorten")
    if wanted == "next":
        return share(state, left, IN_ADVANCE_AS_PLANNED, use)
    if wanted == "last":
        return share(state, left, IN_ADVANCE_FROM_THE_END, use)
    return left


def _repay_early(state: State, left: int, use: Use, *, keeps_level: bool) -> int:
    """Interest so far, then principal with its fee; nothing while anything due is unpaid."""
    ends = payoff(state)
    if ends.due:
        return left
    if left >= ends.total:
        return _pay_off(state, left, use, ends)
    to_come = state.to_come()
    early = left - ends.broken_interest - state.charges_of(to_come)
    rate = state.terms.early_fee
    # At least one unit stays: less than the payoff does not end the loan.
    principal = min(half_up(max(early, 0) / (1 + rate)), ends.principal_to_come - 1)
    if principal < 1:
        return left
    fee = min(early - principal, half_up(principal * rate) + (1 if rate else 0))
    interest, balance = broken_interest(state, to_come, state.today), balance_of(to_come)
    _, old, ahead = fall_due_at_once(
        state, state.today, interest=interest, principal=principal, keeps_rest=True
    )
    new = plan_again(state, old, balance - principal, begins_today=True, keeps_level=keeps_level)
    hand_over_interest(new, ahead)
    return _take_fee(state, share(state, left - fee, PaymentOrder(), use) + fee, fee, use)


def _pay_off(state: State, left: int, use: Use, ends: Payoff) -> int:
    to_come = state.to_come()
    interest, principal = broken_interest(state, to_come, state.today), balance_of(to_come)
    fall_due_at_once(state, state.today, interest=interest, principal=principal, keeps_rest=False)
    call_in_charges(state, state.today)
    state.earn()
    return _take_fee(state, share(state, left, PaymentOrder(), use), ends.fee, use)


def _take_fee(state: State, left: int, fee: int, use: Use) -> int:
    use.early_fee = fee
    state.books.income("fee_income", fee)
    return left - fee
