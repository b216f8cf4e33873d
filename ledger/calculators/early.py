"""The calculators ``payoff`` and ``prepayment``.

Owns: their inputs and answers, the validity of a quote, and overdue charges added to it.
Refuses to know: how plans and payoffs are computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Rate, Whole
from ledger.calculators.plan_answers import rows_answer, totals_answer
from ledger.calculators.plan_fields import CURRENCY, NESTED_PLAN
from ledger.calculators.plan_reading import nested_plan_terms, settled_conventions
from ledger.calculators.schedule import SCHEDULE_EXAMPLE
from ledger.calculators.shapes import Field, Shape
from ledger.calculators.wording import money, number
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Method
from ledger.domain.plans.early import Payoff, payoff_on
from ledger.domain.plans.rebates import EarlyInterest, Rebate, early_interest
from ledger.domain.plans.replanning import Replan, prepay
from ledger.domain.plans.rows import PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.frequencies import COUNT_MAX
from ledger.kernel.rates import RATE_UNIT, format_rate

SCHEDULE_FIELD: Final = Field(NESTED_PLAN, "The plan, as the schedule calculator takes it.")
ROWS_PAID: Final = Field(Whole(0, COUNT_MAX), "How many of the first rows are paid in full.", default=0)
FEE: Final = Field(
    Rate(RATE_UNIT // 10), "Fee on principal repaid early, as a share.", default="0", convention=True
)
REBATE: Final = Field(
    Choice.of(Rebate),
    "Interest of a loan that ends early: to_date, rule_of_78 (flat loans), or full_term where law permits.",
    default="to_date",
    convention=True,
)
PAYOFF_FIELDS: Final = {
    "currency": CURRENCY,
    "schedule": SCHEDULE_FIELD,
    "rows_paid": ROWS_PAID,
    "on": Field(Day(), "The day of the payoff."),
    "fee_rate": FEE,
    "rebate": REBATE,
    "interest_days_min": Field(
        Whole(0, 366),
        "Interest for at least so many days from the start.",
        default=0,
        convention=True,
    ),
    "penalty": Field(Amount(zero=True), "Penalty and compound interest on overdue rows.", default="0"),
    "valid_days": Field(
        Whole(0, 31), "Days after which the quote no longer binds.", default=0, convention=True
    ),
}
PREPAYMENT_FIELDS: Final = {
    "currency": CURRENCY,
    "schedule": SCHEDULE_FIELD,
    "rows_paid": ROWS_PAID,
    "on": Field(Day(), "The day of the prepayment."),
    "amount": Field(Amount(), "What is paid."),
    "mode": Field(
        Choice.of(Replan), "What becomes of the rows to come.", default="shorten_term", convention=True
    ),
    "fee_rate": FEE,
    "rebate": REBATE,
}


def compute_payoff(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ends a loan on a day, part by part, and how long the quote binds."""
    currency, terms = values["currency"], nested_plan_terms(values)
    plan = build_plan(terms)
    payoff = payoff_on(terms, plan, rows_paid=values["rows_paid"], on=values["on"], fee_e8=values["fee_rate"])
    interest = early_interest(
        terms,
        plan.rows,
        payoff=payoff,
        rebate=Rebate(values["rebate"]),
        days_min=values["interest_days_min"],
    )
    charged = replace(payoff, broken_interest_minor=interest.charged_minor)
    return {
        **_parts(payoff, currency, fee_e8=values["fee_rate"]),
        **_interest(payoff, interest, currency),
        "penalty": money(values["penalty"], currency),
        "total": money(charged.total_minor + values["penalty"], currency),
        "valid_until": (values["on"] + timedelta(days=values["valid_days"])).isoformat(),
        "conventions": settled_conventions(terms),
    }


def compute_prepayment(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a prepayment is used, and the rows that follow it."""
    currency, terms = values["currency"], nested_plan_terms(values)
    done = prepay(
        terms,
        build_plan(terms),
        rows_paid=values["rows_paid"],
        on=values["on"],
        amount_minor=values["amount"],
        replan=Replan(values["mode"]),
        fee_e8=values["fee_rate"],
        rebate=Rebate(values["rebate"]),
    )
    return {
        "used_for": {
            "due_principal": money(done.payoff.due_principal_minor, currency),
            "due_interest": money(done.payoff.due_interest_minor, currency),
            "broken_interest": money(done.payoff.broken_interest_minor, currency),
            "fee": money(done.fee_minor, currency),
            "principal": money(done.principal_minor, currency),
        },
        "outstanding": money(done.payoff.principal_to_come_minor - done.principal_minor, currency),
        "rows": _rows(done.rows, terms, currency),
        "totals": totals_answer(done.rows, currency=currency),
        "conventions": settled_conventions(terms),
    }


def _rows(rows: Sequence[PlanRow], terms: PlanTerms, currency: str) -> list[dict[str, Any]]:
    """Return the rows; flat interest comes from the planned rows, not from a balance."""
    answer = rows_answer(rows, terms, currency=currency)
    if terms.method is Method.FLAT:
        for row in answer:
            row["how"] = "planned interest less the share of the principal repaid early"
    return answer


def _interest(payoff: Payoff, interest: EarlyInterest, currency: str) -> dict[str, Any]:
    """Return which interest is charged beyond what is due, and how much of the plan's is not."""
    return {
        "interest_charged": money(interest.charged_minor, currency),
        "interest_not_charged": money(interest.rebate_minor, currency),
        "interest": {
            "to_date": money(payoff.broken_interest_minor, currency),
            "by_rule": money(interest.by_rule_minor, currency),
            "at_least": money(interest.least_minor, currency),
        },
    }


def _parts(payoff: Payoff, currency: str, *, fee_e8: int) -> dict[str, Any]:
    principal = money(payoff.principal_to_come_minor, currency)
    return {
        "on": payoff.on.isoformat(),
        "due_principal": money(payoff.due_principal_minor, currency),
        "due_interest": money(payoff.due_interest_minor, currency),
        "deferred_interest": money(payoff.deferred_interest_minor, currency),
        "principal": principal,
        "broken_interest": money(payoff.broken_interest_minor, currency),
        "fee": money(payoff.fee_minor, currency),
        "how": {
            "broken_interest": f"{payoff.broken_days} days since the last due date:"
            f" interest of {number(payoff.broken_factor)} on one unit",
            "fee": f"{principal} x {format_rate(fee_e8)}",
        },
    }


PAYOFF = register(
    Calculator(
        name="payoff",
        title="What ends a loan on a day",
        shape=Shape(PAYOFF_FIELDS),
        example={
            "currency": "CNY",
            "schedule": {**SCHEDULE_EXAMPLE, "start": "2024-03-05"},
            "rows_paid": 2,
            "on": "2024-05-16",
            "fee_rate": "0.01",
        },
        compute=compute_payoff,
    )
)

PREPAYMENT = register(
    Calculator(
        name="prepayment",
        title="Repaying part of a loan early",
        shape=Shape(PREPAYMENT_FIELDS),
        example={
            "currency": "CNY",
            "schedule": {**SCHEDULE_EXAMPLE, "start": "2024-03-05"},
            "rows_paid": 2,
            "on": "2024-05-05",
            "amount": "10000.00",
        },
        compute=compute_prepayment,
    )
)
