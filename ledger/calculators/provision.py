"""The calculator ``provision``: the amount set aside for losses.

Owns: its input and answer. Refuses to know: how a loan was classified, and the formulas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Rate, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY, ROUNDING
from ledger.calculators.refusals import InputContradictory, InputFieldMissing
from ledger.calculators.shapes import Field, Shape
from ledger.calculators.wording import exact_money, money, number
from ledger.kernel.rates import RATE_UNIT, format_rate
from ledger.kernel.rounding import Rounding
from ledger.policies.classification import Category
from ledger.policies.provisioning import (
    MATRIX_E8,
    LossParameters,
    expected_credit_loss,
    matrix_provision,
    stage_of,
)

MATRIX, EXPECTED_LOSS = "matrix", "expected_credit_loss"
SHARE: Final = Rate(RATE_UNIT)
FIELDS: Final = {
    "currency": CURRENCY,
    "method": Field(Choice((MATRIX, EXPECTED_LOSS)), "Which of the two.", convention=True),
    "drawn": Field(Amount(zero=True), "What is outstanding."),
    "undrawn": Field(
        Amount(zero=True), "What may still be drawn, for the expected loss.", default="0", convention=True
    ),
    "rounding": ROUNDING,
    "category": Field(Choice.of(Category), "For the matrix.", default=None),
    "matrix": Field(
        Shape(
            {
                category.value: Field(SHARE, "Its share.", default=format_rate(MATRIX_E8[category]))
                for category in Category
            }
        ),
        "The share of each category.",
        default={},
        convention=True,
    ),
    "stage": Field(Whole(1, 3), "If it is known.", default=None),
    "days_past_due": Field(Whole(0, 20_000), "To find the stage.", default=None),
    "on_watch_list": Field(Switch(), "At least stage 2.", default=False),
    "credit_impaired": Field(Switch(), "Stage 3.", default=False),
    "pd_12_months": Field(SHARE, "Probability of default within a year.", default=None, convention=True),
    "pd_lifetime": Field(
        SHARE, "Probability within the lifetime; as within a year by default.", default=None, convention=True
    ),
    "pd_stage_3": Field(
        SHARE,
        "Probability in stage 3; that of the lifetime if it is given, else 1: the default has happened.",
        default=None,
        convention=True,
    ),
    "lgd": Field(SHARE, "Loss given default.", default=None, convention=True),
    "discount": Field(SHARE, "Discount factor.", default="1", convention=True),
    "conversion": Field(SHARE, "Part of the undrawn that will be drawn.", default="0", convention=True),
}


def compute_provision(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the provision by the matrix, or the expected credit loss by stage."""
    return _matrix(values) if values["method"] == MATRIX else _expected_loss(values)


def _matrix(values: Mapping[str, Any]) -> dict[str, Any]:
    currency, category = values["currency"], _needed(values, "category")
    if values["undrawn"]:
        raise InputContradictory("The matrix is a share of what is drawn.", field="undrawn")
    provision = matrix_provision(
        exposure_minor=values["drawn"],
        category=category,
        matrix_e8=values["matrix"],
        rounding=Rounding(values["rounding"]),
    )
    share = format_rate(values["matrix"][category])
    return {
        "provision": money(provision, currency),
        "share": share,
        "how": f"{money(values['drawn'], currency)} x {share}",
    }


def _expected_loss(values: Mapping[str, Any]) -> dict[str, Any]:
    currency, one_year = values["currency"], _needed(values, "pd_12_months")
    lifetime = _first_given(values["pd_lifetime"], one_year)
    parameters = LossParameters(
        pd_12_months_e8=one_year,
        pd_lifetime_e8=lifetime,
        pd_stage_3_e8=_first_given(values["pd_stage_3"], values["pd_lifetime"], RATE_UNIT),
        lgd_e8=_needed(values, "lgd"),
        discount_e8=values["discount"],
        conversion_e8=values["conversion"],
    )
    found = expected_credit_loss(
        stage=_stage(values),
        drawn_minor=values["drawn"],
        undrawn_minor=values["undrawn"],
        parameters=parameters,
        rounding=Rounding(values["rounding"]),
    )
    shares = [number(found.probability), format_rate(parameters.lgd_e8), format_rate(parameters.discount_e8)]
    return {
        "provision": money(found.loss_minor, currency),
        "stage": found.stage,
        "exposure": exact_money(found.exposure, currency),
        "interest_on_net": found.interest_on_net,
        "how": " x ".join([exact_money(found.exposure, currency), *shares]),
    }


def _stage(values: Mapping[str, Any]) -> int:
    if values["stage"] is not None:
        if values["days_past_due"] is not None:
            raise InputContradictory("A stage is given or found, not both.", field="days_past_due")
        stage: int = values["stage"]
        return stage
    return stage_of(
        days_past_due=_needed(values, "days_past_due"),
        on_watch_list=values["on_watch_list"],
        credit_impaired=values["credit_impaired"],
    )


def _first_given(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def _needed(values: Mapping[str, Any], name: str) -> Any:
    if values[name] is None:
        raise InputFieldMissing("The method needs this field.", field=name)
    return values[name]


PROVISION = register(
    Calculator(
        name="provision",
        title="Provision by matrix, or expected credit loss",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "method": EXPECTED_LOSS,
            "drawn": "50000.00",
            "days_past_due": 0,
            "pd_12_months": "0.02",
            "lgd": "0.6",
        },
        compute=compute_provision,
    )
)
