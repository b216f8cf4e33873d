"""Calculators end to end: worked figures through JSON, conventions in the answer, refusals by name."""

from __future__ import annotations

import pytest

import collection.calculators
import lending.calculators
from ledger.calculators import CALCULATORS, calculate, find_calculator
from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.refusals import (
    CalculatorUnknown,
    InputContradictory,
    InputFieldInvalid,
    InputFieldMissing,
    InputOutOfBounds,
)
from ledger.domain.plans.replanning import EarlyAmountTooSmall

OF_OTHER_APPS = (*lending.calculators.REGISTERED, *collection.calculators.REGISTERED)
NAMES = [
    "allocation",
    "annual-rate",
    "classification",
    "due-dates",
    "eligibility",
    "interest",
    "limit",
    "limit-change",
    "linked-deduction",
    "loan",
    "payoff",
    "penalty",
    "prepayment",
    "provision",
    "rate-discount",
    "restructure",
    "revolving",
    "schedule",
    "scorecard",
]


def answer(name, **changes):
    """Run a calculator on its own worked input with some fields changed; None takes a field away."""
    given = {**find_calculator(name).example, **changes}
    return calculate(name, {field: value for field, value in given.items() if value is not None})


def result(name, **changes):
    return answer(name, **changes)["result"]


def refusal(name, kind, **changes):
    with pytest.raises(kind) as refused:
        answer(name, **changes)
    return refused.value


class TestTheCatalogue:
    def test_has_every_calculator(self):
        assert sorted(CALCULATORS) == NAMES
        assert len(OF_OTHER_APPS) == 6

    def test_refuses_an_unknown_name(self):
        with pytest.raises(CalculatorUnknown):
            calculate("tarot", {})

    def test_gives_a_name_to_one_calculator_only(self):
        known = find_calculator("schedule")
        twin = Calculator(name="schedule", title="", shape=known.shape, example={}, compute=known.compute)
        with pytest.raises(ValueError, match="already"):
            register(twin)
        assert find_calculator("schedule") is known

    @pytest.mark.parametrize("name", NAMES)
    def test_answers_in_one_frame_and_alike_every_time(self, name):
        first = answer(name)
        assert list(first) == ["calculator", "version", "conventions", "result"]
        assert (first["calculator"], first["version"]) == (name, 1)
        assert first == answer(name)

    def test_shows_amounts_in_refusals_as_money(self):
        refused = refusal("prepayment", EarlyAmountTooSmall, amount="0.01", rows_paid=0)
        assert refused.details == {"due": "17195.58", "payoff": "50826.67"}


class TestSchedule:
    def test_says_what_it_used_and_how(self):
        found = answer("schedule")
        assert found["conventions"]["basis"] == "periodic"
        assert found["conventions"]["level"] == "annuity_periodic"
        row = found["result"]["rows"][1]
        assert row["how"] == ("41852.21 x 0.108 x 1/12 = 376.66989, half_up 376.67; instalment 8597.79")
        assert found["result"]["levels"][0]["exact"] == "8597.7931797397"
        assert found["result"]["totals"]["total"] == "51586.76"

    def test_shows_capitalised_deferred_and_subsidised_interest(self):
        grace = {"principal_rows": 1, "interest_rows": 1, "interest": "capitalised"}
        assert result("schedule", grace=grace)["rows"][0]["capitalised"] == "450.00"
        put_off = result("schedule", grace={"principal_rows": 1, "interest_rows": 1})["rows"][1]
        assert "due with this row 900.00" in put_off["how"]
        promotion = [{"from": "2024-01-01", "until": "2024-03-15", "share": "0.5"}]
        assert result("schedule", promotions=promotion)["rows"][0]["subsidy"] == "225.00"
        assert "(0.054 x " in result("schedule", promotions=promotion)["rows"][1]["how"]

    def test_marks_dates_of_a_provisional_calendar(self):
        rows = result("schedule", calendar={"provisional_from": "2024-06-01"})["rows"]
        assert [row.get("provisional", False) for row in rows] == [False] * 4 + [True, True]

    def test_shows_a_flat_row_on_the_original_principal(self):
        row = result("schedule", method="flat")["rows"][3]
        assert row["how"].startswith("50000.00 x 0.108 x 1/12")

    @pytest.mark.parametrize(
        ("changes", "kind", "field"),
        [
            ({"count": None}, InputFieldMissing, "count"),
            ({"annual_rate": None}, InputFieldMissing, "annual_rate"),
            ({"rates": [{"from": "2024-01-01", "annual_rate": "0.1"}]}, InputContradictory, "rates"),
            ({"frequency": "weekly", "every": 2}, InputContradictory, "frequency"),
            (
                {"down_payment": "1.00", "down_payment_share": "0.1"},
                InputContradictory,
                "down_payment_share",
            ),
        ],
    )
    def test_refuses_what_does_not_go_together(self, changes, kind, field):
        assert refusal("schedule", kind, **changes).field == field

    def test_rounds_a_down_payment_to_the_multiple(self):
        rows = result("schedule", down_payment_share="0.12345", multiple="100.00")["rows"]
        assert (rows[0]["kind"], rows[0]["total"]) == ("down_payment", "6200.00")
        assert "how" not in rows[0]


