"""Eligibility, limit and their changes through JSON: acceptance figures, conventions, refusals by name."""

from __future__ import annotations

import pytest

from ledger.calculators import calculate
from ledger.calculators.refusals import InputContradictory, InputOutOfBounds
from lending.calculators.eligibility import ELIGIBILITY
from lending.calculators.limit import LIMIT
from lending.calculators.limit_change import LIMIT_CHANGE
from lending.calculators.rate_discount import RATE_DISCOUNT
from lending.policies.limit_policy import LimitParameterOutOfRange

LAST_HALF = ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]
JUMPING = [
    {"month": month, "amount": amount}
    for month, amount in zip(LAST_HALF, ["100000.00"] * 5 + ["180000.00"], strict=True)
]
TICKET = {"name": "ticket_size", "value": "300", "low": "80", "high": "300"}


def result(calculator, **changes):
    given = {**calculator.example, **changes}
    return calculate(calculator.name, {name: held for name, held in given.items() if held is not None})[
        "result"
    ]


def rules(**changes):
    return [reason["rule"] for reason in result(ELIGIBILITY, **changes)["reasons"]]


class TestEligibility:
    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({"born_on": "2006-07-10"}, []),
            ({"born_on": "2006-07-11"}, ["age"]),
            ({"trading_since": "2024-01-10"}, []),
            ({"trading_since": "2024-01-11"}, ["months_in_business"]),
            ({"overdue_months": ["2023-11", "2023-12", "2024-01"]}, ["consecutive_overdue"]),
            ({"overdue_now": "0.00"}, []),
            ({"overdue_now": "0.01"}, ["currently_overdue"]),
            ({"inquiries_3_months": 6}, []),
            ({"inquiries_3_months": 7}, ["inquiries"]),
            ({"debt_ratio": "0.7"}, []),
            ({"debt_ratio": "0.7001"}, ["debt_ratio"]),
            ({"idle_days": 15}, []),
            ({"idle_days": 16}, ["idle_days"]),
            ({"turnover": JUMPING}, ["volatility"]),
            ({"turnover": JUMPING, "volatility_formula": "variation"}, []),
            ({"turnover": JUMPING, "volatility_formula": "range"}, ["volatility"]),
            ({"industry_code": "p2p"}, ["restricted_industry"]),
            ({"overdue_settled_on": "2024-01-11"}, ["old_overdue"]),
            ({"overdue_settled_on": "2024-01-10"}, []),
            ({"penalty_active": True}, ["operating_abnormal"]),
            ({"identity_matches": False}, ["identity_failed"]),
            ({"account_count": 0}, ["no_business_scene"]),
        ],
    )
    def test_rejects_beyond_each_threshold(self, changes, found):
        assert rules(**changes) == found

    @pytest.mark.parametrize(
        ("changes", "decision", "approved"),
        [
            ({"top_5_share": "0.7999"}, "approve", True),
            ({"top_5_share": "0.8"}, "manual", False),
            ({"applied_hour": 3}, "approve", True),
            ({"comparisons": [TICKET]}, "approve", True),
            ({"comparisons": [{**TICKET, "value": "300.01"}]}, "manual", False),
            ({"top_5_share": "0.8", "debt_ratio": "0.7001"}, "reject", False),
        ],
    )
    def test_sends_a_doubtful_yes_to_a_person(self, changes, decision, approved):
        found = result(ELIGIBILITY, **changes)
        assert (found["decision"], found["approved"]) == (decision, approved)

    def test_shows_age_and_volatility(self):
        found = result(ELIGIBILITY, turnover=JUMPING, born_on="2000-02-29")
        assert found["figures"] == {"volatility": "0.5882352941", "age": 24}
        assert result(ELIGIBILITY, turnover=[], tax_12_months="1.00")["figures"] == {}

    def test_tells_how_long_to_wait(self):
        found = result(ELIGIBILITY, applied_on="2024-07-31", overdue_now="1.00", debt_ratio="0.8")
        assert [row["waiting_months"] for row in found["reasons"]] == [
            {"enforced": 3, "advised": 6},
            {"enforced": 6, "advised": 12},
        ]
        assert found["reapply_from"] == "2025-01-31"
        too_old = result(ELIGIBILITY, born_on="1950-01-01")
        assert too_old["reapply_from"] is None
        assert "waiting_months" not in too_old["reasons"][0]

    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({}, []),
            ({"proposed_limit": "122400.01"}, ["amount_above_computed"]),
            ({"second_review_above": 122_400}, []),
            ({"second_review_above": 122_399}, ["amount_above_threshold"]),
            ({"term_months": 12}, []),
            ({"term_months": 13}, ["term_above_threshold"]),
        ],
    )
    def test_says_what_is_reviewed_a_second_time(self, changes, found):
        assert result(ELIGIBILITY, **changes)["second_review"] == found

    def test_reviews_no_rejection(self):
        assert "second_review" not in result(ELIGIBILITY, overdue_now="0.01")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"born_on": "2024-07-11"}, "born_on"),
            ({"overdue_settled_on": "2024-07-11"}, "overdue_settled_on"),
            ({"overdue_months": ["2024-08"]}, "overdue_months"),
            ({"comparisons": [{**TICKET, "high": "79"}]}, "comparisons[0].high"),
        ],
    )
    def test_refuses_facts_after_the_application_and_empty_ranges(self, changes, field):
        with pytest.raises(InputContradictory) as refused:
            result(ELIGIBILITY, **changes)
        assert refused.value.field == field


