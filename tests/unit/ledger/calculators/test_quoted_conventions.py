"""Conventions that a contract may quote in other words: rates, due dates, penalties, probabilities."""

from __future__ import annotations

import pytest

from ledger.calculators import calculate, find_calculator
from ledger.calculators.refusals import InputContradictory, InputFieldMissing, InputOutOfBounds
from ledger.domain.plans.terms import PlanTermsImpossible
from ledger.kernel.money import MoneyTooLarge


def result(name, **changes):
    """Run a calculator on its own worked input with some fields changed; None takes a field away."""
    given = {**find_calculator(name).example, **changes}
    kept = {field: value for field, value in given.items() if value is not None}
    return calculate(name, kept)["result"]


def refusal(name, kind, **changes):
    with pytest.raises(kind) as refused:
        result(name, **changes)
    return refused.value


class TestConventionsThatAreQuotedInOtherWays:
    @pytest.mark.parametrize(
        ("quoted", "annual"),
        [
            ({"monthly_rate": "0.009"}, "0.108"),
            ({"daily_rate": "0.0005"}, "0.18"),
            ({"daily_rate": "0.0005", "day_count": "ACT/365F"}, "0.1825"),
            ({"daily_rate": "0.0005", "day_count": "30E/360"}, "0.18"),
        ],
    )
    def test_a_plan_takes_a_rate_a_month_or_a_day(self, quoted, annual):
        rest = {name: value for name, value in quoted.items() if name == "day_count"}
        found = result("schedule", annual_rate=None, **quoted)["rows"]
        assert found == result("schedule", annual_rate=annual, **rest)["rows"]

    def test_interest_takes_a_number_of_days_instead_of_an_end(self):
        assert result("interest", end=None, days=91) == result("interest", end="2024-03-15")
        assert refusal("interest", InputContradictory, days=91).field == "days"
        assert refusal("interest", InputFieldMissing, end=None).field == "end"

    def test_a_quotation_beyond_all_bounds_is_refused(self):
        refused = refusal("schedule", InputOutOfBounds, annual_rate=None, monthly_rate="0.83333334")
        assert refused.field == "monthly_rate"
        refused = refusal("schedule", InputOutOfBounds, annual_rate=None, daily_rate="0.02")
        assert refused.field == "daily_rate"

    def test_a_draw_takes_a_rate_a_day_by_the_day_count_of_the_account(self):
        draw = {"name": "A", "on": "2024-03-01", "amount": "40000.00", "daily_rate": "0.0004"}
        changes = {"draws": [draw], "repayments": [], "on": "2024-03-13"}
        assert result("revolving", **changes)["interest"] == "192.00"
        assert result("revolving", **changes, day_count="ACT/365F")["interest"] == "192.00"

    @pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_only"])
    def test_listed_due_dates_make_the_plan_that_the_rule_makes(self, method):
        changes = {"method": method, "basis": "exact"}
        ruled = result("schedule", **changes)["rows"]
        dates = [row["due_on"] for row in ruled]
        assert result("schedule", **changes, count=None, due_dates=dates)["rows"] == ruled
        assert result("schedule", method=method, count=None, due_dates=dates)["rows"] == ruled

    def test_listed_due_dates_say_how_many_rows_there_are(self):
        dates = ["2024-02-29", "2024-03-31"]
        assert len(result("due-dates", count=None, due_dates=dates)["rows"]) == 2
        assert refusal("schedule", InputContradictory, due_dates=dates, count=3).field == "count"
        batches = [{"on": dates[0], "principal": "50000.00"}]
        changes = {"method": "custom", "count": None, "batches": batches, "due_dates": dates[:1]}
        assert refusal("schedule", PlanTermsImpossible, **changes).field == "due_dates"

    def test_a_penalty_is_stated_by_the_year_or_by_the_day(self):
        by_year = result("penalty", contract_rate=None, penalty_rate="0.18")
        by_day = result("penalty", contract_rate=None, daily_penalty_rate="0.0005")
        assert by_year["items"] == by_day["items"]
        assert by_year["items"][0]["penalty"] == "100.00"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"penalty_rate": "0.18", "uplift": "0.3"}, "penalty_rate"),
            ({"penalty_rate": "0.18", "misuse": True}, "penalty_rate"),
            ({"penalty_rate": "0.18", "daily_penalty_rate": "0.0005"}, "daily_penalty_rate"),
        ],
    )
    def test_a_penalty_rate_that_is_stated_is_not_raised(self, changes, field):
        assert refusal("penalty", InputContradictory, **changes).field == field

    def test_a_penalty_needs_some_rate(self):
        assert refusal("penalty", InputFieldMissing, contract_rate=None).field == "contract_rate"
        changes = {"penalty_rate": "0.18", "compound": "contract_until_maturity", "matures_on": "2024-04-14"}
        assert refusal("penalty", InputFieldMissing, contract_rate=None, **changes).field == "contract_rate"

    def test_a_restructured_loan_is_observed_as_long_as_is_stated(self):
        upgrade = {"arrears_cleared_on": "2023-01-31", "periods_performed": 9, "restructured": True}
        assert result("classification", upgrade=upgrade)["upgrade"]["earliest_on"] == "2024-01-31"
        upgrade |= {"months_min": 18}
        assert result("classification", upgrade=upgrade)["upgrade"]["earliest_on"] == "2024-07-31"

    @pytest.mark.parametrize(
        ("shares", "loss"),
        [({}, "30000.00"), ({"pd_lifetime": "0.8"}, "24000.00"), ({"pd_stage_3": "0.9"}, "27000.00")],
    )
    def test_the_probability_of_stage_3_can_be_stated(self, shares, loss):
        assert result("provision", days_past_due=91, **shares)["provision"] == loss

    def test_equal_principal_may_absorb_the_difference_first_under_dated_rates(self):
        dated = [
            {"from": "2024-01-01", "annual_rate": "0.144"},
            {"from": "2024-03-10", "annual_rate": "0.12"},
        ]
        changes = {"method": "equal_principal", "annual_rate": None, "rates": dated, "absorbs": "first"}
        rows = result("schedule", **changes, principal="100.00", count=3)["rows"]
        assert [row["principal"] for row in rows] == ["33.34", "33.33", "33.33"]


class TestFiguresBeyondUse:
    def test_are_shown_by_their_power_of_ten(self):
        flows = [{"period": 0, "amount": "0.01"}, {"period": 1, "amount": "-10000000.00"}]
        found = calculate("annual-rate", {"currency": "CNY", "method": "irr", "flows": flows})["result"]
        assert found["irr_per_period"] == "999999999"
        assert found["irr_effective"] == "1.0000000000E+108"

    def test_are_refused_as_money(self):
        grace = {"principal_rows": 300, "interest_rows": 300, "interest": "capitalised"}
        assert refusal("schedule", MoneyTooLarge, annual_rate="10", count=360, grace=grace).field == "amount"
