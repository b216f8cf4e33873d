"""The calculator ``revolving``: draws and repayments on any days, with interest by the day.

Owns: its input and answer. Refuses to know: how interest is earned and settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Name, Rate, Switch, Whole
from ledger.calculators.plan_fields import CURRENCY, DAY_COUNT, RATE_FIELDS, ROUNDING
from ledger.calculators.plan_reading import rate_table
from ledger.calculators.quoted_rates import require_one_of
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import exact_money, money
from ledger.domain.plans.revolving import (
    Draw,
    DrawBalance,
    DrawOrder,
    Repayment,
    RevolvingTerms,
    Settled,
    Settlement,
)
from ledger.domain.plans.revolving_overdue import CompoundTerms, overdue_interest
from ledger.domain.plans.revolving_run import RevolvingRun, run_revolving
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding

DRAW: Final = Shape(
    {
        "name": Field(Name(), "What the draw is called."),
        "on": Field(Day(), "The day of the draw."),
        "amount": Field(Amount(), "What is drawn."),
        **RATE_FIELDS,
    }
)
REPAYMENT: Final = Shape(
    {
        "on": Field(Day(), "The day of the repayment."),
        "amount": Field(Amount(), "What is paid, with all_accrued.", default=None),
        "principal": Field(Amount(), "The principal repaid, with on_repaid_principal.", default=None),
        "payoff": Field(Switch(), "Everything outstanding is paid.", default=None),
        "draw": Field(Name(), "The draw that is repaid; none: by the order.", default=None),
    }
)
FIELDS: Final = {
    "currency": CURRENCY,
    "settlement": Field(
        Choice.of(Settlement), "Which interest a repayment settles.", default="all_accrued", convention=True
    ),
    "order": Field(
        Choice.of(DrawOrder), "Which draw an unnamed repayment goes to.", default="oldest", convention=True
    ),
    "day_count": DAY_COUNT,
    "rounding": ROUNDING,
    "limit": Field(Amount(), "The most that may be outstanding.", default=None, convention=True),
    "interest_day": Field(
        Whole(1, 31), "The day of each month on which interest falls due.", default=None, convention=True
    ),
    "compound": Field(
        Choice(("none", "contract_rate", "penalty_rate")),
        "What interest bears that fell due and is unpaid.",
        default="none",
        convention=True,
    ),
    "penalty_uplift": Field(
        Rate(RATE_UNIT), "The surplus of the penalty rate.", default="0.5", convention=True
    ),
    "grace_days": Field(
        Whole(0, 60), "Interest paid within so many days bears none.", default=0, convention=True
    ),
    "draws": Field(Many(DRAW, minimum=1, maximum=200), "What was drawn."),
    "repayments": Field(Many(REPAYMENT, maximum=400), "What was given back.", default=[]),
    "on": Field(Day(), "The day of the answer; nothing happens after it."),
}


def compute_revolving(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each repayment settled and what is outstanding on a day."""
    currency, on = values["currency"], values["on"]
    terms = RevolvingTerms(
        settlement=Settlement(values["settlement"]),
        order=DrawOrder(values["order"]),
        day_count=DayCount(values["day_count"]),
        rounding=Rounding(values["rounding"]),
        limit_minor=values["limit"],
    )
    draws = [_draw(draw, terms.day_count) for draw in values["draws"]]
    repayments = [_repayment(repayment, terms, at) for at, repayment in enumerate(values["repayments"])]
    days = _interest_days(values["interest_day"], start=min(draw.on for draw in draws), end=on)
    run = run_revolving(terms=terms, draws=draws, repayments=repayments, on=on, interest_days=days)
    outstanding = sum(balance.outstanding_minor for balance in run.balances)
    answer: dict[str, Any] = {
        "repayments": [_settled(settled, currency) for settled in run.settled],
        "draws": [_balance(balance, on, currency) for balance in run.balances],
        "outstanding": money(outstanding, currency),
        "interest": money(sum(balance.payable_minor(on) for balance in run.balances), currency),
    }
    if days:
        answer["interest_due"] = [
            {"on": due.on.isoformat(), "draw": due.draw, "interest": money(due.interest_minor, currency)}
            for due in run.interest_due
        ]
        answer |= _overdue(run, values)
    if terms.limit_minor is not None:
        answer["available"] = money(terms.limit_minor - outstanding, currency)
    return answer


