"""The calculators ``payoff`` and ``prepayment``.

Owns: their inputs and answers, the validity of a quote, and overdue charges added to it.
Refuses to know: how plans and payoffs are computed.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from ledger.domain.plans.early import Payoff, payoff_on
from ledger.domain.plans.replanning import Replan, prepay
from ledger.kernel.frequencies import COUNT_MAX
from ledger.kernel.rates import RATE_UNIT, format_rate

SCHEDULE_FIELD: Final = Field(NESTED_PLAN, "The plan, as the schedule calculator takes it.")
ROWS_PAID: Final = Field(Whole(0, COUNT_MAX), "How many of the first rows are paid in full.", default=0)
FEE: Final = Field(
    Rate(RATE_UNIT // 10), "Fee on principal repaid early, as a share.", default="0", convention=True
)
PAYOFF_FIELDS: Final = {
    "currency": CURRENCY,
    "schedule": SCHEDULE_FIELD,
    "rows_paid": ROWS_PAID,
    "on": Field(Day(), "The day of the payoff."),
    "fee_rate": FEE,
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
}


def compute_payoff(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ends a loan on a day, part by part, and how long the quote binds."""
    currency, terms = values["currency"], nested_plan_terms(values)
    payoff = payoff_on(
        terms,
        build_plan(terms),
        rows_paid=values["rows_paid"],
        on=values["on"],
        fee_e8=values["fee_rate"],
    )
    return {
        **_parts(payoff, currency, fee_e8=values["fee_rate"]),
        "penalty": money(values["penalty"], currency),
        "total": money(payoff.total_minor + values["penalty"], currency),
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
        "rows": rows_answer(done.rows, terms, currency=currency),
        "totals": totals_answer(done.rows, currency=currency),
        "conventions": settled_conventions(terms),
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
