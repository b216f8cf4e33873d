"""The limit formula: worked numbers first, then every factor and bound on its own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lending.policies.limit import (
    assess_limit,
    bounded_limit,
    combine,
    completed_years,
    debt_factor,
    stability_factor,
)
from lending.policies.limit_policy import LimitParameterOutOfRange, LimitPolicy

APPLIED_ON = date(2024, 7, 15)
POLICY = LimitPolicy(industry_factors=(("slow", 8_000), ("fast", 12_000)))
MONTHS = [f"2024-{month:02d}" for month in range(1, 7)]


def assess(*, policy=POLICY, average=50_000_000, years=2, **changes):
    inputs = {
        "applied_on": APPLIED_ON,
        "currency": "CNY",
        "turnover_minor": dict.fromkeys(MONTHS, average),
        "trading_since": date(2024 - years, 7, 15),
        "clean_record": True,
        "industry_code": "other",
        "debt_ratio_bps": 5_000,
        "policy": policy,
    }
    return assess_limit(**{**inputs, **changes})


class TestAssessLimit:
    @pytest.mark.parametrize(
        ("changes", "limit"),
        [
            ({}, 12_240_000),
            ({"debt_ratio_bps": 7_000}, 10_080_000),
            ({"debt_ratio_bps": 3_000}, 14_400_000),
            ({"clean_record": False}, 10_200_000),
            ({"years": 0}, 10_200_000),
            ({"industry_code": "slow"}, 9_790_000),
            ({"industry_code": "fast"}, 14_680_000),
            # Tax 40,000 x 4 = 160,000 and invoices 1,500,000 x 8% = 120,000 against turnover 100,000.
            ({"tax_12_months_minor": 4_000_000}, 19_580_000),
            ({"invoices_12_months_minor": 150_000_000}, 14_680_000),
            ({"tax_12_months_minor": 4_000_000, "invoices_12_months_minor": 150_000_000}, 19_580_000),
        ],
    )
    def test_gives_the_worked_numbers(self, changes, limit):
        assert assess(**changes).limit_minor == limit

    def test_is_exact_on_the_worked_example(self):
        found = assess()
        assert found.base == 10_000_000
        assert found.factor == Fraction(1224, 1000)
        assert found.unrounded == 12_240_000

    def test_rounds_down_and_never_up(self):
        # 61,728.39 x 1.224 = 75,555.55; the base is 20% of an average of 308,641.95.
        found = assess(average=30_864_195)
        assert found.base == 6_172_839
        assert found.unrounded == Fraction(7_555_554_936, 1_000)
        assert found.limit_minor == 7_550_000

    @pytest.mark.parametrize(
        ("combination", "base"), [("max", 16_000_000), ("min", 10_000_000), ("sum", 38_000_000)]
    )
    def test_combines_the_bases_as_the_policy_says(self, combination, base):
        found = assess(
            policy=LimitPolicy(combination=combination),
            tax_12_months_minor=4_000_000,
            invoices_12_months_minor=150_000_000,
        )
        assert [held.kind for held in found.bases] == ["turnover", "tax", "invoices"]
        assert found.base == base

    def test_leaves_out_a_base_without_data(self):
        found = assess(average=0, tax_12_months_minor=4_000_000, policy=LimitPolicy(combination="min"))
        assert [held.kind for held in found.bases] == ["tax"]

    def test_explains_every_figure(self):
        names = [name for name, _ in assess(tax_12_months_minor=1).figures()]
        assert names == [
            "average_turnover_minor",
            "base.turnover.multiplier",
            "base.turnover.amount_minor",
            "base.tax.multiplier",
            "base.tax.amount_minor",
            "base.max_minor",
            "factor.stability",
            "factor.clean_record",
            "factor.industry",
            "factor.debt",
            "factor.product",
            "unrounded_limit_minor",
            "limit_minor",
        ]


class TestCombine:
    def test_gives_nothing_without_a_base(self):
        assert combine(amounts=[], how="min") == 0


class TestCompletedYears:
    @pytest.mark.parametrize(
        ("since", "on", "years"),
        [
            (date(2022, 7, 15), date(2024, 7, 14), 1),
            (date(2022, 7, 15), date(2024, 7, 15), 2),
            (date(2020, 2, 29), date(2021, 2, 27), 0),
            (date(2020, 2, 29), date(2021, 2, 28), 1),
            (date(2020, 2, 29), date(2024, 2, 28), 3),
            (date(2024, 7, 15), date(2024, 7, 15), 0),
            (date(2025, 1, 1), date(2024, 7, 15), 0),
        ],
    )
    def test_counts_full_years_only(self, since, on, years):
        assert completed_years(since=since, on=on) == years


class TestStabilityFactor:
    @pytest.mark.parametrize(
        ("since", "factor"),
        [
            (date(2022, 7, 15), Fraction(12, 10)),
            (date(2021, 8, 20), Fraction(12, 10)),
            (date(2023, 12, 10), Fraction(1)),
            (date(2019, 7, 15), Fraction(15, 10)),
            (date(1999, 7, 15), Fraction(15, 10)),
        ],
        ids=["2", "2.9", "0.6", "5", "25"],
    )
    def test_adds_a_tenth_for_each_full_year_up_to_the_cap(self, since, factor):
        assert stability_factor(trading_since=since, applied_on=APPLIED_ON, policy=POLICY) == factor


class TestDebtFactor:
    @pytest.mark.parametrize(
        ("bps", "factor"),
        [
            (0, Fraction(1)),
            (3_000, Fraction(1)),
            (3_001, Fraction(1) - Fraction(3, 40_000)),
            (5_000, Fraction(85, 100)),
            (7_000, Fraction(7, 10)),
            (10_000, Fraction(7, 10)),
        ],
    )
    def test_lies_on_the_line_and_is_flat_outside(self, bps, factor):
        assert debt_factor(debt_ratio_bps=bps, points=POLICY.debt_points) == factor

    def test_follows_other_control_points(self):
        assert debt_factor(debt_ratio_bps=5_000, points=((0, 10_000), (10_000, 7_000))) == Fraction(85, 100)
        assert debt_factor(debt_ratio_bps=9_000, points=((5_000, 9_000),)) == Fraction(9, 10)


class TestBoundedLimit:
    @pytest.mark.parametrize(
        ("currency", "unrounded", "limit"),
        [
            ("CNY", Fraction(9_999), 0),
            ("CNY", Fraction(10_000), 10_000),
            ("CNY", Fraction(599_999, 10), 50_000),
            ("CNY", Fraction(50_000_000), 50_000_000),
            ("CNY", Fraction(90_000_000), 50_000_000),
            ("JPY", Fraction(12_345), 12_300),
            ("KWD", Fraction(12_345_678), 12_300_000),
            ("CNY", Fraction(0), 0),
        ],
    )
    def test_steps_down_in_whole_units_of_the_currency(self, currency, unrounded, limit):
        assert bounded_limit(unrounded=unrounded, currency=currency, policy=POLICY) == limit


class TestLimitPolicy:
    @pytest.mark.parametrize(
        "changes",
        [
            {"turnover_share_bps": 1_000},
            {"turnover_share_bps": 3_000},
            {"tax_multiple_bps": 30_000},
            {"tax_multiple_bps": 50_000},
            {"invoice_share_bps": 500},
            {"invoice_share_bps": 1_000},
        ],
    )
    def test_takes_the_ends_of_each_range(self, changes):
        assert LimitPolicy(**changes)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"turnover_share_bps": 999}, "turnover_share_bps"),
            ({"turnover_share_bps": 3_001}, "turnover_share_bps"),
            ({"turnover_share_bps": 2_000.0}, "turnover_share_bps"),
            ({"tax_multiple_bps": 29_999}, "tax_multiple_bps"),
            ({"tax_multiple_bps": 50_001}, "tax_multiple_bps"),
            ({"invoice_share_bps": 499}, "invoice_share_bps"),
            ({"invoice_share_bps": 1_001}, "invoice_share_bps"),
            ({"industry_factors": (("x", 7_999),)}, "industry_factors"),
            ({"industry_factors": (("x", 12_001),)}, "industry_factors"),
            ({"debt_points": ((3_000, 10_001),)}, "debt_points"),
            ({"debt_points": ((3_000, 6_999),)}, "debt_points"),
            ({"debt_points": ((7_000, 7_000), (3_000, 10_000))}, "debt_points"),
            ({"debt_points": ((3_000, 7_000), (3_000, 10_000))}, "debt_points"),
            ({"debt_points": ()}, "limit_min_units"),
            ({"combination": "mean"}, "combination"),
            ({"rounding_units": 0}, "limit_min_units"),
            ({"limit_min_units": 50}, "limit_min_units"),
            ({"limit_max_units": 90}, "limit_min_units"),
        ],
    )
    def test_refuses_a_parameter_outside_its_range(self, changes, field):
        with pytest.raises(LimitParameterOutOfRange) as caught:
            LimitPolicy(**changes)
        assert caught.value.field == field
