"""The calculator ``limit-change``: what a limit becomes after behaviour, receipts and a festival.

Owns: its input and answer, and the order of the changes. Refuses to know: the arithmetic (policies).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Name, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import money
from ledger.kernel.currencies import scale_of
from lending.calculators.seller_fields import BasisPoints
from lending.policies.limit_changes import (
    MOVES,
    ChangedLimit,
    Festival,
    Receipt,
    available,
    by_behaviour,
    by_festival,
    by_receipts,
)
from lending.policies.limit_policy import BPS

_BEHAVIOUR: Final = Shape(
    {
        "decision": Field(Choice(MOVES), "What the B card decided."),
        "share": Field(BasisPoints(0, BPS), "Part of the limit it moves by.", default="0.2"),
    }
)
_RECEIPT: Final = Shape(
    {
        "payer": Field(Name(), "Who paid; a payer counts once a day."),
        "amount": Field(Amount(), "What was paid."),
        "refunded": Field(Switch(), "It was paid back.", default=False),
        "linked": Field(Switch(), "The payer is linked with the seller.", default=False),
    }
)
_RAISE_DAY: Final = Shape(
    {
        "on": Field(Day(), "The raise day."),
        "receipts": Field(Many(_RECEIPT, maximum=1_000), "What was received on it."),
    }
)
_FESTIVAL: Final = Shape(
    {
        "from": Field(Day(), "First day."),
        "until": Field(Day(), "Last day, which is raised as well."),
        "factor": Field(BasisPoints(BPS, 3 * BPS), "What the limit is multiplied by.", default="1.3"),
    }
)
FIELDS: Final = {
    "currency": CURRENCY,
    "on": Field(Day(), "The day whose limit is asked for."),
    "limit": Field(Amount(zero=True), "The limit before any change."),
    "outstanding": Field(Amount(zero=True), "Principal that is drawn.", default="0"),
    "behaviour": Field(_BEHAVIOUR, "A decision of the B card.", default=None),
    "raise_days": Field(
        Many(_RAISE_DAY, maximum=100), "Days on which receipts raise the limit, up to that day.", default=[]
    ),
    "festival": Field(_FESTIVAL, "A rise for some days.", default=None),
    "frozen": Field(Switch(), "No new draws; what is drawn stays and can be repaid.", default=False),
    "each_receipt": Field(Whole(0, 10**6), "Added for a receipt, whole units.", default=50, convention=True),
    "receipt_min": Field(Whole(0, 10**6), "The smallest receipt that counts.", default=1, convention=True),
    "limit_max": Field(
        Whole(1, 10**9), "No change raises a limit above it.", default=500_000, convention=True
    ),
    "step": Field(
        Whole(1, 10**6),
        "A limit that behaviour moves is rounded down to a multiple of it.",
        default=100,
        convention=True,
    ),
}


def compute_limit_change(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return every change in order, the limit of the day, and what can still be drawn."""
    currency, limit_minor, steps = values["currency"], values["limit"], []
    for name, how, changed in _changes(values, unit_minor=10 ** scale_of(currency)):
        limit_minor = changed.after_minor
        steps.append(
            {
                "change": name,
                "from": money(changed.before_minor, currency),
                "to": money(changed.after_minor, currency),
                "how": how,
            }
        )
    left = available(limit_minor, outstanding_minor=values["outstanding"], frozen=values["frozen"])
    return {
        "changes": steps,
        "limit": money(limit_minor, currency),
        "outstanding": money(values["outstanding"], currency),
        "available": money(left, currency),
        "notice": limit_minor != values["limit"] or values["frozen"],
        "how": "frozen: nothing can be drawn"
        if values["frozen"]
        else f"limit less outstanding, at least 0: {money(left, currency)}; nothing is called in",
    }


def _changes(values: Mapping[str, Any], *, unit_minor: int) -> list[tuple[str, str, ChangedLimit]]:
    """Return the changes that were asked for: behaviour, then raise days by date, then the festival."""
    limit_minor, cap_minor, found = values["limit"], values["limit_max"] * unit_minor, []
    behaviour, festival = values["behaviour"], values["festival"]
    if behaviour is not None:
        changed = by_behaviour(
            limit_minor,
            move=behaviour["decision"],
            share_bps=behaviour["share"],
            step_minor=values["step"] * unit_minor,
            cap_minor=cap_minor,
        )
        limit_minor = changed.after_minor
        how = "kept as it is" if behaviour["decision"] == "keep" else "rounded down to the step"
        found.append((f"behaviour:{behaviour['decision']}", how, changed))
    for day in _raise_days(values):
        changed = by_receipts(
            limit_minor,
            receipts=[Receipt(**_receipt(row)) for row in day["receipts"]],
            each_minor=values["each_receipt"] * unit_minor,
            least_minor=values["receipt_min"] * unit_minor,
            cap_minor=cap_minor,
        )
        limit_minor = changed.after_minor
        how = f"{changed.count} of {len(day['receipts'])} receipts count, {values['each_receipt']} each"
        found.append((f"receipts:{day['on'].isoformat()}", how, changed))
    if festival is not None:
        overlay = Festival(festival["from"], festival["until"], festival["factor"])
        changed = by_festival(limit_minor, festival=overlay, on=values["on"], cap_minor=cap_minor)
        found.append(("festival", _festival_sentence(festival, values["on"]), changed))
    return found


def _raise_days(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the raise days up to the day that is asked for. Refuses InputContradictory for one given twice."""
    days: list[Mapping[str, Any]] = values["raise_days"]
    if len({day["on"] for day in days}) < len(days):
        raise InputContradictory("A raise day is given once.", field="raise_days")
    return sorted((day for day in days if day["on"] <= values["on"]), key=lambda day: day["on"])


def _receipt(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "payer": row["payer"],
        "amount_minor": row["amount"],
        "refunded": row["refunded"],
        "linked": row["linked"],
    }


def _festival_sentence(festival: Mapping[str, Any], on: date) -> str:
    if festival["from"] > festival["until"]:
        raise InputContradictory("A festival ends on or after its first day.", field="festival.until")
    running = festival["from"] <= on <= festival["until"]
    return "raised for the day, to the minor unit, down" if running else "not running on this day"


LIMIT_CHANGE = register(
    Calculator(
        name="limit-change",
        title="A limit after behaviour, receipts and a festival",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "on": "2024-11-11",
            "limit": "122400.00",
            "outstanding": "130000.00",
            "festival": {"from": "2024-11-01", "until": "2024-11-15", "factor": "1.3"},
        },
        compute=compute_limit_change,
    )
)
