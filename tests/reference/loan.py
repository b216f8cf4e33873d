"""The reference loan: its terms and its facts, and its position on any day.

``ReferenceLoan(terms, facts).on(day)`` walks from the first day to that one: in the morning arrears are
looked at and an overpayment pays what falls due, then the facts of the day happen in their order, then the
night passes and everything that bears interest or a penalty costs one day more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tests.reference import changes, decisions, early, money
from tests.reference.facts import Fact, standing
from tests.reference.position import Position, position_of
from tests.reference.rates import Rates
from tests.reference.state import State
from tests.reference.terms import Terms

HAPPENINGS: dict[str, Callable[[State, Fact], None]] = {
    "rate_changed": changes.rates_changed,
    "interest_paused": changes.rates_changed,
    "promotion_granted": changes.rates_changed,
    "promotion_ended": changes.rates_changed,
    "disbursed": changes.disbursed,
    "plan_changed": changes.plan_changed,
    "charge_added": decisions.charge_added,
    "charge_waived": decisions.charge_waived,
    "charge_adjusted": decisions.charge_adjusted,
    "interest_waived": decisions.interest_waived,
    "penalty_waived": decisions.penalty_waived,
    "payment": early.payment,
    "recovered": money.recovered,
    "refunded": money.refunded,
    "chargeback": money.charged_back,
    "accelerated": changes.accelerated,
    "non_accrual_started": decisions.non_accrual_started,
    "non_accrual_ended": decisions.non_accrual_ended,
    "charged_off": decisions.charged_off,
    "written_off": decisions.given_up,
    "settled_at_discount": decisions.given_up,
    "sold": decisions.sold,
}


@dataclass(frozen=True)
class ReferenceLoan:
    """A loan by its terms and its facts, in whatever order they arrived."""

    terms: Terms
    facts: tuple[Fact, ...]

    def with_fact(self, fact: Fact) -> ReferenceLoan:
        """Return the loan when one more fact has arrived."""
        return ReferenceLoan(self.terms, (*self.facts, fact))

    def on(self, day: date) -> Position:
        """Return the position of a day, after everything that happened on it. Raises Refused."""
        facts = standing(self.facts, day)
        return position_of(_replayed(self.terms, facts, day), frozenset(reversed_by(self.facts, day)))


def _replayed(terms: Terms, facts: list[Fact], day: date) -> State:
    state = begun(terms, facts, day)
    live_until(state, facts, day)
    return live_the_day(state, facts)


def begun(terms: Terms, facts: list[Fact], day: date) -> State:
    """Return the loan on the morning of its first fact, or of the day if there is none."""
    first = min((fact.on for fact in facts), default=day)
    return State(terms, Rates({date.min: terms.contract.rate}), first)


def live_until(state: State, facts: list[Fact], day: date) -> None:
    """Live every day before a day, and the nights after them."""
    happening: dict[date, list[Fact]] = {}
    for fact in facts:
        happening.setdefault(fact.on, []).append(fact)
    while state.today < day:
        _live(state, happening.get(state.today, []))
        state.let_the_night_pass()


def live_the_day(state: State, facts: list[Fact]) -> State:
    """Live the day that has begun, up to its evening."""
    _live(state, [fact for fact in facts if fact.on == state.today])
    state.earn()
    return state


def _live(state: State, facts: list[Fact]) -> None:
    _begin_the_day(state)
    for fact in facts:
        HAPPENINGS[fact.what](state, fact)
        if state.sold_on is not None:
            decisions.hand_over_to_the_buyer(state)
        elif state.given_up is not None:
            decisions.give_up_what_is_owed(state)
        state.earn()


def _begin_the_day(state: State) -> None:
    state.watch_arrears()
    if state.overpaid and any(row.due_on == state.today and row.is_open() for row in state.rows):
        money.spend_overpayment(state)


def reversed_by(facts: Iterable[Fact], day: date) -> Iterable[str]:
    """Yield the names of the facts that were reversed by a day."""
    return (
        fact.of or "" for fact in facts if fact.on <= day and fact.what.endswith(("_reversed", "_undone"))
    )
