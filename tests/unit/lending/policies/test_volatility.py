"""Three formulas of volatility, the season, and thresholds that are allowed themselves."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.policies.volatility import VolatilityFormula, by_season, exceeds, shown, squared

WORKED = (50_000, 100_000, 100_000, 100_000, 100_000, 150_000)
JUMPING = (100_000,) * 5 + (180_000,)
NONE = (0,) * 6
FORMULAS = {name: VolatilityFormula(name) for name in ("max_deviation", "range", "variation")}


def exact(amounts):
    return [Fraction(amount) for amount in amounts]


class TestVolatility:
    @pytest.mark.parametrize(
        ("formula", "amounts", "expected"),
        [
            ("max_deviation", WORKED, "0.5"),
            ("max_deviation", JUMPING, "0.5882352941"),
            ("max_deviation", (600, 0, 0, 0, 0, 0), "5"),
            ("max_deviation", (100,) * 6, "0"),
            ("range", WORKED, "1"),
            ("range", JUMPING, "0.7058823529"),
            ("variation", WORKED, "0.2886751345"),
            ("variation", JUMPING, "0.2630668208"),
        ],
    )
    def test_has_the_worked_figures(self, formula, amounts, expected):
        assert shown(exact(amounts), formula=FORMULAS[formula]) == Decimal(expected)

    @pytest.mark.parametrize("formula", FORMULAS.values())
    def test_does_not_exist_without_sales(self, formula):
        assert shown(exact(NONE), formula=formula) is None
        assert not exceeds(exact(NONE), formula=formula, max_bps=0)

    @pytest.mark.parametrize(
        ("formula", "amounts", "max_bps", "is_above"),
        [
            ("max_deviation", WORKED, 5_000, False),
            ("max_deviation", WORKED, 4_999, True),
            ("max_deviation", JUMPING, 5_000, True),
            ("max_deviation", JUMPING, 5_882, True),
            ("max_deviation", JUMPING, 5_883, False),
            ("range", WORKED, 10_000, False),
            ("range", WORKED, 9_999, True),
            ("variation", WORKED, 2_886, True),
            ("variation", WORKED, 2_887, False),
        ],
    )
    def test_is_above_a_threshold_only_beyond_it(self, formula, amounts, max_bps, is_above):
        assert exceeds(exact(amounts), formula=FORMULAS[formula], max_bps=max_bps) is is_above

    @given(amounts=st.lists(st.integers(0, 10**12), min_size=6, max_size=6), order=st.randoms())
    def test_does_not_depend_on_the_order_of_months(self, amounts, order):
        shuffled = list(amounts)
        order.shuffle(shuffled)
        for formula in FORMULAS.values():
            assert squared(exact(shuffled), formula=formula) == squared(exact(amounts), formula=formula)

    @given(amounts=st.lists(st.integers(1, 10**9), min_size=6, max_size=6), factor=st.integers(1, 1000))
    def test_does_not_depend_on_the_size_of_the_shop(self, amounts, factor):
        larger = [amount * factor for amount in amounts]
        for formula in FORMULAS.values():
            assert squared(exact(larger), formula=formula) == squared(exact(amounts), formula=formula)

    @given(amounts=st.lists(st.integers(1, 10**9), min_size=6, max_size=6))
    def test_by_deviation_lies_between_variation_and_range(self, amounts):
        variation, deviation, spread = (
            squared(exact(amounts), formula=FORMULAS[name])
            for name in ("variation", "max_deviation", "range")
        )
        assert variation <= deviation <= spread


class TestBySeason:
    MONTHS = tuple((f"2024-{month:02d}", amount) for month, amount in zip(range(6, 12), JUMPING, strict=True))

    def test_takes_out_a_peak_that_comes_every_year(self):
        last_year = {month.replace("2024", "2023"): amount // 2 for month, amount in self.MONTHS}
        adjusted = by_season(self.MONTHS, turnover_minor=last_year)
        assert squared(adjusted, formula=FORMULAS["max_deviation"]) == 0

    def test_leaves_a_peak_that_is_new(self):
        last_year = {month.replace("2024", "2023"): 70_000 for month, _ in self.MONTHS}
        adjusted = by_season(self.MONTHS, turnover_minor=last_year)
        assert adjusted == tuple(exact(JUMPING))

    def test_changes_nothing_without_last_year(self):
        assert by_season(self.MONTHS, turnover_minor={"2023-06": 1}) == tuple(exact(JUMPING))