def _overdue(run: RevolvingRun, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fell due on each day, what is unpaid of it, and what that bears."""
    currency = values["currency"]
    uplift = values["penalty_uplift"] if values["compound"] == "penalty_rate" else 0
    compound = CompoundTerms(uplift_e8=uplift, grace_days=values["grace_days"])
    found = overdue_interest(
        run, on=values["on"], compound=None if values["compound"] == "none" else compound
    )
    rows = [
        {
            "draw": item.draw,
            "due_on": item.due_on.isoformat(),
            "due": money(item.due_minor, currency),
            "unpaid": money(item.unpaid_minor, currency),
            "compound": money(item.compound_minor, currency),
            "how": f"{exact_money(item.compound, currency)} on the unpaid part since it was due",
        }
        for item in found
    ]
    total = sum(item.compound_minor for item in found)
    return {"overdue_interest": rows, "compound": money(total, currency)}


def _draw(values: Mapping[str, Any], day_count: DayCount) -> Draw:
    rates = rate_table(values, day_count=day_count)
    return Draw(name=values["name"], on=values["on"], amount_minor=values["amount"], rates=rates)


def _repayment(values: Mapping[str, Any], terms: RevolvingTerms, at: int) -> Repayment:
    require_one_of(values, "amount", "principal", "payoff")
    by_principal = terms.settlement is Settlement.ON_REPAID_PRINCIPAL
    given = values["principal"] if by_principal else values["amount"]
    if given is None and not values["payoff"]:
        raise InputContradictory(
            "With on_repaid_principal a repayment states its principal, otherwise its amount; a payoff is true.",
            field=f"repayments[{at}]",
        )
    return Repayment(on=values["on"], amount_minor=given, draw=values["draw"])


def _interest_days(day: int | None, *, start: date, end: date) -> tuple[date, ...]:
    if day is None or end <= start:
        return ()
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    rule = DueDateRule(frequency=Frequency(Unit.MONTH, 1), fixed_day=day, first_period_days_min=0)
    return tuple(on for on in rule.dates(start=start, count=min(months, 600)) if on <= end)


def _settled(settled: Settled, currency: str) -> dict[str, Any]:
    return {
        "on": settled.on.isoformat(),
        "draw": settled.draw,
        "days_since_draw": settled.days,
        "interest": money(settled.interest_minor, currency),
        "principal": money(settled.principal_minor, currency),
        "total": money(settled.interest_minor + settled.principal_minor, currency),
        "outstanding": money(settled.outstanding_minor, currency),
    }


def _balance(balance: DrawBalance, on: date, currency: str) -> dict[str, Any]:
    earned = balance.earned_by(on)
    return {
        "name": balance.draw.name,
        "outstanding": money(balance.outstanding_minor, currency),
        "interest": money(balance.payable_minor(on), currency),
        "payoff": money(balance.outstanding_minor + balance.payable_minor(on), currency),
        "how": f"earned {exact_money(earned, currency)} since the draw, rounded in total,"
        f" less {money(balance.settled_minor, currency)} settled",
    }


REVOLVING = register(
    Calculator(
        name="revolving",
        title="Revolving draws with daily interest",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "draws": [{"name": "A", "on": "2024-03-01", "amount": "40000.00", "annual_rate": "0.144"}],
            "repayments": [
                {"on": "2024-03-13", "amount": "15000.00"},
                {"on": "2024-04-02", "payoff": True},
            ],
            "on": "2024-04-02",
        },
        compute=compute_revolving,
    )
)
