"""The calculators ``schedule`` and ``due-dates``.

Owns: their inputs and worked examples. Refuses to know: the arithmetic of plans and dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.calculators import engine_fields
from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.engine_answers import classic_answer, position_answer
from ledger.calculators.engine_facts import ROWS_SETTLED_MAX, facts_of, seen_on
from ledger.calculators.engine_reading import (
    classic_terms,
    engine_conventions,
    progressive_terms,
    require_meaningful,
)
from ledger.calculators.plan_answers import plan_answer
from ledger.calculators.plan_fields import DATE_FIELDS, PLAN_FIELDS
from ledger.calculators.plan_reading import (
    business_calendar,
    due_date_rule,
    plan_terms,
    row_count,
    settled_conventions,
)
from ledger.calculators.shapes import Shape
from ledger.domain.classic.building import build_classic
from ledger.domain.plans.building import build_plan
from ledger.domain.progressive.replay import position_on
from ledger.kernel.business_days import Adjustment

SCHEDULE_EXAMPLE = {
    "currency": "CNY",
    "principal": "50000.00",
    "method": "equal_instalment",
    "annual_rate": "0.108",
    "start": "2024-01-31",
    "count": 6,
}


def compute_schedule(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of a repayment plan by any method and engine."""
    require_meaningful(values)
    currency = values["currency"]
    match values["engine"]:
        case engine_fields.PROGRESSIVE:
            answer = _progressive(values)
        case engine_fields.CLASSIC:
            answer = classic_answer(build_classic(classic_terms(values)), currency=currency)
        case _:
            return _standard(values)
    return {**answer, "conventions": engine_conventions(values, currency=currency)}


def _progressive(values: Mapping[str, Any]) -> dict[str, Any]:
    facts = facts_of(values)
    position = position_on(
        progressive_terms(values),
        facts,
        as_of=seen_on(values, facts),
        rows_settled_max=ROWS_SETTLED_MAX,
    )
    return position_answer(position, currency=values["currency"])


def _standard(values: Mapping[str, Any]) -> dict[str, Any]:
    terms = plan_terms(values)
    plan = build_plan(terms)
    answer = plan_answer(terms, plan, currency=values["currency"])
    return {**answer, "conventions": settled_conventions(terms)}


def compute_due_dates(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return due dates, planned and after holidays, with the last punctual day of each."""
    rule, calendar = due_date_rule(values), business_calendar(values["calendar"])
    adjustment = Adjustment(values["holiday_rule"])
    previous, rows = values["start"], []
    for number, planned in enumerate(rule.dates(start=values["start"], count=row_count(values)), 1):
        due = calendar.adjusted(planned, rule=adjustment)
        rows.append(
            {
                "number": number,
                "planned_on": planned.isoformat(),
                "due_on": due.isoformat(),
                "pay_by": calendar.next_business_day(due).isoformat(),
                "days": (due - previous).days,
                "moved": due != planned,
                "provisional": calendar.is_provisional(planned),
            }
        )
        previous = due
    settled = {"unit": rule.frequency.unit.value, "every": rule.frequency.every}
    return {"rows": rows, "conventions": settled}


SCHEDULE = register(
    Calculator(
        name="schedule",
        title="Repayment plan by any method",
        shape=Shape({**PLAN_FIELDS, **engine_fields.ENGINE_FIELDS}),
        example=SCHEDULE_EXAMPLE,
        compute=compute_schedule,
    )
)

DUE_DATES = register(
    Calculator(
        name="due-dates",
        title="Due dates by steps, fixed days and holidays",
        shape=Shape(DATE_FIELDS),
        example={"start": "2024-01-31", "count": 3},
        compute=compute_due_dates,
    )
)
