"""What happened to a loan: dated facts in any order, and which of them count on a day.

A fact is one record: what it is, whose it is, its value date, its number, and what it says besides. Nothing
is refused because of an amount owed: only a fact that is not sound, or speaks of one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


class Refused(Exception):
    """A fact that cannot be; ``reason`` is a word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Fact:
    """``says`` holds amounts (whole minor units), dates, and ``of``: the fact this one speaks of."""

    what: str
    name: str
    on: date
    number: int
    says: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, word: str) -> Any:
        return self.says[word]

    @property
    def of(self) -> str | None:
        """Return the name of the fact this one speaks of."""
        return self.says.get("of")


# Within a day, in this order.
ORDER_OF_A_DAY = (
    ("rate_changed", "interest_paused", "promotion_granted", "promotion_ended"),
    ("disbursed",),
    ("plan_changed",),
    ("charge_added",),
    ("charge_waived", "charge_adjusted", "interest_waived", "penalty_waived"),
    ("payment", "recovered"),
    ("refunded", "chargeback"),
    ("accelerated", "non_accrual_started", "non_accrual_ended"),
    ("charged_off", "written_off", "settled_at_discount", "sold"),
)
PLACE = {what: place for place, group in enumerate(ORDER_OF_A_DAY) for what in group}
MONEY = ("payment", "recovered", "refunded", "chargeback")
OFF = ("charged_off", "written_off", "settled_at_discount")
SPEAKS_OF = {
    "promotion_ended": ("promotion_granted",),
    "charge_waived": ("charge_added",),
    "charge_adjusted": ("charge_added",),
    "chargeback": ("payment", "recovered"),
    "payment_reversed": MONEY,
    "disbursement_reversed": ("disbursed",),
    "charge_off_undone": OFF,
    "sale_undone": ("sold",),
    "change_undone": tuple(what for what in PLACE if what not in (*MONEY, *OFF, "disbursed", "sold")),
}
REVERSALS = ("payment_reversed", "disbursement_reversed", "charge_off_undone", "sale_undone", "change_undone")


def standing(facts: Iterable[Fact], day: date) -> list[Fact]:
    """Return the facts of the days up to this one that have not been reversed by it, in their order."""
    known = [fact for fact in facts if fact.on <= day]
    by_name = {fact.name: fact for fact in known}
    if len(by_name) != len(known):
        raise Refused("repeated")
    for fact in known:
        _require_sound(fact)
        if fact.what in SPEAKS_OF:
            other = by_name.get(fact.of or "")
            if other is None or other.on > fact.on or other.what not in SPEAKS_OF[fact.what]:
                raise Refused("unknown")
    reversed_names = [fact.of for fact in known if fact.what in REVERSALS]
    if len(set(reversed_names)) != len(reversed_names):
        raise Refused("twice")
    left = [
        fact
        for fact in known
        if fact.what not in REVERSALS and fact.name not in reversed_names and fact.of not in reversed_names
    ]
    return sorted(left, key=lambda fact: (fact.on, PLACE[fact.what], fact.number, fact.name))


def _require_sound(fact: Fact) -> None:
    for word in ("amount", "price"):
        amount = fact.says.get(word)
        if amount is not None and amount < 1:
            raise Refused("unsound")
    if fact.what == "sold" and not fact["buyer"].strip():
        raise Refused("unsound")
    until, due_on = fact.says.get("until"), fact.says.get("due_on")
    if until is not None and until <= fact.on:
        raise Refused("unsound")
    if due_on is not None and (due_on < fact.on or (due_on == fact.on and fact.what == "plan_changed")):
        raise Refused("unsound")
    for word in ("rate", "share"):
        if not 0 <= fact.says.get(word, 0) <= 10:
            raise Refused("unsound")
