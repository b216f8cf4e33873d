"""Every annual rate of one plan with its fees, as a price is disclosed.

Owns: the cash flows of a plan seen by the borrower, the principal in use, and the fee income by row.
Refuses to know: how rates are found, and any ceiling.
The compound rate (IRR x periods) leads; the simple one is named as such. Dates count in XIRR only: IRR
takes every step as whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ledger.calculators.plan_reading import nested_plan_terms
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.wording import money, number, percent
from ledger.domain.annual_rates.cash_flows import (
    DatedFlow,
    compounded,
    dated_internal_rate,
    internal_rate,
    simple_rate,
)
from ledger.domain.fee_deferral import defer_by_effective_rate, defer_by_straight_line
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.rows import INSTALMENT, Plan, PlanRow
from ledger.domain.plans.terms import PlanTerms


def disclose(values: Mapping[str, Any]) -> tuple[Decimal, dict[str, Any]]:
    """Return the leading rate, and all rates with what they are made of."""
    terms = nested_plan_terms(values)
    plan = build_plan(terms)
    rows = [row for row in plan.rows if row.kind == INSTALMENT]
    fees = _fees(values, rows)
    xirr = dated_internal_rate(_flows(terms, plan, fees))
    simple = simple_rate(cost_minor=plan.interest_minor + sum(fees.values()), balances=_in_use(terms, rows))
    answer: dict[str, Any] = {
        "xirr": number(xirr),
        "simple": number(simple),
        "percent": {"xirr": percent(xirr), "simple": percent(simple)},
        "interest": money(plan.interest_minor, values["currency"]),
        "fees": money(sum(fees.values()), values["currency"]),
        **_fee_income(values, terms, rows, fees),
    }
    if terms.method is Method.CUSTOM:
        return xirr, {"leading": "xirr", **answer}
    return _with_irr(terms, rows, fees, answer)


def _with_irr(
    terms: PlanTerms, rows: list[PlanRow], fees: Mapping[int, int], answer: dict[str, Any]
) -> tuple[Decimal, dict[str, Any]]:
    periods = Fraction(1) / terms.due_dates.frequency.year_part()
    amounts = [terms.financed_minor - fees.get(0, 0)]
    amounts += [0] * (terms.count - len(rows)) if terms.method is Method.BULLET else []
    amounts += [-row.total_minor - fees.get(row.period.number, 0) for row in rows]
    per_period = internal_rate(amounts)
    nominal = per_period * periods.numerator / periods.denominator
    effective = compounded(per_period, periods=periods)
    answer["percent"] |= {"irr_nominal": percent(nominal), "irr_effective": percent(effective)}
    return nominal, {
        "leading": "irr_nominal",
        "irr_per_period": number(per_period),
        "irr_nominal": number(nominal),
        "irr_effective": number(effective),
        **answer,
    }


def _fees(values: Mapping[str, Any], rows: list[PlanRow]) -> dict[int, int]:
    """Return the fees by row number."""
    each = values["fee_each_row"] or 0
    fees = {row.period.number: each for row in rows}
    for fee in values["fees"]:
        if fee["row"] > len(rows):
            raise InputContradictory("A fee is paid with a row of the plan.", field="fees")
        fees[fee["row"]] = fees.get(fee["row"], 0) + fee["amount"]
    return fees


def _flows(terms: PlanTerms, plan: Plan, fees: Mapping[int, int]) -> list[DatedFlow]:
    received = DatedFlow(terms.start, terms.principal_minor - fees.get(0, 0))
    paid = [
        DatedFlow(
            row.period.due_on,
            -row.total_minor - (fees.get(row.period.number, 0) if row.kind == INSTALMENT else 0),
        )
        for row in plan.rows
    ]
    return [received, *paid]


def _in_use(terms: PlanTerms, rows: list[PlanRow]) -> list[tuple[int, Fraction]]:
    step = terms.due_dates.frequency.year_part()
    if terms.basis is Basis.PERIODIC:
        return [(row.opening_minor, step) for row in rows]
    return [(row.opening_minor, Fraction(row.period.days, 365)) for row in rows]


def _fee_income(
    values: Mapping[str, Any], terms: PlanTerms, rows: list[PlanRow], fees: Mapping[int, int]
) -> dict[str, Any]:
    fee = fees.get(0, 0)
    # The rows of a flat loan do not follow its balance, so no rate of the rows could spread the fee.
    if fee == 0 or terms.method is Method.FLAT:
        return {}
    if values["fee_income"] == "straight_line":
        deferral = defer_by_straight_line(fee_minor=fee, count=len(rows))
    else:
        deferral = defer_by_effective_rate(
            principal_minor=terms.financed_minor,
            fee_minor=fee,
            rows=[(row.accrued_minor, row.total_minor) for row in rows],
        )
    earned = [money(minor, values["currency"]) for minor in deferral.earned_minor]
    rate = {} if deferral.rate is None else {"rate_per_row": number(deferral.rate, decimals=12)}
    return {"fee_income": {**rate, "by_row": earned}}
