"""One loan as the reference knows it: its terms, the facts of its life so far, and its position on a day.

The reference walks from the first day. Here it goes on from the morning on which it was last asked, as long as
nothing has become known of the days before; that is the same walk, in less time.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from tests.reference.facts import Fact, standing
from tests.reference.loan import begun, live_the_day, live_until, reversed_by
from tests.reference.position import Position, position_of
from tests.reference.state import State
from tests.reference.terms import Terms
from tests.twice.expecting import ASKED
from tests.twice.parts import KnownParts


@dataclass
class KnownLoan:
    """``paid_from`` says on which account the money of a fact moved; ``morning`` is a walk to be gone on with."""

    loan_id: UUID
    product: str
    terms: Terms
    account_id: UUID
    line_id: UUID
    facts: list[Fact] = field(default_factory=list)
    paid_from: dict[str, UUID] = field(default_factory=dict)
    parts: KnownParts | None = None
    morning: tuple[date, list[Fact], bytes] | None = None

    @property
    def paid_out_on(self) -> date:
        """Return the day of the payout, which is the first fact."""
        return self.facts[0].on

    def fact(self, what: str, on: date, says: dict[str, Any]) -> Fact:
        """Return a fact that somebody asks to be recorded."""
        return Fact(what, ASKED, on, len(self.facts) + 1, says)

    def take(self, fact: Fact, *, name: str, account_id: UUID | None = None) -> None:
        """Know of one more fact, by the name it was recorded under."""
        self.facts.append(Fact(fact.what, name, fact.on, len(self.facts) + 1, fact.says))
        if account_id is not None:
            self.paid_from[name] = account_id

    def named(self, name: str) -> Fact | None:
        """Return the fact of a name."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def on(self, day: date, *also: Fact, known_on: date | None = None) -> Position:
        """Return the position of a day, with more facts if given; reversals count that were known on a day.

        Raises Refused.
        """
        facts = [*self.facts, *also]
        counted = [fact for fact in standing(facts, known_on or day) if fact.on <= day]
        state = self._at_dawn(counted, day)
        return position_of(live_the_day(state, counted), frozenset(reversed_by(facts, day)))

    def _at_dawn(self, facts: list[Fact], day: date) -> State:
        state = self._gone_on_with(facts, day) or begun(self.terms, facts, day)
        live_until(state, facts, day)
        if self.morning is None or day >= self.morning[0]:
            self.morning = (day, _before(facts, day), pickle.dumps(state))
        return state

    def _gone_on_with(self, facts: list[Fact], day: date) -> State | None:
        if self.morning is None:
            return None
        kept_on, known, kept = self.morning
        if day < kept_on or _before(facts, kept_on) != known:
            return None
        state: State = pickle.loads(kept)
        return state


def _before(facts: Iterable[Fact], day: date) -> list[Fact]:
    return [fact for fact in facts if fact.on < day]
