"""The fields of the calculator ``eligibility``: facts of the seller, and the thresholds of the rules.

Owns: names, bounds and defaults, and the policies that thresholds make. Refuses to know: the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.fields import Amount, Choice, Name, Switch, Whole
from ledger.calculators.shapes import Field, Many
from lending.calculators.seller_facts_fields import FACT_FIELDS
from lending.calculators.seller_fields import SELLER_FIELDS, BasisPoints
from lending.policies.admission_rules import LEAP_BIRTHDAYS
from lending.policies.fraud_flags import USUAL_FLAGS, FlagPolicy
from lending.policies.limit_policy import BPS
from lending.policies.veto import RULES, VetoPolicy
from lending.policies.volatility import VolatilityFormula

_USUAL: Final = VetoPolicy()


def _count(doc: str, default: int, *, maximum: int = 10_000) -> Field:
    return Field(Whole(0, maximum), doc, default=default, convention=True)


def _share(doc: str, default: str, *, maximum: int = BPS) -> Field:
    return Field(BasisPoints(0, maximum), doc, default=default, convention=True)


THRESHOLDS: Final = {
    "rules": Field(
        Many(Choice(tuple(RULES)), maximum=len(RULES)),
        "The veto rules, in their order; a rule whose fact is not given says nothing.",
        default=list(RULES),
        convention=True,
    ),
    "months_in_business_min": _count("Full months of trading.", _USUAL.months_in_business_min, maximum=120),
    "debt_ratio_max": _share("The highest debt ratio allowed.", "0.7", maximum=10 * BPS),
    "idle_days_max": _count("The longest rest allowed.", _USUAL.idle_days_max, maximum=365),
    "volatility_max": _share("The largest jump allowed.", "0.5", maximum=10 * BPS),
    "volatility_formula": Field(
        Choice.of(VolatilityFormula),
        "The largest distance of a month from the mean, the range, or the standard deviation of all six"
        " months, each over the mean.",
        default=_USUAL.volatility_formula.value,
        convention=True,
    ),
    "seasonal": Field(
        Switch(), "Compare months with the same months a year before.", default=False, convention=True
    ),
    "age_min": _count("The lowest age, in completed years.", _USUAL.age_min, maximum=150),
    "age_max": _count(
        "The highest age, up to the day before the next birthday.", _USUAL.age_max, maximum=150
    ),
    "leap_birthday": Field(
        Choice(LEAP_BIRTHDAYS),
        "When somebody born on 29 February completes a year that has no such day.",
        default=_USUAL.leap_birthday,
        convention=True,
    ),
    "inquiries_max": _count("The most credit inquiries in three months.", _USUAL.inquiries_max),
    "overdue_in_a_row": Field(
        Whole(1, 240),
        "Months overdue in a row that reject.",
        default=_USUAL.overdue_in_a_row,
        convention=True,
    ),
    "overdue_in_total": Field(
        Whole(1, 240),
        "Months overdue altogether that reject.",
        default=_USUAL.overdue_in_total,
        convention=True,
    ),
    "overdue_window_months": _count(
        "Months that far back count, and the month of the application.",
        _USUAL.overdue_window_months,
        maximum=240,
    ),
    "settled_months_min": _count(
        "Months since an old overdue was settled.", _USUAL.settled_months_min, maximum=240
    ),
    "restricted_industries": Field(
        Many(Name(), maximum=100),
        "Industries that are not lent to.",
        default=list(_USUAL.restricted_industries),
        convention=True,
    ),
    "concentration_from": _share("Part of five customers that is a sign.", "0.8"),
    "orders_without_logistics_max": _share("Part of orders without courier that is allowed.", "0.2"),
    "second_review_above": Field(
        Whole(0, 10**9), "Limits above it are reviewed twice, whole units.", default=500_000, convention=True
    ),
    "second_review_months_above": _count("Terms above it are reviewed twice.", 12, maximum=600),
    "night_from": _count("The first hour of the night.", USUAL_FLAGS.night_from, maximum=23),
    "night_until": _count("The first hour that is day again.", USUAL_FLAGS.night_until, maximum=23),
}
FIELDS: Final = {
    **SELLER_FIELDS,
    "industry_code": Field(Name(), "The industry.", default="other"),
    "blacklisted": Field(Switch(), "The seller is on the blacklist.", default=False),
    "account_count": Field(Whole(0, 10_000), "Linked shop accounts.", default=1),
    "idle_days": Field(Whole(0, 10_000), "The longest run of days without a sale.", default=None),
    "proposed_limit": Field(
        Amount(zero=True), "What a reviewer proposes; the computed limit by default.", default=None
    ),
    "term_months": Field(Whole(1, 600), "The term that is asked for.", default=None),
    **FACT_FIELDS,
    **THRESHOLDS,
}


def veto_policy(values: Mapping[str, Any]) -> VetoPolicy:
    """Return the thresholds of the rules."""
    return VetoPolicy(
        enabled=tuple(values["rules"]),
        months_in_business_min=values["months_in_business_min"],
        debt_ratio_max_bps=values["debt_ratio_max"],
        idle_days_max=values["idle_days_max"],
        volatility_max_bps=values["volatility_max"],
        volatility_formula=VolatilityFormula(values["volatility_formula"]),
        seasonal=values["seasonal"],
        age_min=values["age_min"],
        age_max=values["age_max"],
        leap_birthday=values["leap_birthday"],
        inquiries_max=values["inquiries_max"],
        overdue_in_a_row=values["overdue_in_a_row"],
        overdue_in_total=values["overdue_in_total"],
        overdue_window_months=values["overdue_window_months"],
        settled_months_min=values["settled_months_min"],
        restricted_industries=tuple(values["restricted_industries"]),
    )


def flag_policy(values: Mapping[str, Any]) -> FlagPolicy:
    """Return the thresholds of the signs."""
    return FlagPolicy(
        top_5_share_bps=values["concentration_from"],
        orders_without_logistics_max_bps=values["orders_without_logistics_max"],
        night_from=values["night_from"],
        night_until=values["night_until"],
    )
