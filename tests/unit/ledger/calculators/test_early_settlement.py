"""Payoff and prepayment with a rebate, and unpaid interest of revolving draws, through JSON."""

from __future__ import annotations

import pytest

from ledger.calculators import calculate, find_calculator
from ledger.domain.plans.rebates import RebateImpossible

PLAN = find_calculator("payoff").example["schedule"]
FLAT = {**PLAN, "method": "flat", "principal": "10000.00", "annual_rate": "0.12", "count": 12}


def result(name, **changes):
    return calculate(name, {**find_calculator(name).example, "currency": "CNY", **changes})["result"]


def payoff(**changes):
    return result(
        "payoff", **{"schedule": FLAT, "rows_paid": 5, "on": "2024-08-05", "fee_rate": "0", **changes}
    )


class TestPayoff:
    @pytest.mark.parametrize(
        ("rebate", "charged", "total"),
        [
            ("to_date", "0.00", "5833.35"),
            ("rule_of_78", "269.23", "6102.58"),
            ("full_term", "700.00", "6533.35"),
        ],
    )
    def test_charges_interest_by_the_rule_that_is_named(self, rebate, charged, total):
        found = payoff(rebate=rebate)
        assert (found["interest_charged"], found["total"]) == (charged, total)
        assert found["broken_interest"] == "0.00"

    def test_charges_the_least_days(self):
        found = payoff(schedule=PLAN, rows_paid=0, on="2024-03-10", interest_days_min=40)
        assert found["interest"] == {"to_date": "75.00", "by_rule": "75.00", "at_least": "563.00"}
        assert found["total"] == "50563.00"

    def test_refuses_the_rule_of_78_on_a_balance(self):
        with pytest.raises(RebateImpossible) as refused:
            payoff(schedule=PLAN, rows_paid=2, on="2024-05-16", rebate="rule_of_78")
        assert refused.value.field == "rebate"


class TestPrepayment:
    def test_of_a_flat_loan_says_where_its_interest_comes_from(self):
        found = result("prepayment", schedule=FLAT, amount="3000.00", mode="reduce_instalment")
        assert {row["how"] for row in found["rows"]} == {
            "planned interest less the share of the principal repaid early"
        }
        assert found["outstanding"] == "5333.34"

    def test_by_the_rule_of_78_gives_a_share_of_the_rest_back(self):
        found = result(
            "prepayment", schedule=FLAT, amount="3000.00", mode="reduce_instalment", rebate="rule_of_78"
        )
        # 1,000.00 to come less 3,000.00 / 8,333.34 of 846.15, which is 10 x 11 / (12 x 13) of 1,200.00.
        assert found["totals"]["interest"] == "695.39"


class TestRevolving:
    def test_compounds_what_fell_due_and_is_unpaid(self):
        found = result(
            "revolving",
            repayments=[{"on": "2024-04-25", "amount": "500.00"}],
            on="2024-05-31",
            interest_day=20,
            compound="penalty_rate",
        )
        unpaid = [(item["due"], item["unpaid"], item["compound"]) for item in found["overdue_interest"]]
        assert unpaid == [
            ("304.00", "0.00", "6.57"),
            ("496.00", "300.00", "7.97"),
            ("480.00", "480.00", "3.17"),
        ]
        assert found["compound"] == "17.71"

    @pytest.mark.parametrize(("compound", "total"), [("none", "0.00"), ("contract_rate", "4.38")])
    def test_compounds_as_agreed(self, compound, total):
        found = result("revolving", repayments=[], on="2024-04-25", interest_day=20, compound=compound)
        item = found["overdue_interest"][0]
        # 304.00 for 36 days at 14.4%.
        assert item["compound"] == total