class TestDueDates:
    def test_needs_a_count(self):
        assert refusal("due-dates", InputFieldMissing, count=None).field == "count"

    def test_takes_a_unit_without_a_number(self):
        assert answer("due-dates", unit="week")["conventions"]["every"] == 1


class TestInterest:
    def test_of_a_daily_rate_is_quoted_over_the_day_base(self):
        changes = {"annual_rate": None, "daily_rate": "0.0005", "principal": "100000.00"}
        days = {"start": "2024-03-01", "end": "2024-03-11"}
        assert result("interest", **changes, **days)["interest"] == "500.00"
        pieces = result("interest", **changes, **days, day_count="ACT/365F")["pieces"]
        assert pieces[0]["annual_rate"] == "0.1825"
        refused = refusal("interest", InputContradictory, **changes, day_count="ACT/ACT ISDA")
        assert refused.field == "daily_rate"

    def test_of_a_monthly_rate_is_twelve_times_that_a_year(self):
        quoted = result("interest", annual_rate=None, monthly_rate="0.012")
        assert quoted["interest"] == result("interest", annual_rate="0.144")["interest"]
        refused = refusal("interest", InputContradictory, monthly_rate="0.012")
        assert refused.field == "monthly_rate"

    def test_is_rounded_once_however_many_pieces(self):
        changes = [{"on": f"2024-01-{day:02}", "amount": "0.01"} for day in range(1, 32)]
        found = result("interest", principal="7615.00", annual_rate="0.144", changes=changes)
        total = sum(float(piece["exact"]) for piece in found["pieces"])
        assert abs(total - float(found["interest"])) <= 0.005 + 1e-9

    @pytest.mark.parametrize(
        "changes",
        [
            [{"on": "2023-12-15", "amount": "1.00"}],
            [{"on": "2024-03-15", "amount": "1.00"}],
            [{"on": "2024-01-15", "amount": "-30000.01"}],
        ],
    )
    def test_refuses_changes_outside_the_period_or_below_zero(self, changes):
        assert refusal("interest", InputContradictory, changes=changes).field == "changes"


class TestRevolving:
    def test_says_what_is_available_and_due(self):
        found = result("revolving", limit="50000.00", interest_day=20, repayments=[], on="2024-03-31")
        assert found["available"] == "10000.00"
        assert found["interest_due"] == [{"on": "2024-03-20", "draw": "A", "interest": "304.00"}]

    def test_has_no_interest_day_before_the_first_draw(self):
        assert "interest_due" not in result("revolving", interest_day=20, repayments=[], on="2024-03-01")

    @pytest.mark.parametrize(
        ("settlement", "repayment"),
        [
            ("all_accrued", {"principal": "1.00"}),
            ("on_repaid_principal", {"amount": "1.00"}),
            ("all_accrued", {"payoff": False}),
        ],
    )
    def test_refuses_a_repayment_stated_in_the_other_way(self, settlement, repayment):
        given = [{"on": "2024-03-13", **repayment}]
        refused = refusal("revolving", InputContradictory, settlement=settlement, repayments=given)
        assert refused.field == "repayments[0]"


class TestEarly:
    def test_payoff_adds_penalty_and_says_how_long_it_binds(self):
        found = result("payoff", penalty="12.34", valid_days=2)
        assert (found["total"], found["valid_until"]) == ("34090.72", "2024-05-18")
        assert found["how"]["broken_interest"].startswith("11 days")

    def test_the_plan_is_in_the_same_currency(self):
        plan = find_calculator("payoff").example["schedule"]
        assert result("payoff", schedule={**plan, "currency": "CNY"})["total"] == "34078.38"
        refused = refusal("payoff", InputContradictory, schedule={**plan, "currency": "USD"})
        assert refused.field == "schedule.currency"

    def test_amounts_outside_the_plan_have_its_decimals(self):
        plan = {**find_calculator("payoff").example["schedule"], "principal": "50000", "currency": "JPY"}
        assert result("payoff", currency="JPY", schedule=plan, penalty="7")["penalty"] == "7"


