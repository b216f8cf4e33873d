"""The facts of a loan as a calculator takes them: one object each, in any order.

Owns: the kinds of facts by their outside names, which fields each kind needs or may have, and their reading.
Refuses to know: what facts lead to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.calculators.fields import Amount, Choice, Day, Name, Rate, Switch, Whole
from ledger.calculators.plan_fields import NESTED_PLAN
from ledger.calculators.plan_reading import plan_terms
from ledger.calculators.refusals import InputContradictory, InputFieldMissing
from ledger.calculators.shapes import Field, Shape
from ledger.domain.servicing import facts as kinds
from ledger.kernel.rates import RATE_UNIT

FACTS_MAX: Final = 2000


@dataclass(frozen=True)
class FactKind:
    """A class of facts, the fields it needs and those it may have besides."""

    made: type[kinds.Fact]
    needs: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()


FACT_KINDS: Final[Mapping[str, FactKind]] = {
    "disbursed": FactKind(kinds.Disbursed, ("amount",)),
    "disbursement_reversed": FactKind(kinds.DisbursementReversed, ("of",)),
    "payment": FactKind(kinds.PaymentReceived, ("amount",), ("payment", "instruction")),
    "payment_reversed": FactKind(kinds.PaymentReversed, ("of",)),
    "refunded": FactKind(kinds.Refunded, ("amount",)),
    "chargeback": FactKind(kinds.Chargeback, ("of", "amount")),
    "charge_added": FactKind(kinds.ChargeAdded, ("amount", "due_on"), ("late_fee",)),
    "charge_waived": FactKind(kinds.ChargeWaived, ("of",), ("amount",)),
    "charge_adjusted": FactKind(kinds.ChargeAdjusted, ("of", "amount")),
    "interest_waived": FactKind(kinds.InterestWaived, (), ("amount",)),
    "penalty_waived": FactKind(kinds.PenaltyWaived, (), ("amount",)),
    "rate_changed": FactKind(kinds.RateChanged, ("annual_rate",)),
    "interest_paused": FactKind(kinds.InterestPaused, ("until",)),
    "promotion_granted": FactKind(kinds.PromotionGranted, ("share",), ("until",)),
    "promotion_ended": FactKind(kinds.PromotionEnded, ("of",)),
    "plan_changed": FactKind(
        kinds.PlanChanged, ("change",), ("terms", "due_on", "takes_overdue", "open_interest")
    ),
    "accelerated": FactKind(kinds.Accelerated, ("due_on",)),
    "non_accrual_started": FactKind(kinds.NonAccrualStarted),
    "non_accrual_ended": FactKind(kinds.NonAccrualEnded),
    "charged_off": FactKind(kinds.ChargedOff),
    "written_off": FactKind(kinds.WrittenOff),
    "settled_at_discount": FactKind(kinds.SettledAtDiscount),
    "sold": FactKind(kinds.Sold, ("price", "buyer")),
    "sale_undone": FactKind(kinds.SaleUndone, ("of",)),
    "charge_off_undone": FactKind(kinds.ChargeOffUndone, ("of",)),
    "change_undone": FactKind(kinds.ChangeUndone, ("of",)),
    "recovered": FactKind(kinds.Recovered, ("amount",)),
}
FACT: Final = Shape(
    {
        "kind": Field(Choice(tuple(FACT_KINDS)), "What happened."),
        "id": Field(Name(), "What other facts call it; its place in the list, if not given.", default=None),
        "on": Field(Day(), "Its value date."),
        "sequence": Field(Whole(0, 10**9), "Orders facts of one kind and day; by place.", default=None),
        "amount": Field(Amount(), "How much; a waiver without it is of everything.", default=None),
        "price": Field(Amount(), "What a buyer paid for the loan.", default=None),
        "buyer": Field(Name(), "Who bought the loan; a reference without names.", default=None),
        "of": Field(Name(), "The id of the fact it refers to.", default=None),
        "due_on": Field(Day(), "When a charge, or everything to come, falls due.", default=None),
        "until": Field(Day(), "The first day without a pause or promotion.", default=None),
        "payment": Field(Choice.of(kinds.PaymentKind), "What the payment is; an instalment.", default=None),
        "instruction": Field(
            Choice.of(kinds.Instruction), "What money beyond everything due is for.", default=None
        ),
        "annual_rate": Field(Rate(), "The new contract rate.", default=None),
        "share": Field(Rate(RATE_UNIT), "Part of the rate that is charged.", default=None),
        "late_fee": Field(Switch(), "Counts towards the ceiling on overdue amounts.", default=None),
        "change": Field(Choice.of(kinds.ChangeKind), "Why it is planned again.", default=None),
        "terms": Field(
            NESTED_PLAN, "The new plan from the day on; its principal does not count.", default=None
        ),
        "takes_overdue": Field(Switch(), "Overdue rows are planned again as well.", default=None),
        "open_interest": Field(
            Choice.of(kinds.OpenInterest), "What becomes of unpaid interest; carried.", default=None
        ),
    }
)
_COMMON: Final = frozenset({"kind", "id", "on", "sequence"})
_NAMES: Final = {
    "amount": "amount_minor",
    "price": "price_minor",
    "annual_rate": "rate_e8",
    "share": "share_e8",
    "late_fee": "is_late_fee",
    "open_interest": "interest",
}
_MADE: Final = {
    "payment": kinds.PaymentKind,
    "instruction": kinds.Instruction,
    "change": kinds.ChangeKind,
    "open_interest": kinds.OpenInterest,
}


def read_facts(given: Sequence[Mapping[str, Any]], *, currency: str) -> list[kinds.Fact]:
    """Return the facts. Refuses InputFieldMissing, InputContradictory, and what terms refuse."""
    return [_fact(values, place, currency) for place, values in enumerate(given)]


def _fact(values: Mapping[str, Any], place: int, currency: str) -> kinds.Fact:
    kind = FACT_KINDS[values["kind"]]
    _require_fields(values, kind, f"facts[{place}]")
    payload: dict[str, Any] = {}
    for name in (*kind.needs, *kind.may_have):
        if values[name] is not None:
            value = _MADE[name](values[name]) if name in _MADE else values[name]
            payload[_NAMES.get(name, name)] = value
    if "terms" in payload:
        if payload["terms"]["currency"] not in (None, currency):
            raise InputContradictory("All terms are in one currency.", field=f"facts[{place}].terms.currency")
        payload["terms"] = plan_terms(payload["terms"])
    return kind.made(
        id=values["id"] or f"#{place + 1}",
        effective_date=values["on"],
        sequence=place if values["sequence"] is None else values["sequence"],
        **payload,
    )


def _require_fields(values: Mapping[str, Any], kind: FactKind, where: str) -> None:
    for name in kind.needs:
        if values[name] is None:
            raise InputFieldMissing("A fact of this kind needs this field.", field=f"{where}.{name}")
    for name, value in values.items():
        if value is not None and name not in _COMMON and name not in (*kind.needs, *kind.may_have):
            raise InputContradictory("A fact of this kind has no such field.", field=f"{where}.{name}")
