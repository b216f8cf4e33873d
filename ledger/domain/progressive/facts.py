"""What happened to a loan, each fact with the day from which it counts.

Owns: the kinds of fact and the order in which they are told again. Refuses to know: what they lead to.
Facts of one day come in the order of the list below; equal ones by size, so that the order in which
they became known never matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from typing import Final

from ledger.domain.progressive.payment_rules import DEFAULT_KIND


@dataclass(frozen=True)
class Pause:
    """No interest from ``on`` to ``until``, both days included."""

    on: date
    until: date


@dataclass(frozen=True)
class RateChange:
    """Another annual rate from a day on, in units of 1e-8."""

    on: date
    rate_e8: int


@dataclass(frozen=True)
class Charge:
    """A fee, penalty or compound interest that falls due on a day; known from ``on``."""

    on: date
    due_on: date
    component: str
    amount_minor: int


@dataclass(frozen=True)
class Disbursement:
    """Money lent."""

    on: date
    amount_minor: int


@dataclass(frozen=True)
class ReAmortisation:
    """What is unpaid is spread over the rows that come after this day."""

    on: date


@dataclass(frozen=True)
class Payment:
    """Money received, of a kind that may have its own rules."""

    on: date
    amount_minor: int
    kind: str = DEFAULT_KIND


Fact = Pause | RateChange | Charge | Disbursement | ReAmortisation | Payment
_ORDER: Final[tuple[type, ...]] = (Pause, RateChange, Charge, Disbursement, ReAmortisation, Payment)


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts by day, then by kind, then by their other values."""
    return sorted(facts, key=lambda fact: (fact.on, _ORDER.index(type(fact)), astuple(fact)[1:]))


def has_happened(fact: Fact, *, as_of: date) -> bool:
    """Say whether a fact counts: rates and pauses are agreed beforehand, all else happens on its day."""
    return isinstance(fact, Pause | RateChange) or fact.on <= as_of