class TestPenalty:
    def test_shows_the_fee_that_is_not_charged(self):
        items = [{"due_on": "2024-04-04", "principal": "8000.00", "interest": "96.00", "fee": "50.00"}]
        (item,) = result("penalty", items=items)["items"]
        assert (item["fee"], item["fee_not_charged"]) == ("13.49", "36.51")

    @pytest.mark.parametrize(
        ("changes", "uplift"), [({}, "0.5"), ({"misuse": True}, "1"), ({"uplift": "0.3"}, "0.3")]
    )
    def test_says_which_uplift_it_used(self, changes, uplift):
        assert answer("penalty", **changes)["conventions"]["uplift"] == uplift

    def test_says_so_within_the_grace_days(self):
        (item,) = result("penalty", on="2024-04-07")["items"]
        assert (item["total"], item["how"]) == ("0.00", "within 3 days of grace nothing is charged")


class TestAllocation:
    def test_finds_the_days_past_due_itself(self):
        assert result("allocation")["days_past_due"] == 46
        assert result("allocation", on="2024-03-05")["days_past_due"] == 0
        assert result("allocation", days_past_due=91)["principal_first"] is True

    def test_adds_up(self):
        found = result("allocation", amount="5000.00")
        assert (found["allocated"], found["suspense"]) == ("4221.20", "778.80")
        assert [row["left"] for row in found["instalments"]] == ["0.00", "0.00"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            (
                {"order": ["fee", "penalty", "compound", "interest", "principal"], "rules": ["due.fee"]},
                "order",
            ),
            ({"instalments": [{"number": 1, "due_on": "2024-01-01"}] * 2}, "instalments"),
        ],
    )
    def test_refuses_what_does_not_go_together(self, changes, field):
        assert refusal("allocation", InputContradictory, **changes).field == field


FLOWS = [{"period": 0, "amount": "100.00"}, {"period": 1, "amount": "-101.00"}]


class TestAnnualRate:
    def test_matches_the_worked_disclosure(self):
        found = result("annual-rate")
        assert found["percent"] == {
            "irr_nominal": "24.40",
            "irr_effective": "27.33",
            "xirr": "27.31",
            "simple": "24.92",
        }
        assert (found["leading"], found["ceiling"]["kept"]) == ("irr_nominal", False)
        assert "fee_income" not in found

    def test_takes_the_principal_in_use_by_days_where_rows_are(self):
        plan = {**find_calculator("annual-rate").example["schedule"], "method": "interest_only"}
        found = result("annual-rate", schedule=plan, fees=[])
        assert found["percent"]["simple"] == "12.17"

    def test_of_flows_needs_no_plan(self):
        found = result(
            "annual-rate",
            method="irr",
            schedule=None,
            fees=None,
            ceiling=None,
            flows=FLOWS,
            periods_per_year=52,
        )
        assert (found["irr_per_period"], found["percent"]) == ("0.01", "52.00")

    def test_by_regulation_z_takes_dates_or_periods(self):
        dated = [{"on": "2024-01-15", "amount": "100.00"}, {"on": "2024-02-15", "amount": "-101.00"}]
        common = {"method": "reg_z", "schedule": None, "fees": None, "ceiling": None}
        by_date = result("annual-rate", **common, flows=dated)
        by_period = result("annual-rate", **common, flows=FLOWS)
        assert by_date == by_period
        assert by_date["percent"] == "12.00"

    @pytest.mark.parametrize(
        ("changes", "kind", "field"),
        [
            ({"schedule": None}, InputFieldMissing, "schedule"),
            ({"flows": FLOWS}, InputContradictory, "flows"),
            ({"method": "irr", "schedule": None}, InputFieldMissing, "flows"),
            ({"method": "irr", "schedule": None, "flows": FLOWS}, InputContradictory, "schedule"),
            (
                {"method": "xirr", "schedule": None, "fees": None, "flows": FLOWS},
                InputFieldMissing,
                "flows[0].on",
            ),
            (
                {"method": "irr", "schedule": None, "fees": None, "flows": FLOWS},
                InputFieldMissing,
                "signed_on",
            ),
            ({"fees": [{"row": 13, "amount": "1.00"}]}, InputContradictory, "fees"),
        ],
    )
    def test_refuses_fields_that_a_method_does_not_need(self, changes, kind, field):
        assert refusal("annual-rate", kind, **changes).field == field

    def test_includes_a_down_payment_and_fees_of_rows(self):
        plan = {**find_calculator("annual-rate").example["schedule"], "down_payment": "4000.00"}
        found = result("annual-rate", schedule=plan, fees=[{"row": 3, "amount": "10.00"}])
        assert (found["fees"], found["interest"]) == ("10.00", "2400.00")


