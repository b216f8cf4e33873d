"""The calculator ``eligibility``: the credit decision on given facts, with every reason.

Owns: its input and answer. Refuses to know: the rules; they are those of the credit policy in force on
the day of the application, with thresholds that the input may set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Choice, Name, Switch, Whole
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import money
from lending.calculators.limit import EXAMPLE, limit_answer
from lending.calculators.seller_fields import SELLER_FIELDS, BasisPoints, turnover_by_month
from lending.policies.credit_policy import CreditPolicy, DecisionInputs, decide, policy_in_force
from lending.policies.limit_policy import BPS
from lending.policies.veto import RULES, VetoPolicy

_USUAL: Final = VetoPolicy()

FIELDS: Final = {
    **SELLER_FIELDS,
    "industry_code": Field(Name(), "The industry.", default="other"),
    "blacklisted": Field(Switch(), "The seller is on the blacklist.", default=False),
    "account_count": Field(Whole(0, 10_000), "Linked shop accounts.", default=1),
    "idle_days": Field(Whole(0, 10_000), "The longest run of days without a sale.", default=None),
    "rules": Field(
        Many(Choice(tuple(RULES)), maximum=len(RULES)),
        "The veto rules, in their order.",
        default=list(_USUAL.enabled),
        convention=True,
    ),
    "months_in_business_min": Field(
        Whole(0, 120), "Full months of trading.", default=_USUAL.months_in_business_min, convention=True
    ),
    "debt_ratio_max": Field(
        BasisPoints(0, 10 * BPS), "The highest debt ratio allowed.", default="0.7", convention=True
    ),
    "idle_days_max": Field(
        Whole(0, 365), "The longest rest allowed.", default=_USUAL.idle_days_max, convention=True
    ),
    "volatility_max": Field(
        BasisPoints(0, 10 * BPS), "The largest jump of a month allowed.", default="0.5", convention=True
    ),
}


def compute_eligibility(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the decision, its reasons, and the limit with its figures."""
    policy = _policy(values)
    decision = decide(inputs=_inputs(values), policy=policy)
    answer: dict[str, Any] = {
        "approved": decision.approved,
        "limit": money(decision.limit_minor, values["currency"]),
        "reasons": [
            {
                "rule": reason.code,
                "category": reason.category.value,
                "applicant_text": reason.applicant_text,
            }
            for reason in decision.reasons
        ],
        "policy_version": policy.version,
    }
    if decision.reasons:
        answer["reapply_from"] = decision.reapply_from.isoformat() if decision.reapply_from else None
    if decision.assessment is not None:
        answer["assessment"] = limit_answer(decision.assessment, currency=values["currency"])
    return answer


def _policy(values: Mapping[str, Any]) -> CreditPolicy:
    veto = VetoPolicy(
        enabled=tuple(values["rules"]),
        months_in_business_min=values["months_in_business_min"],
        debt_ratio_max_bps=values["debt_ratio_max"],
        idle_days_max=values["idle_days_max"],
        volatility_max_bps=values["volatility_max"],
    )
    return replace(policy_in_force(on=values["applied_on"]), veto=veto)


def _inputs(values: Mapping[str, Any]) -> DecisionInputs:
    return DecisionInputs(
        applied_on=values["applied_on"],
        currency=values["currency"],
        blacklisted=values["blacklisted"],
        account_count=values["account_count"],
        trading_since=values["trading_since"],
        debt_ratio_bps=values["debt_ratio"],
        clean_record=values["clean_record"],
        industry_code=values["industry_code"],
        turnover_minor=turnover_by_month(values),
        tax_12_months_minor=values["tax_12_months"],
        invoices_12_months_minor=values["invoices_12_months"],
        idle_days=values["idle_days"],
    )


ELIGIBILITY = register(
    Calculator(
        name="eligibility",
        title="Whether a seller may borrow, and why not",
        shape=Shape(FIELDS),
        example=EXAMPLE,
        compute=compute_eligibility,
    )
)
