"""The calculator ``rate-discount``: interest at a promotional rate, and what the budget pays for it.

Owns: its input and answer. Refuses to know: when a discount applies, and its arithmetic (policies).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Rate, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY, ROUNDING
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Shape
from ledger.calculators.wording import money, number, percent
from ledger.kernel.rates import RATE_UNIT, format_rate
from ledger.kernel.rounding import Rounding
from lending.calculators.seller_fields import BasisPoints
from lending.policies.limit_policy import BPS
from lending.policies.rate_discount import (
    SHARE_MIN_BPS,
    Discount,
    DiscountedInterest,
    discounted_interest,
)

WHOLE_LIFE, OWN_DAYS = "whole_life", "own_days"

FIELDS: Final = {
    "currency": CURRENCY,
    "principal": Field(Amount(), "What is lent."),
    "annual_rate": Field(Rate(), "The rate without discount."),
    "days": Field(Whole(0, 36_600), "Days of interest."),
    "share": Field(
        BasisPoints(SHARE_MIN_BPS, BPS), "Part of the rate that is charged.", default="0.85", convention=True
    ),
    "year_days": Field(Choice(("360", "365")), "Days of a year.", default="360", convention=True),
    "on": Field(Day(), "The day of the draw, the first day of interest."),
    "valid_from": Field(Day(), "Its first day."),
    "valid_until": Field(Day(), "Its last day, which counts."),
    "lasts": Field(
        Choice((WHOLE_LIFE, OWN_DAYS)),
        "For all days of interest once it is given, or only for those that are its days.",
        default=WHOLE_LIFE,
        convention=True,
    ),
    "overdue": Field(Switch(), "The loan is overdue.", default=False),
    "budget": Field(Amount(zero=True), "What is left to be spent on subsidies."),
    "rounding": ROUNDING,
}


def compute_rate_discount(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rate, the interest with and without discount, the subsidy and the budget after it."""
    if values["valid_from"] > values["valid_until"]:
        raise InputContradictory("A discount ends on or after its first day.", field="valid_until")
    found = discounted_interest(
        principal_minor=values["principal"],
        annual_rate_e8=values["annual_rate"],
        days=values["days"],
        year_days=int(values["year_days"]),
        on=values["on"],
        overdue=values["overdue"],
        discount=_discount(values),
        rounding=Rounding(values["rounding"]),
    )
    currency = values["currency"]
    return {
        "applied": not found.refused,
        **({"refused": found.refused} if found.refused else {}),
        "annual_rate": format_rate(found.rate_e8),
        "percent": percent(Fraction(found.rate_e8, RATE_UNIT)),
        "full_interest": money(found.full_minor, currency),
        "interest": money(found.interest_minor, currency),
        "subsidy": money(found.subsidy_minor, currency),
        "budget_left": money(values["budget"] - found.subsidy_minor, currency),
        "how": _how(values, found),
    }


def _discount(values: Mapping[str, Any]) -> Discount:
    return Discount(
        share_bps=values["share"],
        first_day=values["valid_from"],
        last_day=values["valid_until"],
        budget_minor=values["budget"],
        whole_life=values["lasts"] == WHOLE_LIFE,
    )


def _how(values: Mapping[str, Any], found: DiscountedInterest) -> str:
    if found.refused:
        return f"no discount: {found.refused}"
    currency, share = values["currency"], number(Fraction(values["share"], BPS))
    cheap = _discount(values).days_of(start=values["on"], days=values["days"])
    days = (
        f"{share} x {cheap}" if cheap == values["days"] else f"({share} x {cheap} + {values['days'] - cheap})"
    )
    return (
        f"{money(values['principal'], currency)} x {format_rate(values['annual_rate'])} x {days}"
        f"/{values['year_days']} = {money(found.interest_minor, currency)};"
        f" the budget pays {money(found.full_minor, currency)} - {money(found.interest_minor, currency)}"
    )


RATE_DISCOUNT = register(
    Calculator(
        name="rate-discount",
        title="Interest at a promotional rate and the subsidy for it",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "principal": "50000.00",
            "annual_rate": "0.144",
            "days": 30,
            "on": "2024-11-01",
            "valid_from": "2024-10-20",
            "valid_until": "2024-11-11",
            "budget": "30000000.00",
        },
        compute=compute_rate_discount,
    )
)
