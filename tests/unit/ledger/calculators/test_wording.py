"""Numbers as text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from ledger.calculators.wording import exact_money, number, percent


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (Fraction(1, 3), "0.3333333333"),
            (Fraction(3), "3"),
            (Fraction(1, 8), "0.125"),
            (Decimal("-0.00000000005"), "-0.0000000001"),
            (Fraction(100), "100"),
        ],
    )
    def test_has_ten_decimals_and_no_needless_zero(self, value, text):
        assert number(value) == text

    def test_may_have_none(self):
        assert number(Fraction(5, 2), decimals=0) == "3"

    @pytest.mark.parametrize(
        ("value", "text"), [(Fraction(24403, 100_000), "24.40"), (Decimal("0.24925"), "24.93")]
    )
    def test_shows_percent_with_two_decimals(self, value, text):
        assert percent(value) == text

    @pytest.mark.parametrize(("currency", "text"), [("CNY", "1.255"), ("JPY", "125.5"), ("KWD", "0.1255")])
    def test_shows_exact_money_in_major_units(self, currency, text):
        assert exact_money(Fraction(251, 2), currency) == text
