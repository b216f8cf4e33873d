"""Where two schedule engines can say the same, they give the same rows to the cent.

The engines share no code for levels, factors and rows. A product names the conventions below, so that what it
lends is planned as the progressive or the classic engine would plan it.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from ledger.calculators import calculate
from ledger.domain.contract.plan_of_loan import plan_terms_of
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Basis
from ledger.kernel.day_count import DayCount
from ledger.kernel.rates import parse_rate
from ledger.kernel.rounding import Rounding

PROGRESSIVE = {
    "whole months": ({}, {"basis": Basis.PERIODIC}),
    "ACT/365F": (
        {"days_in_year": "365", "days_in_month": "actual"},
        {"basis": Basis.EXACT, "day_count": DayCount.ACT_365F},
    ),
    "ACT/360": (
        {"days_in_year": "360", "days_in_month": "actual"},
        {"basis": Basis.EXACT, "day_count": DayCount.ACT_360},
    ),
    "ACT/ACT, the year cut at 31 December": (
        {"days_in_year": "actual", "days_in_month": "actual"},
        {"basis": Basis.EXACT, "day_count": DayCount.ACT_ACT_31DEC},
    ),
    "ACT/ACT, 366 for the row with 29 February": (
        {"days_in_year": "actual", "days_in_month": "actual", "leap_rule": "feb_29_period_only"},
        {"basis": Basis.EXACT, "day_count": DayCount.ACT_ACT_FEB29},
    ),
    "ACT/364": (
        {"days_in_year": "364", "days_in_month": "actual"},
        {"basis": Basis.EXACT, "day_count": DayCount.ACT_364},
    ),
}


def asked(chance, **more):
    return {
        "currency": "EUR",
        "principal": f"{chance.randint(100, 5_000_000)}.{chance.randint(0, 99):02}",
        "annual_rate": f"0.{chance.randint(1, 2999):04}",
        "start": (date(2023, 1, 1) + timedelta(days=chance.randint(0, 800))).isoformat(),
        "count": chance.randint(1, 36),
        **more,
    }


def rows_of_engine(data):
    rows = calculate("schedule", data)["result"]["rows"]
    return [(row["due_on"], row["principal"], row["interest"]) for row in rows]


def rows_of_product(data, **conventions):
    terms = plan_terms_of(
        RepaymentTerms(method=ContractMethod(data["method"]), rounding=Rounding.HALF_EVEN, **conventions),
        principal_minor=int(data["principal"].replace(".", "")),
        annual_rate_e8=parse_rate(data["annual_rate"]),
        start=date.fromisoformat(data["start"]),
        term=data["count"],
    )
    return [
        (row.period.due_on.isoformat(), f"{row.principal_minor / 100:.2f}", f"{row.interest_minor / 100:.2f}")
        for row in build_plan(terms).rows
    ]


@pytest.mark.parametrize("name", PROGRESSIVE)
@pytest.mark.parametrize("seed", range(12))
def test_a_product_lends_by_the_progressive_plan(name, seed):
    engine, conventions = PROGRESSIVE[name]
    data = asked(Random(seed), engine="progressive", method="equal_instalment", progressive=engine)
    assert rows_of_product(data, equalisation_rounds=3, **conventions) == rows_of_engine(data)


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "flat"])
@pytest.mark.parametrize("seed", range(12))
def test_a_product_lends_by_the_classic_plan(method, seed):
    data = asked(Random(seed), engine="classic", method=method, multiple="1.00")
    flat = {"flat_total_once": True} if method == "flat" else {}
    product = rows_of_product(data, basis=Basis.PERIODIC, multiple_minor=100, **flat)
    assert product == rows_of_engine(data)
