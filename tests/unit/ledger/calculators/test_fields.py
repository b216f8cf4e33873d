"""Reading values: each kind takes exactly its JSON type and refuses everything else by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest

from ledger.calculators.fields import (
    Amount,
    Choice,
    CurrencyCode,
    Day,
    Name,
    Rate,
    Switch,
    Whole,
)
from ledger.calculators.refusals import (
    InputFieldInvalid,
    InputFieldMissing,
    InputFieldUnknown,
    InputNotAnObject,
    InputOutOfBounds,
)
from ledger.calculators.shapes import Field, Many, Shape
from ledger.kernel.money import MoneyMalformed, MoneyNotText, MoneyTooPrecise
from ledger.kernel.rates import RateMalformed, RateNotText


class Colour(StrEnum):
    RED = "red"


KINDS = {
    "amount": Amount(),
    "signed": Amount(signed=True),
    "zero": Amount(zero=True),
    "rate": Rate(50_000_000),
    "day": Day(),
    "whole": Whole(1, 9),
    "choice": Choice.of(Colour),
    "currency": CurrencyCode(),
    "switch": Switch(),
    "name": Name(5),
    "list": Many(Whole(1, 9), minimum=1, maximum=2),
}


def read(kind, value):
    return KINDS[kind].read(value, path="x", currency="CNY")


class TestReading:
    @pytest.mark.parametrize(
        ("kind", "given", "value"),
        [
            ("amount", "1.05", 105),
            ("signed", "-1.05", -105),
            ("signed", "0", 0),
            ("zero", "0.00", 0),
            ("rate", "0.5", 50_000_000),
            ("day", "2024-02-29", date(2024, 2, 29)),
            ("whole", 9, 9),
            ("choice", "red", "red"),
            ("currency", "JPY", "JPY"),
            ("switch", False, False),
            ("name", "A b", "A b"),
            ("list", [1, 2], [1, 2]),
        ],
    )
    def test_takes_its_own_type_and_gives_it_back(self, kind, given, value):
        assert read(kind, given) == value
        shown = KINDS[kind].show(value, currency="CNY")
        assert KINDS[kind].read(shown, path="x", currency="CNY") == value

    @pytest.mark.parametrize(
        ("kind", "given", "refusal"),
        [
            ("amount", 1, MoneyNotText),
            ("amount", "1.005", MoneyTooPrecise),
            ("amount", "1,5", MoneyMalformed),
            ("amount", "0.00", InputOutOfBounds),
            ("amount", "-1.00", InputOutOfBounds),
            ("zero", "-0.01", InputOutOfBounds),
            ("rate", Decimal("0.1"), RateNotText),
            ("rate", "-0.1", RateMalformed),
            ("rate", "0.50000001", InputOutOfBounds),
            ("day", "2024-02-30", InputFieldInvalid),
            ("day", "20240229", InputFieldInvalid),
            ("day", 20240229, InputFieldInvalid),
            ("day", "1899-12-31", InputOutOfBounds),
            ("day", "2200-01-01", InputOutOfBounds),
            ("whole", True, InputFieldInvalid),
            ("whole", "1", InputFieldInvalid),
            ("whole", Decimal(1), InputFieldInvalid),
            ("whole", 0, InputOutOfBounds),
            ("whole", 10, InputOutOfBounds),
            ("choice", "blue", InputFieldInvalid),
            ("choice", ["red"], InputFieldInvalid),
            ("currency", "cny", InputFieldInvalid),
            ("switch", 1, InputFieldInvalid),
            ("switch", None, InputFieldInvalid),
            ("name", "", InputOutOfBounds),
            ("name", "abcdef", InputOutOfBounds),
            ("name", " a", InputFieldInvalid),
            ("name", "a\n", InputFieldInvalid),
            ("name", 5, InputFieldInvalid),
            ("list", {}, InputFieldInvalid),
            ("list", [], InputOutOfBounds),
            ("list", [1, 2, 3], InputOutOfBounds),
        ],
    )
    def test_refuses_everything_else(self, kind, given, refusal):
        with pytest.raises(refusal) as refused:
            read(kind, given)
        assert type(refused.value) is refusal
        assert refused.value.field == "x"

    def test_names_the_item_of_a_list(self):
        with pytest.raises(InputOutOfBounds) as refused:
            read("list", [1, 99])
        assert refused.value.field == "x[1]"


SHAPE = Shape(
    {
        "currency": Field(CurrencyCode(), "Currency."),
        "amount": Field(Amount(), "Amount."),
        "inner": Field(
            Shape({"days": Field(Whole(1, 9), "Days.", default=3, convention=True)}),
            "Inner.",
            default={},
            convention=True,
        ),
        "note": Field(Name(), "Note.", default=None),
    }
)


class TestShape:
    def test_fills_in_defaults_and_reads_amounts_in_its_own_currency(self):
        values = SHAPE.read({"amount": "105", "currency": "JPY"}, path="", currency="CNY")
        assert values == {"currency": "JPY", "amount": 105, "inner": {"days": 3}, "note": None}

    def test_shows_what_was_used(self):
        values = SHAPE.read({"amount": "105", "currency": "JPY"}, path="", currency="CNY")
        assert SHAPE.show(values, currency="JPY") == {
            "currency": "JPY",
            "amount": "105",
            "inner": {"days": 3},
        }
        assert SHAPE.conventions(values, currency="JPY") == {"inner": {"days": 3}}

    @pytest.mark.parametrize(
        ("given", "refusal", "field"),
        [
            ([], InputNotAnObject, None),
            ({"currency": "CNY", "amount": "1", "x": 1}, InputFieldUnknown, "x"),
            ({"currency": "CNY", "amount": "1", "inner": {"x": 1}}, InputFieldUnknown, "inner.x"),
            ({"currency": "CNY"}, InputFieldMissing, "amount"),
            ({"amount": "1"}, InputFieldMissing, "currency"),
            ({"currency": "CNY", "amount": "1", "inner": 5}, InputNotAnObject, "inner"),
            ({"currency": "CNY", "amount": "1", "inner": {"days": 0}}, InputOutOfBounds, "inner.days"),
            ({"currency": "CNY", "amount": "1", "note": None}, InputFieldInvalid, "note"),
        ],
    )
    def test_refuses_by_path(self, given, refusal, field):
        with pytest.raises(refusal) as refused:
            SHAPE.read(given, path="", currency="CNY")
        assert refused.value.field == field

    def test_describes_itself(self):
        schema = SHAPE.schema()
        assert schema["required"] == ["currency", "amount"]
        assert schema["additionalProperties"] is False
        assert schema["properties"]["inner"]["properties"]["days"] == {
            "type": "integer",
            "minimum": 1,
            "maximum": 9,
            "description": "Days.",
            "default": 3,
        }

    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_every_kind_has_a_type(self, kind):
        assert KINDS[kind].schema()["type"] in {"string", "integer", "boolean", "array"}