class TestQuality:
    def test_upgrade_says_what_is_missing(self):
        found = result(
            "classification",
            instalments=None,
            days_past_due=0,
            upgrade={"arrears_cleared_on": "2024-03-01", "periods_performed": 1},
        )
        assert found["upgrade"] == {
            "allowed": False,
            "earliest_on": "2024-09-01",
            "missing": ["periods_performed", "months_performed"],
        }
        never = result("classification", upgrade={})
        assert never["upgrade"]["earliest_on"] is None

    def test_current_loans_have_no_oldest_date(self):
        found = result("classification", instalments=[])
        assert (found["days_past_due"], found["oldest_unpaid_due_on"]) == (0, None)

    @pytest.mark.parametrize(
        ("changes", "kind", "field"),
        [
            ({"method": "matrix"}, InputFieldMissing, "category"),
            ({"method": "matrix", "category": "loss", "undrawn": "1.00"}, InputContradictory, "undrawn"),
            ({"lgd": None}, InputFieldMissing, "lgd"),
            ({"days_past_due": None}, InputFieldMissing, "days_past_due"),
            ({"stage": 1}, InputContradictory, "days_past_due"),
        ],
    )
    def test_provision_refuses_what_a_method_does_not_need(self, changes, kind, field):
        assert refusal("provision", kind, **changes).field == field

    def test_provision_by_a_given_stage(self):
        found = result("provision", stage=3, days_past_due=None)
        assert (found["provision"], found["interest_on_net"]) == ("30000.00", True)


class TestLending:
    def test_limit_shows_every_figure(self):
        found = result("limit")
        assert (found["factor"], found["limit"]) == ("1.224", "122400.00")

    @pytest.mark.parametrize(
        ("changes", "kind", "field"),
        [
            ({"turnover": [{"month": "2024-13", "amount": "1.00"}]}, InputFieldInvalid, "turnover[0].month"),
            ({"turnover": [{"month": "2024-01", "amount": "1.00"}] * 2}, InputContradictory, "turnover"),
            ({"debt_ratio": "0.70005"}, InputOutOfBounds, "debt_ratio"),
            ({"turnover_share": "0.31"}, InputOutOfBounds, "turnover_share"),
        ],
    )
    def test_refuses_by_name(self, changes, kind, field):
        assert refusal("limit", kind, **changes).field == field

    def test_eligibility_tells_reasons_and_when_to_come_back(self):
        found = result("eligibility", debt_ratio="0.7001")
        assert (found["approved"], found["limit"]) == (False, "0.00")
        assert found["reasons"][0]["rule"] == "debt_ratio"
        assert found["reapply_from"] == "2024-10-10"
        assert "assessment" not in found

    def test_eligibility_without_a_date_is_for_good(self):
        assert result("eligibility", blacklisted=True)["reapply_from"] is not None
        assert "reapply_from" not in result("eligibility")


class TestLinkedDeduction:
    def test_matches_the_worked_deductions(self):
        (debt,) = result("linked-deduction")["debts"]
        assert [(paid["account"], paid["amount"]) for paid in debt["deductions"]] == [
            ("S1", "3500.00"),
            ("M", "1000.00"),
            ("S2", "1775.43"),
        ]

    def test_says_who_was_passed_over_and_why(self):
        accounts = [
            {"name": "S1", "balance": "10.00", "reserved": "10.00"},
            {"name": "S2", "balance": "9000.00", "authorised": False},
            {"name": "S3", "balance": "9000.00", "currency": "USD"},
        ]
        found = result("linked-deduction", accounts=accounts)
        assert {row["account"]: row["why"] for row in found["debts"][0]["skipped"]} == {
            "S1": "nothing_available",
            "S2": "not_authorised",
            "S3": "other_currency",
        }
        assert (found["deducted"], found["remaining"]) == ("0.00", "6275.43")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"accounts": [{"name": "S1", "balance": "1.00"}] * 2}, "accounts"),
            ({"accounts": [{"name": "S9", "balance": "1.00"}]}, "debts[0].account"),
        ],
    )
    def test_refuses_names_that_do_not_fit(self, changes, field):
        assert refusal("linked-deduction", InputContradictory, **changes).field == field
