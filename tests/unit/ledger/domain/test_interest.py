"""Simple interest: the worked products, and one rounding by the chosen mode."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.domain.interest import interest_for_days, simple_interest
from ledger.kernel.rounding import Rounding

HALF_A_UNIT = {"principal_minor": 50, "annual_rate_e8": 1_000_000, "year_part": Fraction(1)}


class TestSimpleInterest:
    @pytest.mark.parametrize(
        ("principal_minor", "annual_rate_e8", "days", "day_base", "interest_minor"),
        [(3_000_000, 15_000_000, 91, 360, 113_750), (3_363_109, 10_800_000, 11, 360, 11_098)],
    )
    def test_matches_the_worked_table(self, principal_minor, annual_rate_e8, days, day_base, interest_minor):
        interest = interest_for_days(
            principal_minor=principal_minor, annual_rate_e8=annual_rate_e8, days=days, day_base=day_base
        )
        assert interest == interest_minor

    def test_rounds_half_a_unit_up_unless_told_otherwise(self):
        assert simple_interest(**HALF_A_UNIT) == 1

    @pytest.mark.parametrize(
        ("mode", "interest_minor"),
        [(Rounding.HALF_UP, 1), (Rounding.HALF_EVEN, 0), (Rounding.DOWN, 0)],
    )
    def test_rounds_as_it_is_told(self, mode, interest_minor):
        assert simple_interest(**HALF_A_UNIT, rounding=mode) == interest_minor