class TestLimit:
    @pytest.mark.parametrize(
        ("changes", "limit"),
        [
            ({}, "122400.00"),
            ({"debt_ratio": "0.7"}, "100800.00"),
            ({"potential": "0.5"}, "61200.00"),
            ({"potential": "1.2"}, "146800.00"),
            ({"debt_points": [{"ratio": "0", "factor": "1"}, {"ratio": "1", "factor": "0.7"}]}, "122400.00"),
            ({"tax_12_months": "40000.00"}, "195800.00"),
            ({"tax_12_months": "40000.00", "invoices_12_months": "1500000.00"}, "195800.00"),
        ],
    )
    def test_has_the_worked_figures(self, changes, limit):
        assert result(LIMIT, **changes)["limit"] == limit

    @pytest.mark.parametrize(
        ("changes", "kind", "field"),
        [
            ({"potential": "0.4999"}, InputOutOfBounds, "potential"),
            ({"potential": "1.2001"}, InputOutOfBounds, "potential"),
            (
                {"debt_points": [{"ratio": "0.7", "factor": "0.7"}, {"ratio": "0.3", "factor": "1"}]},
                LimitParameterOutOfRange,
                "debt_points",
            ),
        ],
    )
    def test_refuses_parameters_by_name(self, changes, kind, field):
        with pytest.raises(kind) as refused:
            result(LIMIT, **changes)
        assert refused.value.field == field


class TestLimitChange:
    @pytest.mark.parametrize(
        ("on", "limit", "available"),
        [
            ("2024-11-01", "159120.00", "29120.00"),
            ("2024-11-15", "159120.00", "29120.00"),
            ("2024-11-16", "122400.00", "0.00"),
        ],
    )
    def test_raises_for_the_festival_and_goes_back(self, on, limit, available):
        found = result(LIMIT_CHANGE, on=on)
        assert (found["limit"], found["available"]) == (limit, available)

    def test_adds_fifty_for_each_receipt_of_the_days_so_far(self):
        days = [
            {
                "on": f"2024-11-0{day}",
                "receipts": [{"payer": f"p{n}", "amount": "1.00"} for n in range(count)],
            }
            for day, count in ((4, 10), (1, 1), (2, 10), (3, 25))
        ]
        terms = {"limit": "3000.00", "limit_max": 5_000, "festival": None, "outstanding": "0"}
        found = result(LIMIT_CHANGE, raise_days=days, on="2024-11-04", **terms)
        assert [step["to"] for step in found["changes"]] == ["3050.00", "3550.00", "4800.00", "5000.00"]
        assert found["changes"][1]["how"] == "10 of 10 receipts count, 50 each"
        earlier = result(LIMIT_CHANGE, raise_days=days, on="2024-11-02", **terms)
        assert earlier["limit"] == "3550.00"

    def test_combines_a_cut_a_festival_and_a_freeze(self):
        found = result(LIMIT_CHANGE, behaviour={"decision": "cut"}, frozen=True)
        assert [(step["change"], step["to"]) for step in found["changes"]] == [
            ("behaviour:cut", "97900.00"),
            ("festival", "127270.00"),
        ]
        assert (found["available"], found["notice"]) == ("0.00", True)

    def test_rounds_a_limit_that_behaviour_moves_and_not_one_that_it_keeps(self):
        terms = {"limit": "41861.00", "outstanding": "0", "festival": None}
        steps = {
            decision: result(LIMIT_CHANGE, behaviour={"decision": decision, "share": "0.05"}, **terms)[
                "changes"
            ]
            for decision in ("raise", "keep", "cut")
        }
        assert {decision: (step["to"], step["how"]) for decision, (step,) in steps.items()} == {
            "raise": ("43900.00", "rounded down to the step"),
            "keep": ("41861.00", "kept as it is"),
            "cut": ("39700.00", "rounded down to the step"),
        }

    def test_sends_no_notice_when_nothing_changes(self):
        found = result(LIMIT_CHANGE, festival=None)
        assert (found["changes"], found["notice"]) == ([], False)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"raise_days": [{"on": "2024-11-01", "receipts": []}] * 2}, "raise_days"),
            ({"festival": {"from": "2024-11-15", "until": "2024-11-14"}}, "festival.until"),
        ],
    )
    def test_refuses_days_that_do_not_fit(self, changes, field):
        with pytest.raises(InputContradictory) as refused:
            result(LIMIT_CHANGE, **changes)
        assert refused.value.field == field


class TestRateDiscount:
    def test_has_the_worked_figures(self):
        found = result(RATE_DISCOUNT)
        assert found["how"] == ("50000.00 x 0.144 x 0.85 x 30/360 = 510.00; the budget pays 600.00 - 510.00")
        assert (found["percent"], found["subsidy"], found["budget_left"]) == ("12.24", "90.00", "29999910.00")

    def test_says_why_there_is_none(self):
        found = result(RATE_DISCOUNT, budget="0.00")
        assert (found["applied"], found["refused"], found["interest"]) == (False, "budget_spent", "600.00")

    def test_may_last_for_its_own_days_only(self):
        found = result(RATE_DISCOUNT, lasts="own_days")
        assert found["interest"] == "567.00"
        assert "(0.85 x 11 + 19)/360" in found["how"]

    @pytest.mark.parametrize(
        ("changes", "kind", "field"),
        [
            ({"share": "0.8499"}, InputOutOfBounds, "share"),
            ({"valid_until": "2024-10-19"}, InputContradictory, "valid_until"),
        ],
    )
    def test_refuses_by_name(self, changes, kind, field):
        with pytest.raises(kind) as refused:
            result(RATE_DISCOUNT, **changes)
        assert refused.value.field == field
