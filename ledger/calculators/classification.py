"""The calculators ``classification`` and ``provision``.

Owns: their inputs and answers. Refuses to know: the tables and formulas of asset quality.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Rate, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY
from ledger.calculators.quoted_rates import require_one_of
from ledger.calculators.shapes import Field, Many, Shape
from ledger.kernel.rates import RATE_UNIT
from ledger.policies.classification import (
    Findings,
    Scheme,
    classify,
    days_past_due,
    oldest_unpaid,
)
from ledger.policies.upgrade import UpgradeRule, upgrade_on

SHARE: Final = Rate(RATE_UNIT)
FINDINGS: Final = Shape(
    {
        "misuse_of_funds": Field(Switch(), "At least special mention.", default=False),
        "repays_old_debt": Field(Switch(), "At least special mention.", default=False),
        "other_debt_is_bad": Field(Switch(), "At least special mention.", default=False),
        "restructured": Field(Switch(), "At least special mention.", default=False),
        "credit_impaired": Field(Switch(), "At least substandard.", default=False),
        "share_of_debts_over_90_days": Field(SHARE, "Above 0.2 at least substandard.", default="0"),
        "expected_loss": Field(SHARE, "From 0.5 doubtful, from 0.9 loss.", default="0"),
        "evades_debt": Field(Switch(), "At least doubtful.", default=False),
        "bankrupt": Field(Switch(), "Loss.", default=False),
        "technical_overdue": Field(Switch(), "Up to 7 days stay normal, with a reason.", default=False),
    }
)
UPGRADE: Final = Shape(
    {
        "arrears_cleared_on": Field(Day(), "The day on which nothing was overdue any more.", default=None),
        "periods_performed": Field(Whole(0, 600), "Rows paid on time since then.", default=0),
        "restructured": Field(Switch(), "The loan was restructured.", default=False),
        "periods_min": Field(Whole(0, 60), "Periods to perform; 2 by default.", default=None),
        "months_min": Field(
            Whole(0, 60), "Months to perform; 6 by default, 12 for a restructured loan.", default=None
        ),
    }
)
UNPAID: Final = Shape(
    {"due_on": Field(Day(), "Due date."), "unpaid": Field(Amount(zero=True), "What is unpaid.")}
)
FIELDS: Final = {
    "currency": CURRENCY,
    "on": Field(Day(), "The business date."),
    "instalments": Field(Many(UNPAID, maximum=600), "What is unpaid of each instalment.", default=None),
    "days_past_due": Field(Whole(0, 20_000), "Days past due, if they are known.", default=None),
    "tolerance": Field(
        Amount(zero=True), "Unpaid amounts up to this are no arrears.", default="0", convention=True
    ),
    "counts_due_day": Field(Switch(), "The due date is day 1, not 0.", default=False, convention=True),
    "scheme": Field(Choice.of(Scheme), "The table.", default="decree_2023", convention=True),
    "findings": Field(FINDINGS, "What else is known.", default={}, convention=True),
    "upgrade": Field(UPGRADE, "Whether a bad loan may be called good again.", default=None),
}


def compute_classification(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return days past due, bucket, category, the rules that led there, and the upgrade if asked."""
    days, oldest = _days(values)
    found = classify(days=days, findings=_findings(values["findings"]), scheme=Scheme(values["scheme"]))
    answer: dict[str, Any] = {
        "days_past_due": found.days_past_due,
        "oldest_unpaid_due_on": oldest.isoformat() if oldest else None,
        "bucket": found.bucket,
        "category": found.category.value,
        "category_by_days": found.by_days.value,
        "non_accrual": found.is_non_accrual,
        "reasons": list(found.reasons),
    }
    if values["upgrade"] is not None:
        answer["upgrade"] = _upgrade(values["upgrade"], values["on"])
    return answer


def _days(values: Mapping[str, Any]) -> tuple[int, date | None]:
    require_one_of(values, "instalments", "days_past_due")
    if values["days_past_due"] is not None:
        return values["days_past_due"], None
    unpaid = [(row["due_on"], row["unpaid"]) for row in values["instalments"]]
    oldest = oldest_unpaid(unpaid=unpaid, on=values["on"], tolerance_minor=values["tolerance"])
    counted = days_past_due(
        oldest_unpaid_due_on=oldest, on=values["on"], counts_due_day=values["counts_due_day"]
    )
    return counted, oldest


def _findings(values: Mapping[str, Any]) -> Findings:
    shares = ("share_of_debts_over_90_days", "expected_loss")
    plain = {name: value for name, value in values.items() if name not in shares}
    return Findings(**plain, **{f"{name}_e8": values[name] for name in shares})


def _upgrade(values: Mapping[str, Any], on: date) -> dict[str, Any]:
    given = {name: values[name] for name in ("periods_min", "months_min") if values[name] is not None}
    about = "restructured_" if values["restructured"] else ""
    rule = UpgradeRule(**{f"{about}{name}": value for name, value in given.items()})
    found = upgrade_on(
        on=on,
        arrears_cleared_on=values["arrears_cleared_on"],
        periods_performed=values["periods_performed"],
        restructured=values["restructured"],
        rule=rule,
    )
    return {
        "allowed": found.is_allowed,
        "earliest_on": found.earliest_on.isoformat() if found.earliest_on else None,
        "missing": list(found.missing),
    }


CLASSIFICATION = register(
    Calculator(
        name="classification",
        title="Days past due, bucket and five categories",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "on": "2024-07-01",
            "instalments": [
                {"due_on": "2024-03-31", "unpaid": "120.00"},
                {"due_on": "2024-04-30", "unpaid": "8597.79"},
            ],
        },
        compute=compute_classification,
    )
)
