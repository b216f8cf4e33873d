"""Which rate is charged on which day: contract rates from a day on, pauses, promotions, penalties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from tests.reference.arithmetic import ONE_DAY, half_up
from tests.reference.facts import Fact, Refused
from tests.reference.terms import Terms

E8 = 10**8


@dataclass
class Window:
    """Days from one to another, the last not counted, on which only a share of the rate is charged."""

    starts_on: date
    ends_on: date
    share: Fraction

    def covers(self, day: date) -> bool:
        """Say whether a day lies within."""
        return self.starts_on <= day < self.ends_on


@dataclass
class Rates:
    """The rates as far as they are known."""

    steps: dict[date, Fraction]
    pauses: dict[str, Window] = field(default_factory=dict)
    promotions: dict[str, Window] = field(default_factory=dict)

    def learn(self, fact: Fact) -> None:
        """Take in a fact about rates."""
        if fact.what == "rate_changed":
            self.steps[fact.on] = fact["rate"]
        elif fact.what == "interest_paused":
            self.pauses[fact.name] = Window(fact.on, fact["until"], Fraction(0))
        elif fact.what == "promotion_granted":
            self.promotions[fact.name] = Window(fact.on, fact["until"] or date.max, fact["share"])
        else:
            promotion = self.promotions[fact["of"]]
            promotion.ends_on = min(promotion.ends_on, fact.on)
        for windows in (self.pauses, self.promotions):
            _require_apart([one for one in windows.values() if one.starts_on < one.ends_on])

    def begin_again(self, day: date, rate: Fraction) -> None:
        """Let the rate of new terms hold from a day on; pauses and promotions stay."""
        self.steps = {on: step for on, step in self.steps.items() if on < day} | {day: rate}

    def contract(self, day: date) -> Fraction:
        """Return the contract rate of a day."""
        return self.steps[max(on for on in self.steps if on <= day)]

    def charged(self, day: date) -> Fraction:
        """Return what is charged on a day: nothing in a pause, a share in a promotion."""
        if any(pause.covers(day) for pause in self.pauses.values()):
            return Fraction(0)
        share = next((one.share for one in self.promotions.values() if one.covers(day)), Fraction(1))
        return self.contract(day) * share

    def penalty(self, day: date, terms: Terms) -> Fraction:
        """Return the rate of overdue money: the contract's raised, to eight decimals, up to the ceiling."""
        raised = Fraction(half_up(self.contract(day) * (1 + terms.uplift) * E8), E8)
        return min(raised, terms.ceiling)

    def on_unpaid_interest(self, day: date, terms: Terms, matures_on: date) -> Fraction:
        """Return the rate of compound interest on a day."""
        if terms.compound == "off":
            return Fraction(0)
        if terms.compound == "contract_until_maturity" and day < matures_on:
            return self.contract(day)
        return self.penalty(day, terms)

    def stretches(self, start: date, end: date) -> list[tuple[date, date]]:
        """Cut a period wherever another rate begins to be charged."""
        windows = [
            one for one in (*self.pauses.values(), *self.promotions.values()) if one.starts_on < one.ends_on
        ]
        edges = {*self.steps, *(one.starts_on for one in windows), *(one.ends_on for one in windows)}
        cuts = [edge for edge in sorted(edges) if start < edge < end]
        changes = [edge for edge in cuts if self.charged(edge) != self.charged(edge - ONE_DAY)]
        days = [start, *changes, end]
        return list(pairwise(days))


def _require_apart(windows: list[Window]) -> None:
    for one in windows:
        for other in windows:
            if one is not other and one.starts_on <= other.starts_on < one.ends_on:
                raise Refused("rates")
