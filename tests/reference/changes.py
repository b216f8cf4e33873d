"""Payouts, changes of rates, new plans and accelerations."""

from __future__ import annotations

from datetime import date, timedelta

from tests.reference.arithmetic import COMPONENTS, COMPOUND, INTEREST, PENALTY, PRINCIPAL, nothing
from tests.reference.facts import Fact, Refused
from tests.reference.money import spend_overpayment
from tests.reference.planning import (
    balance_of,
    begin_plan,
    broken_interest,
    fall_due_at_once,
    hand_over,
    hand_over_interest,
    plan_again,
    take_out,
)
from tests.reference.row import Row
from tests.reference.state import State
from tests.reference.terms import RevolvingTerms


def disbursed(state: State, fact: Fact) -> None:
    """Owe what was paid out: a draw, the first part of a plan, or a further part over the rows to come."""
    amount, contract = fact["amount"], state.terms.contract
    state.disbursed += amount
    state.books.owe_again(PRINCIPAL, amount)
    if isinstance(contract, RevolvingTerms):
        due_on = state.today + timedelta(days=contract.term_days)
        row = state.new_row(fact.name, "draw", due_on, nothing() | {PRINCIPAL: amount})
        row.is_draw = True
        state.add(row)
        state.matures_on = due_on
        return
    if state.disbursed > state.terms.agreed:
        raise Refused("impossible")
    old = state.to_come() if state.plan is not None else []
    if not old:
        begin_plan(state, contract, amount)
    else:
        balance, carried = balance_of(old), state.interest_until(state.today)
        gone = take_out(state, old, state.today)
        new = plan_again(state, old, balance + amount, carried=carried, keeps_level=False)
        hand_over(new, old, gone)
    if state.overpaid:
        spend_overpayment(state)


def rates_changed(state: State, fact: Fact) -> None:
    """Charge another rate: rows to come keep their due dates; a new contract rate sets a new instalment."""
    state.rates.learn(fact)
    old = state.to_come()
    balance = balance_of(old)
    if state.plan is None or balance <= 0:
        return
    is_new_level = (
        fact.what == "rate_changed" and state.plan.method == "equal_instalment" and state.plan.relevels
    )
    carried = state.interest_until(state.today) if old[0].balance_moved else None
    gone = take_out(state, old, state.today)
    new = plan_again(state, old, balance, carried=carried, keeps_level=not is_new_level)
    hand_over(new, old, gone)


def plan_changed(state: State, fact: Fact) -> None:
    """Repay by new terms what is to come, and what is overdue if that is taken as well."""
    state.restructured = state.restructured or fact["change"] == "restructure"
    new = fact.says.get("plan")
    if state.terms.is_revolving or new is None:
        _draws_deferred(state, fact)
        return
    if state.plan is None:
        raise Refused("impossible")
    state.rates.begin_again(state.today, new.rate)
    _plan_replaced(state, fact)
    if state.overpaid:
        spend_overpayment(state)


def _plan_replaced(state: State, fact: Fact) -> None:
    to_come = state.to_come()
    overdue = [row for row in state.open_rows() if row.due_on <= state.today and fact["takes_overdue"]]
    if balance_of([*to_come, *overdue]) == 0:
        return
    rows, ahead = list(overdue), 0
    if to_come:
        early, _, ahead = fall_due_at_once(
            state,
            state.today,
            interest=broken_interest(state, to_come, state.today),
            principal=balance_of(to_come),
            keeps_rest=True,
        )
        rows = [early, *overdue]
    carried = nothing()
    for row in rows:
        if fact["interest"] == "forgiven":
            waive(state, row, INTEREST, row.owes(INTEREST))
        for what, amount in state.move_away(row).items():
            carried[what] += amount
    if fact["interest"] == "capitalised":
        state.earn()
        state.books.settle(INTEREST, carried[INTEREST], PRINCIPAL)
        carried[PRINCIPAL] += carried[INTEREST]
        carried[INTEREST] = 0
    planned = begin_plan(state, fact["plan"], carried[PRINCIPAL])
    for what in COMPONENTS[:-1]:
        planned[0].asks[what] += carried[what]
        planned[0].brought[what] += carried[what]
    hand_over_interest(planned, ahead)


def waive(state: State, row: Row, what: str, amount: int) -> None:
    """Give up a part of a row."""
    if amount:
        state.earn()
        state.take(row, what, amount, row.waived)
        state.books.settle(what, amount, "waiver_expense")


def _draws_deferred(state: State, fact: Fact) -> None:
    due_on = fact.says.get("due_on")
    if not state.terms.is_revolving or fact.says.get("plan") is not None or due_on is None:
        raise Refused("impossible")
    rows = [row for row in state.open_rows() if row.due_on > state.today or fact["takes_overdue"]]
    _due_instead(state, rows, due_on)
    state.matures_on = due_on


def accelerated(state: State, fact: Fact) -> None:
    """Let everything to come fall due on one day."""
    due_on = fact["due_on"]
    if state.terms.is_revolving:
        _due_instead(state, [row for row in state.open_rows() if row.due_on > due_on], due_on)
    elif to_come := state.to_come(due_on):
        interest, principal = broken_interest(state, to_come, due_on), balance_of(to_come)
        fall_due_at_once(state, due_on, interest=interest, principal=principal, keeps_rest=False)
        call_in_charges(state, due_on)
    state.matures_on = due_on
    if state.overpaid:
        spend_overpayment(state)


def call_in_charges(state: State, day: date) -> None:
    """Let charges that are to come fall due on a day."""
    later = [row for row in state.open_rows() if row.kind == "charge" and row.due_on > day]
    _due_instead(state, later, day)


def _due_instead(state: State, rows: list[Row], due_on: date) -> None:
    """Give rows another due date: what being late has cost stays, and nothing is late until then."""
    state.rows = [row for row in state.rows if row not in rows]
    for row in rows:
        row.asks[PENALTY], row.asks[COMPOUND] = row.asked(PENALTY), row.asked(COMPOUND)
        row.penalty = row.compound = 0 * row.penalty
        row.is_penalised = False
        row.due_on, row.starts_on = due_on, min(row.starts_on, due_on, state.today)
        row.grace_ends, row.charged_from = state.grace(due_on)
        state.add(row)
