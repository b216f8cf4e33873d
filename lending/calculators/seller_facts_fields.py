"""The fields of facts beyond turnover and debts, and how they become facts for the rules.

Owns: names, bounds, and which facts contradict each other. Refuses to know: what is decided on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.fields import Amount, Choice, Day, Name, Switch, Whole
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from lending.calculators.exact_fields import Exact
from lending.calculators.seller_fields import BasisPoints, Month
from lending.policies.limit_policy import BPS
from lending.policies.seller_facts import Comparison, SellerFacts

SIGNALS: Final = ("new_device", "unusual_address", "proxy", "virtual_number")
TRANSFER: Final = Shape({"on": Field(Day(), "The day."), "amount": Field(Amount(), "What was moved.")})
COMPARISON: Final = Shape(
    {
        "name": Field(Name(), "What is compared, such as ticket_size or repurchase_rate."),
        "value": Field(Exact(), "The seller's figure."),
        "low": Field(Exact(), "The lowest usual figure of the industry, such as its 5th percentile."),
        "high": Field(Exact(), "The highest one, such as the 95th percentile."),
    }
)
FACT_FIELDS: Final = {
    "born_on": Field(Day(), "The applicant's date of birth.", default=None),
    "identity_matches": Field(
        Switch(), "Identity card, telephone and bank card belong to one person.", default=None
    ),
    "overdue_months": Field(
        Many(Month(), maximum=240), "Months in which anything was overdue, in any credit.", default=[]
    ),
    "overdue_now": Field(Amount(zero=True), "What is overdue today, anywhere.", default=None),
    "overdue_settled_on": Field(Day(), "The day the latest old overdue was settled.", default=None),
    "inquiries_3_months": Field(Whole(0, 10_000), "Credit inquiries in three months.", default=None),
    "penalty_active": Field(Switch(), "A penalty of a platform or of a regulator is running.", default=False),
    "top_5_share": Field(BasisPoints(0, BPS), "Part of sales made to five customers.", default=None),
    "orders_without_logistics": Field(
        BasisPoints(0, BPS), "Part of orders that no courier knows.", default=None
    ),
    "transfers": Field(Many(TRANSFER, maximum=1_000), "Money moved between accounts.", default=[]),
    "applied_hour": Field(Whole(0, 23), "The hour of the application, local time.", default=None),
    "key_changes_7_days": Field(
        Whole(0, 1_000), "Changes of telephone and the like in a week.", default=None
    ),
    "device_signals": Field(
        Many(Choice(SIGNALS), maximum=len(SIGNALS)), "What is unusual about the device.", default=[]
    ),
    "device_applicants_24_hours": Field(
        Whole(0, 10_000), "Applicants that used the same device within a day.", default=None
    ),
    "comparisons": Field(Many(COMPARISON, maximum=50), "Figures beside those of the industry.", default=[]),
}


def seller_facts(values: Mapping[str, Any]) -> SellerFacts:
    """Return the facts. Refuses InputContradictory for days after the application, and empty ranges."""
    for name in ("born_on", "overdue_settled_on"):
        if values[name] is not None and values[name] > values["applied_on"]:
            raise InputContradictory("This day is not after the application.", field=name)
    if any(month > f"{values['applied_on']:%Y-%m}" for month in values["overdue_months"]):
        raise InputContradictory("No month is after the application.", field="overdue_months")
    return SellerFacts(
        born_on=values["born_on"],
        identity_matches=values["identity_matches"],
        overdue_months=tuple(values["overdue_months"]),
        overdue_now_minor=values["overdue_now"],
        overdue_settled_on=values["overdue_settled_on"],
        inquiries_3_months=values["inquiries_3_months"],
        penalty_active=values["penalty_active"],
        top_5_share_bps=values["top_5_share"],
        orders_without_logistics_bps=values["orders_without_logistics"],
        transfers=tuple((row["on"], row["amount"]) for row in values["transfers"]),
        applied_hour=values["applied_hour"],
        key_changes_7_days=values["key_changes_7_days"],
        device_signals=tuple(values["device_signals"]),
        device_applicants_24_hours=values["device_applicants_24_hours"],
        comparisons=tuple(_comparison(row, at) for at, row in enumerate(values["comparisons"])),
    )


def _comparison(row: Mapping[str, Any], at: int) -> Comparison:
    if row["low"] > row["high"]:
        raise InputContradictory("A range ends above where it begins.", field=f"comparisons[{at}].high")
    return Comparison(row["name"], row["value"], row["low"], row["high"])
