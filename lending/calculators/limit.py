"""The calculator ``limit``: base x factors, with every figure on the way.

Owns: its input and answer; the parameters of the formula are part of the input and bounded by the policy.
Refuses to know: whether the seller may borrow at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Choice, Whole
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import exact_money, money, number
from lending.calculators.seller_fields import SELLER_FIELDS, BasisPoints, turnover_by_month
from lending.policies.limit import LimitAssessment, assess_limit
from lending.policies.limit_policy import BPS, COMBINATIONS, RANGES, LimitPolicy

GIVEN: Final = "given"
_USUAL: Final = LimitPolicy()
_DEBT_POINT: Final = Shape(
    {
        "ratio": Field(BasisPoints(0, 10 * BPS), "The debt ratio."),
        "factor": Field(BasisPoints(*RANGES["debt_factor_bps"]), "The factor there."),
    }
)


def _share(name: str, doc: str, default: str) -> Field:
    return Field(BasisPoints(*RANGES[name]), doc, default=default, convention=True)


FIELDS: Final = {
    **SELLER_FIELDS,
    "industry_factor": _share("industry_factor_bps", "The factor of the industry.", "1"),
    "turnover_share": _share("turnover_share_bps", "Part of average turnover.", "0.2"),
    "tax_multiple": _share("tax_multiple_bps", "Multiple of tax.", "4"),
    "invoice_share": _share("invoice_share_bps", "Part of invoices.", "0.08"),
    "combination": Field(Choice(COMBINATIONS), "How bases combine.", default="max", convention=True),
    "stability_step": Field(
        BasisPoints(0, BPS), "Added for each full year of trading.", default="0.1", convention=True
    ),
    "stability_cap": Field(
        BasisPoints(BPS, 3 * BPS), "The most stability can be.", default="1.5", convention=True
    ),
    "clean_factor": Field(
        BasisPoints(BPS, 2 * BPS), "The factor of a clean record.", default="1.2", convention=True
    ),
    "debt_points": Field(
        Many(_DEBT_POINT, minimum=1, maximum=20),
        "The debt factor lies on the lines through these points, and is flat outside them.",
        default=[{"ratio": "0.3", "factor": "1"}, {"ratio": "0.7", "factor": "0.7"}],
        convention=True,
    ),
    "potential": _share("potential_bps", "The forecast that average turnover is multiplied by.", "1"),
    "limit_min": Field(
        Whole(1, 10**9), "Below it nothing is granted.", default=_USUAL.limit_min_units, convention=True
    ),
    "limit_max": Field(
        Whole(1, 10**9), "The most that is granted.", default=_USUAL.limit_max_units, convention=True
    ),
    "step": Field(
        Whole(1, 10**6), "Limits are rounded down to it.", default=_USUAL.rounding_units, convention=True
    ),
}


def compute_limit(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limit and every figure between the input and it."""
    assessment = assess_limit(
        applied_on=values["applied_on"],
        currency=values["currency"],
        turnover_minor=turnover_by_month(values),
        tax_12_months_minor=values["tax_12_months"],
        invoices_12_months_minor=values["invoices_12_months"],
        trading_since=values["trading_since"],
        clean_record=values["clean_record"],
        industry_code=GIVEN,
        debt_ratio_bps=values["debt_ratio"],
        policy=_policy(values),
    )
    return limit_answer(assessment, currency=values["currency"])


def limit_answer(assessment: LimitAssessment, *, currency: str) -> dict[str, Any]:
    """Return an assessment as JSON."""
    factors = {name: number(value) for name, value in assessment.factors}
    return {
        "average_turnover": exact_money(assessment.window.average, currency),
        "months": {month: money(minor, currency) for month, minor in assessment.window.months},
        "bases": [
            {
                "kind": base.kind,
                "source": exact_money(base.source, currency),
                "multiplier": number(base.multiplier),
                "amount": exact_money(base.amount, currency),
            }
            for base in assessment.bases
        ],
        "base": exact_money(assessment.base, currency),
        "factors": factors,
        "factor": number(assessment.factor),
        "unrounded": exact_money(assessment.unrounded, currency),
        "limit": money(assessment.limit_minor, currency),
        "how": f"{assessment.combination} of the bases {exact_money(assessment.base, currency)}"
        f" x {' x '.join(factors.values())}, rounded down",
    }


def _policy(values: Mapping[str, Any]) -> LimitPolicy:
    return LimitPolicy(
        turnover_share_bps=values["turnover_share"],
        tax_multiple_bps=values["tax_multiple"],
        invoice_share_bps=values["invoice_share"],
        combination=values["combination"],
        stability_step_bps=values["stability_step"],
        stability_cap_bps=values["stability_cap"],
        clean_record_bps=values["clean_factor"],
        industry_factors=((GIVEN, values["industry_factor"]),),
        debt_points=tuple((point["ratio"], point["factor"]) for point in values["debt_points"]),
        potential_bps=values["potential"],
        limit_min_units=values["limit_min"],
        limit_max_units=values["limit_max"],
        rounding_units=values["step"],
    )


EXAMPLE: Final = {
    "currency": "CNY",
    "applied_on": "2024-07-10",
    "turnover": [{"month": f"2024-0{month}", "amount": "500000.00"} for month in range(1, 7)],
    "trading_since": "2022-07-10",
    "debt_ratio": "0.5",
    "clean_record": True,
}

LIMIT = register(
    Calculator(
        name="limit",
        title="Credit limit from turnover, tax and invoices",
        shape=Shape(FIELDS),
        example=EXAMPLE,
        compute=compute_limit,
    )
)
