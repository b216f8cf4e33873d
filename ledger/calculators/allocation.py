"""The calculator ``allocation``: how a payment is shared out over instalments.

Owns: its input and answer. Refuses to know: the walk over the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Whole
from ledger.calculators.plan_fields import CURRENCY
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import money
from ledger.domain.allocation import STANDARD_ORDER, InstalmentBuckets
from ledger.domain.allocation_rules import (
    PRINCIPAL_FIRST_AFTER_DPD,
    AdvanceOrder,
    AllocationMode,
    DatedDue,
    Rule,
    Share,
    Timing,
    default_rules,
    share_out,
)
from ledger.kernel.frequencies import COUNT_MAX

RULES: Final = tuple(Rule(timing, bucket).name for timing in Timing for bucket in STANDARD_ORDER)
INSTALMENT: Final = Shape(
    {
        "number": Field(Whole(1, COUNT_MAX), "Which instalment."),
        "due_on": Field(Day(), "Its due date."),
        **{bucket: Field(Amount(zero=True), f"Unpaid {bucket}.", default="0") for bucket in STANDARD_ORDER},
    }
)
FIELDS: Final = {
    "currency": CURRENCY,
    "amount": Field(Amount(), "What is paid."),
    "on": Field(Day(), "The value date of the payment."),
    "instalments": Field(Many(INSTALMENT, minimum=1, maximum=COUNT_MAX), "What is owed."),
    "order": Field(
        Many(Choice(STANDARD_ORDER), minimum=5, maximum=5),
        "The order of the five parts, for past due instalments and then for the one due today.",
        default=None,
        convention=True,
    ),
    "rules": Field(
        Many(Choice(RULES), minimum=1, maximum=len(RULES)),
        "The full order instead; only what it names is paid.",
        default=None,
        convention=True,
    ),
    "mode": Field(
        Choice.of(AllocationMode),
        "Instalment after instalment, or part after part over all instalments.",
        default="by_instalment",
        convention=True,
    ),
    "advance": Field(
        Choice.of(AdvanceOrder),
        "Where a rule in advance begins.",
        default="next",
        convention=True,
    ),
    "days_past_due": Field(Whole(0, 20_000), "If not counted from the oldest due date.", default=None),
    "principal_first_after_dpd": Field(
        Whole(0, 20_000),
        "Beyond so many days past due, principal of past due instalments comes first.",
        default=PRINCIPAL_FIRST_AFTER_DPD,
        convention=True,
    ),
    "surplus": Field(
        Choice(("suspense", "prepayment")),
        "What becomes of money no rule has a use for; a prepayment only on the borrower's instruction.",
        default="suspense",
        convention=True,
    ),
}


def compute_allocation(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each instalment received, in which order, and what is left over."""
    currency, on = values["currency"], values["on"]
    dues = [_due(instalment) for instalment in values["instalments"]]
    if len({due.buckets.number for due in dues}) < len(dues):
        raise InputContradictory("Instalments have numbers of their own.", field="instalments")
    days = _days_past_due(values, dues)
    shared = share_out(
        amount_minor=values["amount"],
        on=on,
        dues=dues,
        rules=_rules(values),
        mode=AllocationMode(values["mode"]),
        advance=AdvanceOrder(values["advance"]),
        days_past_due=days,
        principal_first_after_dpd=values["principal_first_after_dpd"],
    )
    return {
        "days_past_due": days,
        "principal_first": shared.principal_first,
        "order_used": [rule.name for rule in shared.rules],
        "steps": [_step(share, currency) for share in shared.shares],
        "instalments": [_instalment(due, shared.shares, currency) for due in dues],
        "allocated": money(values["amount"] - shared.left_over_minor, currency),
        values["surplus"]: money(shared.left_over_minor, currency),
    }


def _due(values: Mapping[str, Any]) -> DatedDue:
    amounts = {f"{bucket}_minor": values[bucket] for bucket in STANDARD_ORDER}
    return DatedDue(values["due_on"], InstalmentBuckets(number=values["number"], **amounts))


def _rules(values: Mapping[str, Any]) -> tuple[Rule, ...]:
    if values["order"] is not None and values["rules"] is not None:
        raise InputContradictory("Rules say everything; an order is given instead of them.", field="order")
    if values["rules"] is not None:
        return tuple(Rule.named(name) for name in values["rules"])
    return default_rules(order=values["order"] or STANDARD_ORDER)


def _days_past_due(values: Mapping[str, Any], dues: list[DatedDue]) -> int:
    if values["days_past_due"] is not None:
        days: int = values["days_past_due"]
        return days
    past = [due.due_on for due in dues if due.due_on < values["on"] and due.buckets.total_minor]
    return (values["on"] - min(past)).days if past else 0


def _step(share: Share, currency: str) -> dict[str, Any]:
    return {
        "instalment": share.number,
        "rule": share.rule.name,
        "amount": money(share.amount_minor, currency),
    }


def _instalment(due: DatedDue, shares: tuple[Share, ...], currency: str) -> dict[str, Any]:
    given = dict.fromkeys(STANDARD_ORDER, 0)
    for share in shares:
        if share.number == due.buckets.number:
            given[share.rule.bucket] += share.amount_minor
    paid = {bucket: money(minor, currency) for bucket, minor in given.items()}
    total = sum(given.values())
    return {
        "number": due.buckets.number,
        **paid,
        "total": money(total, currency),
        "left": money(due.buckets.total_minor - total, currency),
    }


ALLOCATION = register(
    Calculator(
        name="allocation",
        title="How a payment is shared out",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "amount": "2500.00",
            "on": "2024-04-20",
            "instalments": [
                {
                    "number": 1,
                    "due_on": "2024-03-05",
                    "penalty": "40.00",
                    "compound": "1.20",
                    "interest": "96.00",
                    "principal": "2000.00",
                },
                {
                    "number": 2,
                    "due_on": "2024-04-05",
                    "penalty": "12.00",
                    "interest": "72.00",
                    "principal": "2000.00",
                },
            ],
        },
        compute=compute_allocation,
    )
)
