"""From the fields of ``schedule`` to the dated facts a progressive schedule follows.

Owns: facts with their defaults, the day they are seen on, and how many are answered at once.
Refuses to know: terms, and what facts lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ledger.calculators.plan_reading import row_count
from ledger.calculators.refusals import InputContradictory, InputOutOfBounds
from ledger.domain.progressive.facts import (
    Charge,
    Disbursement,
    Fact,
    Pause,
    Payment,
    RateChange,
    ReAmortisation,
)

# Every payment may work all rows out again, some of them many times; these keep an answer within seconds.
ROWS_MAX: Final = 360
ROWS_SETTLED_MAX: Final = 130_000


def facts_of(values: Mapping[str, Any]) -> list[Fact]:
    """Return the dated facts. Refuses InputContradictory, InputOutOfBounds."""
    given, lent = values["facts"], _disbursements(values)
    if row_count(values) > ROWS_MAX:
        raise InputOutOfBounds(f"There are at most {ROWS_MAX} rows.", field="count", maximum=ROWS_MAX)
    if sum(fact.amount_minor for fact in lent) > values["principal"]:
        raise InputContradictory("Not more is lent than was agreed.", field="facts.disbursements")
    return [
        *lent,
        *(Payment(entry["on"], entry["amount"], entry["kind"]) for entry in given["payments"]),
        *(
            RateChange(entry["from"], entry["annual_rate"] + values["spread"])
            for entry in given["rate_changes"]
        ),
        *(Pause(entry["from"], entry["to"]) for entry in given["pauses"]),
        *(
            Charge(entry["on"], entry["due_on"] or entry["on"], entry["component"], entry["amount"])
            for entry in given["charges"]
        ),
        *(ReAmortisation(entry["on"]) for entry in given["re_amortisations"]),
    ]


def seen_on(values: Mapping[str, Any], facts: list[Fact]) -> date:
    """Return the day the schedule is seen on."""
    if values["as_of"] is not None:
        given: date = values["as_of"]
        return given
    start: date = values["start"]
    return max([start, *(fact.on for fact in facts if not isinstance(fact, Pause | RateChange))])


def _disbursements(values: Mapping[str, Any]) -> list[Disbursement]:
    given = values["facts"]["disbursements"]
    if not given:
        return [Disbursement(values["start"], values["principal"])]
    return [Disbursement(entry["on"], entry["amount"]) for entry in given]
