"""A loan whose facts become known in the order of their value dates, as those told by other books do.

Owns: replaying the days gone by once for all facts that follow, and seeing which facts reach into them.
Refuses to know: what facts do, and who tells them. Its positions are those of ``derive``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.domain.servicing.deriving import derive, new_life, replay
from ledger.domain.servicing.fact_order import in_order
from ledger.domain.servicing.facts import Fact, PaymentReceived
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.position import Position
from ledger.domain.servicing.standing import position_of
from ledger.domain.servicing.terms import ServicingTerms


class Unfolding:
    """Facts told so far. A payment adds to the day it is of; any other fact has the life replayed with it."""

    def __init__(self, terms: ServicingTerms, facts: Iterable[Fact]) -> None:
        """Begin with what is known; refuses what ``derive`` does."""
        self._terms, self._facts = terms, list(facts)
        self._begin_again()

    def position(self, on: date) -> Position:
        """Return the position of a day on or after the last fact's."""
        return self._after((), on)

    def with_fact(self, fact: Fact) -> Position:
        """Return the position of a fact's day had it been told. Refuses what ``derive`` does."""
        on = fact.effective_date
        if not self._only_adds(fact):
            return derive(self._terms, [*self._facts, fact], on=on)
        in_order([fact], on=on)
        return self._after((fact,), on)

    def tell(self, fact: Fact) -> None:
        """Take a fact whose position has been asked for."""
        self._facts.append(fact)
        if self._only_adds(fact):
            self._go_on_to(fact.effective_date)
            self._today.append(fact)
            self._ids.add(fact.id)
        else:
            self._begin_again()

    def _only_adds(self, fact: Fact) -> bool:
        return isinstance(fact, PaymentReceived) and fact.id not in self._ids

    def _begin_again(self) -> None:
        self._day = max(fact.effective_date for fact in self._facts)
        ordered, self._undone = in_order(self._facts, on=self._day)
        self._ids = {fact.id for fact in self._facts}
        self._today = [fact for fact in ordered if fact.effective_date == self._day]
        self._life = new_life(self._terms, ordered)
        replay(self._life, ordered[: len(ordered) - len(self._today)])

    def _go_on_to(self, on: date) -> None:
        if on > self._day:
            replay(self._life, _sorted(self._today))
            self._today, self._day = [], on

    def _after(self, more: Iterable[Fact], on: date) -> Position:
        self._go_on_to(on)
        life: Life = self._life.fork()
        replay(life, _sorted([*self._today, *more]))
        life.advance(on)
        return position_of(life, on=on, undone=self._undone)


def _sorted(of_one_day: Iterable[Fact]) -> list[Fact]:
    return sorted(of_one_day, key=lambda fact: (fact.day_order, fact.sequence, fact.id))
