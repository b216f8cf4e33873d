"""Money: reading, writing, adding and splitting, one row per rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.kernel.currencies import CurrencyUnknown
from ledger.kernel.money import (
    MINOR_UNITS_MAX,
    CurrencyMismatch,
    Money,
    MoneyMalformed,
    MoneyNotText,
    MoneyNotWhole,
    MoneyTooLarge,
    MoneyTooPrecise,
    SplitImpossible,
    split_minor_units,
)
from ledger.kernel.refusals import RefusalKind


class TestParseMoney:
    @pytest.mark.parametrize(
        ("text", "currency", "minor_units"),
        [
            ("0", "CNY", 0),
            ("-0.00", "CNY", 0),
            ("2.3", "CNY", 230),
            ("2.34", "CNY", 234),
            ("-2.34", "BRL", -234),
            ("1250", "JPY", 1250),
            ("1.234", "KWD", 1234),
            ("0.001", "KWD", 1),
            ("10000000000000.00", "USD", MINOR_UNITS_MAX),
        ],
    )
    def test_reads_a_decimal_string_in_the_scale_of_the_currency(self, text, currency, minor_units):
        assert Money.parse(text, currency=currency) == Money(minor_units, currency)

    @pytest.mark.parametrize(
        ("value", "currency", "refusal"),
        [
            (2.34, "CNY", MoneyNotText),
            (2, "CNY", MoneyNotText),
            (True, "CNY", MoneyNotText),
            (None, "CNY", MoneyNotText),
            (Decimal("2.34"), "CNY", MoneyNotText),
            (b"2.34", "CNY", MoneyNotText),
            ("", "CNY", MoneyMalformed),
            ("1e3", "CNY", MoneyMalformed),
            ("NaN", "CNY", MoneyMalformed),
            ("Infinity", "CNY", MoneyMalformed),
            ("+1.00", "CNY", MoneyMalformed),
            (" 1.00", "CNY", MoneyMalformed),
            ("1.00\n", "CNY", MoneyMalformed),
            ("1,000.00", "CNY", MoneyMalformed),
            ("1_000", "CNY", MoneyMalformed),
            ("007", "CNY", MoneyMalformed),
            (".5", "CNY", MoneyMalformed),
            ("5.", "CNY", MoneyMalformed),
            ("\u0661\u0662", "CNY", MoneyMalformed),  # digits, but not ours
            ("2.345", "CNY", MoneyTooPrecise),
            ("2.340", "CNY", MoneyTooPrecise),
            ("1.0", "JPY", MoneyTooPrecise),
            ("1.2345", "KWD", MoneyTooPrecise),
            ("10000000000000.01", "USD", MoneyTooLarge),
            ("9" * 39, "USD", MoneyTooLarge),
            ("9" * 5000, "USD", MoneyTooLarge),
            ("1.00", "XXX", CurrencyUnknown),
            ("1.00", "cny", CurrencyUnknown),
            ("1.00", None, CurrencyUnknown),
        ],
    )
    def test_refuses_anything_else_by_name(self, value, currency, refusal):
        with pytest.raises(refusal) as refused:
            Money.parse(value, currency=currency)
        assert refused.value.code.startswith("LEDGER_")
        assert refused.value.kind is RefusalKind.INVALID
        assert refused.value.field in ("amount", "currency")

    def test_names_the_field_it_was_given(self):
        with pytest.raises(MoneyNotText) as refused:
            Money.parse(1.5, currency="CNY", field="limit")
        assert refused.value.field == "limit"


class TestMoney:
    @pytest.mark.parametrize(
        ("minor_units", "currency", "text"),
        [
            (0, "CNY", "0.00"),
            (5, "CNY", "0.05"),
            (-5, "CNY", "-0.05"),
            (123456, "CNY", "1234.56"),
            (7, "JPY", "7"),
            (-7, "JPY", "-7"),
            (7, "KWD", "0.007"),
            (12345, "KWD", "12.345"),
        ],
    )
    def test_is_written_with_exactly_the_decimals_of_its_currency(self, minor_units, currency, text):
        assert Money(minor_units, currency).as_text() == text
        assert Money.parse(text, currency=currency).minor_units == minor_units

    @pytest.mark.parametrize("minor_units", [1.0, True, "1", None, Decimal(1)])
    def test_holds_whole_minor_units_only(self, minor_units):
        with pytest.raises(MoneyNotWhole):
            Money(minor_units, "CNY")

    def test_adds_and_subtracts_within_one_currency(self):
        assert Money(250, "CNY") + Money(50, "CNY") - Money(301, "CNY") == Money(-1, "CNY")
        assert -Money(3, "CNY") == Money(-3, "CNY")

    @pytest.mark.parametrize("combine", [lambda a, b: a + b, lambda a, b: a - b])
    def test_refuses_to_combine_currencies(self, combine):
        with pytest.raises(CurrencyMismatch):
            combine(Money(1, "CNY"), Money(1, "USD"))

    def test_refuses_to_grow_beyond_the_books(self):
        with pytest.raises(MoneyTooLarge):
            Money(MINOR_UNITS_MAX, "CNY") + Money(1, "CNY")

    def test_cannot_be_changed(self):
        with pytest.raises(AttributeError):
            Money(1, "CNY").minor_units = 2


class TestSplitMoney:
    @pytest.mark.parametrize(
        ("minor_units", "how", "shares"),
        [
            (20_000_000, {"parts": 7}, [2_857_143] * 6 + [2_857_142]),  # 200,000.00 in 7
            (100, {"parts": 3}, [34, 33, 33]),
            (-100, {"parts": 3}, [-34, -33, -33]),
            (2, {"parts": 3}, [1, 1, 0]),
            (0, {"parts": 2}, [0, 0]),
            (100, {"ratios": [1, 2]}, [33, 67]),
            (101, {"ratios": [50, 50]}, [51, 50]),  # equal remainders: the earlier part
            (10, {"ratios": [0, 1, 0]}, [0, 10, 0]),
        ],
    )
    def test_gives_the_largest_remainders_the_spare_units(self, minor_units, how, shares):
        assert [share.minor_units for share in Money(minor_units, "CNY").split(**how)] == shares

    @pytest.mark.parametrize(
        "how",
        [
            {},
            {"parts": 2, "ratios": [1]},
            {"parts": 0},
            {"parts": -1},
            {"parts": True},
            {"parts": 2.0},
            {"ratios": []},
            {"ratios": [0, 0]},
            {"ratios": [1, -1]},
            {"ratios": [0.5, 0.5]},
            {"ratios": [True]},
        ],
    )
    def test_refuses_a_split_that_cannot_sum_to_the_whole(self, how):
        with pytest.raises(SplitImpossible):
            Money(100, "CNY").split(**how)


class TestTheUnitLeftOver:
    @pytest.mark.parametrize(
        ("whole", "ratios", "shares"),
        [
            (10, (3, 3, 1), (4, 4, 2)),  # 4.29, 4.29 and 1.43: the third has the largest remainder
            (-10, (3, 3, 1), (-4, -4, -2)),
            (1, (1, 1), (1, 0)),
        ],
    )
    def test_goes_to_the_largest_remainder_and_not_to_the_largest_share(self, whole, ratios, shares):
        assert split_minor_units(whole, ratios=ratios) == shares
