"""Charges, waivers, and decisions about the whole loan."""

from __future__ import annotations

from fractions import Fraction

from tests.reference.arithmetic import (
    COMPONENTS,
    COMPOUND,
    FEE,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    half_up,
    nothing,
)
from tests.reference.books import SALE
from tests.reference.changes import call_in_charges, waive
from tests.reference.facts import Fact
from tests.reference.money import SUSPENSE, spend_overpayment, use_for_what_is_owed
from tests.reference.planning import balance_of, broken_interest, fall_due_at_once
from tests.reference.row import Row
from tests.reference.state import State


def charge_added(state: State, fact: Fact) -> None:
    """Ask for a fee, if something was paid out; a late fee only as far as the ceiling leaves room."""
    amount = fact["amount"] if state.disbursed else 0
    if fact["is_late_fee"]:
        amount = min(amount, _room_for_late_fees(state))
        state.not_charged += fact["amount"] - amount
    row = state.new_row(fact.name, "charge", fact["due_on"], nothing() | {FEE: amount})
    row.is_late_fee = fact["is_late_fee"]
    state.books.charge(amount)
    state.add(row)
    if state.overpaid and fact["due_on"] <= state.today:
        spend_overpayment(state)


def _room_for_late_fees(state: State) -> int:
    cap, charged = Fraction(0), state.late_fees()
    for row in state.open_rows():
        if state.today > row.grace_ends:
            days = (state.today - row.charged_from).days
            base = row.owes(PRINCIPAL) + row.owes(INTEREST)
            cap += base * state.terms.ceiling * days / state.terms.day_base
            charged += row.owes(PENALTY) + row.owes(COMPOUND)
    return max(0, half_up(cap) - charged)


def _charge(state: State, name: str) -> Row:
    return next(row for row in state.rows if row.kind == "charge" and row.name == name)


def charge_waived(state: State, fact: Fact) -> None:
    """Give up what is unpaid of a charge."""
    _waive_in_turn(state, fact, [(_charge(state, fact["of"]), FEE)])


def charge_adjusted(state: State, fact: Fact) -> None:
    """Take a charge back in part: unpaid first, and what was paid is money for the loan."""
    row = _charge(state, fact["of"])
    most = min(fact["amount"], row.asks[FEE] - row.waived[FEE])
    unpaid = min(most, row.owes(FEE))
    waive(state, row, FEE, unpaid)
    state.waivers.append((fact.name, fact["amount"], most))
    if most > unpaid:
        account = "recovery_income" if state.books.is_off else "fee_income"
        state.books.post(account, SUSPENSE, most - unpaid)
        use_for_what_is_owed(state, fact.name, most - unpaid)


def interest_waived(state: State, fact: Fact) -> None:
    """Give up interest earned so far, the oldest row first."""
    _waive_in_turn(state, fact, [(row, INTEREST) for row in state.open_rows()])


def penalty_waived(state: State, fact: Fact) -> None:
    """Give up penalties, then compound interest, the oldest row first."""
    _waive_in_turn(state, fact, [(row, what) for what in (PENALTY, COMPOUND) for row in state.open_rows()])


def _waive_in_turn(state: State, fact: Fact, parts: list[tuple[Row, str]]) -> None:
    asked, done = fact.says.get("amount"), 0
    for row, what in parts:
        owed = row.owes(what)
        if what == INTEREST:
            owed = row.earned_interest(state.today) - row.gone(INTEREST)
        given = max(0, owed if asked is None else min(owed, asked - done))
        waive(state, row, what, given)
        done += given
    state.waivers.append((fact.name, done if asked is None else asked, done))


def non_accrual_started(state: State, fact: Fact) -> None:
    """Take interest no longer as income."""
    if state.non_accrual_since is None:
        state.earn()
        state.non_accrual_since = fact.on
        state.books.stop_accruing()


def non_accrual_ended(state: State, fact: Fact) -> None:
    """Take interest as income again."""
    del fact
    state.earn()
    state.return_to_accrual()


def charged_off(state: State, fact: Fact) -> None:
    """Take the loan off the books; the claim stays."""
    if state.charged_off_on is None and state.sold_on is None:
        state.earn()
        state.books.leave()
        state.charged_off_on = fact.on


def given_up(state: State, fact: Fact) -> None:
    """Let an overpayment pay what is left, due or not, and give up the rest."""
    if state.sold_on is not None:
        return
    _call_in_everything(state)
    if state.overpaid:
        spend_overpayment(state)
    state.given_up = fact.what


def give_up_what_is_owed(state: State) -> None:
    """Give up everything that is owed; nothing grows any more."""
    _call_in_everything(state)
    for row in state.open_rows():
        for what in COMPONENTS:
            amount = row.owes(what)
            row.waived[what] += amount
            state.books.settle(what, amount, "loss")


def _call_in_everything(state: State) -> None:
    if to_come := state.to_come():
        interest, principal = broken_interest(state, to_come, state.today), balance_of(to_come)
        fall_due_at_once(state, state.today, interest=interest, principal=principal, keeps_rest=False)
    call_in_charges(state, state.today)
    state.earn()


def sold(state: State, fact: Fact) -> None:
    """Take the price for the whole claim; it is handed over in the same moment."""
    if state.sold_on is None:
        state.books.take_price(fact["price"])
        state.sold_on = fact.on


def hand_over_to_the_buyer(state: State) -> None:
    """Let the buyer have everything that is owed."""
    _call_in_everything(state)
    for row in state.open_rows():
        for what in COMPONENTS:
            amount = row.owes(what)
            row.moved[what] += amount
            state.books.settle(what, amount, SALE)
