"""Rounding a ratio once, in each mode, on both sides of zero."""

from __future__ import annotations

import pytest

from ledger.kernel.rounding import Rounding, divide_rounded


class TestDivideRounded:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "half_up", "half_even", "down"),
        [
            (2345, 10, 235, 234, 234),  # 2.345: 2.35 half up, 2.34 half even
            (2355, 10, 236, 236, 235),
            (5, 2, 3, 2, 2),
            (7, 2, 4, 4, 3),
            (-5, 2, -3, -2, -2),
            (-7, 2, -4, -4, -3),
            (1, 3, 0, 0, 0),
            (2, 3, 1, 1, 0),
            (-2, 3, -1, -1, 0),
            (0, 3, 0, 0, 0),
            (6, 3, 2, 2, 2),
            (10**30 + 5, 10, 10**29 + 1, 10**29, 10**29),
        ],
    )
    def test_decides_ties_by_its_mode(self, numerator, denominator, half_up, half_even, down):
        results = [
            divide_rounded(numerator=numerator, denominator=denominator, mode=mode)
            for mode in (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN)
        ]
        assert results == [half_up, half_even, down]

    @pytest.mark.parametrize("wrong", [{"numerator": 1.0}, {"denominator": 2.0}, {"numerator": True}])
    def test_takes_whole_numbers_only(self, wrong):
        with pytest.raises(TypeError):
            divide_rounded(**{"numerator": 1, "denominator": 2} | wrong)

    @pytest.mark.parametrize("denominator", [0, -1])
    def test_takes_a_positive_denominator_only(self, denominator):
        with pytest.raises(ValueError, match="denominator"):
            divide_rounded(numerator=1, denominator=denominator)
