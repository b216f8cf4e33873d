"""The calculator ``eligibility``: the credit decision on given facts, with every reason.

Owns: its input and answer. Refuses to know: the rules; they are those of the credit policy in force on
the day of the application, with thresholds that the input may set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.shapes import Shape
from ledger.calculators.wording import money, number
from ledger.kernel.currencies import scale_of
from lending.calculators.eligibility_fields import FIELDS, flag_policy, veto_policy
from lending.calculators.limit import EXAMPLE, limit_answer
from lending.calculators.seller_facts_fields import seller_facts
from lending.calculators.seller_fields import turnover_by_month
from lending.policies.admission_rules import age_on
from lending.policies.credit_policy import Decision, DecisionInputs, decide, facts_of, policy_in_force
from lending.policies.fraud_flags import flags_of
from lending.policies.rejection import WAITING_MONTHS, Reason
from lending.policies.second_review import second_review_reasons
from lending.policies.volatility import VolatilityFormula, shown

APPROVE, MANUAL, REJECT = "approve", "manual", "reject"


def compute_eligibility(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the decision, its reasons and signs, and the limit with its figures."""
    inputs = _inputs(values)
    policy = replace(policy_in_force(on=values["applied_on"]), veto=veto_policy(values))
    decision = decide(inputs=inputs, policy=policy)
    flags = flags_of(inputs.seller, policy=flag_policy(values))
    outcome = _outcome(decision, is_doubtful=any(flag.manual for flag in flags))
    answer: dict[str, Any] = {
        "approved": outcome == APPROVE,
        "decision": outcome,
        "limit": money(decision.limit_minor, values["currency"]),
        "reasons": [_reason_answer(reason) for reason in decision.reasons],
        "flags": [{"sign": flag.code, "manual": flag.manual} for flag in flags],
        "figures": _figures(inputs, values),
        "policy_version": policy.version,
    }
    if decision.reasons:
        answer["reapply_from"] = decision.reapply_from.isoformat() if decision.reapply_from else None
    else:
        answer["second_review"] = _second_review(decision, values)
    if decision.assessment is not None:
        answer["assessment"] = limit_answer(decision.assessment, currency=values["currency"])
    return answer


def _second_review(decision: Decision, values: Mapping[str, Any]) -> list[str]:
    proposed_minor = values["proposed_limit"]
    return list(
        second_review_reasons(
            proposed_minor=decision.limit_minor if proposed_minor is None else proposed_minor,
            computed_minor=decision.limit_minor,
            above_minor=values["second_review_above"] * 10 ** scale_of(values["currency"]),
            term_months=values["term_months"],
            months_above=values["second_review_months_above"],
        )
    )


def _outcome(decision: Decision, *, is_doubtful: bool) -> str:
    """Return what happens next: a rejection stands, and a sign ends the automatic way to a yes."""
    if not decision.approved:
        return REJECT
    return MANUAL if is_doubtful else APPROVE


def _reason_answer(reason: Reason) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "rule": reason.code,
        "category": reason.category.value,
        "applicant_text": reason.applicant_text,
    }
    months = WAITING_MONTHS[reason.waiting]
    if months is not None:
        answer["waiting_months"] = {"enforced": months[0], "advised": months[1]}
    return answer


def _figures(inputs: DecisionInputs, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the rules computed from the facts before they compared it."""
    months = facts_of(inputs).months(seasonal=values["seasonal"])
    volatility = shown(months, formula=VolatilityFormula(values["volatility_formula"]))
    born_on = inputs.seller.born_on
    return {
        **({} if volatility is None else {"volatility": number(volatility)}),
        **(
            {}
            if born_on is None
            else {"age": age_on(inputs.applied_on, born_on=born_on, leap_birthday=values["leap_birthday"])}
        ),
    }


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
        seller=seller_facts(values),
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
