"""The types of single values in a calculator's input: how they are read, refused and described.

Owns: amounts, rates, dates, whole numbers, choices, switches and texts, each with its bounds and its part
of a JSON Schema.
Refuses to know: which calculator they belong to. Money and rates are text: a JSON number is refused.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from ledger.calculators.refusals import InputFieldInvalid, InputOutOfBounds
from ledger.kernel.currencies import SCALES
from ledger.kernel.money import Money
from ledger.kernel.rates import RATE_UNIT, format_rate, parse_rate

YEARS: Final = (1900, 2199)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT_PATTERN: Final = r"(0|[1-9][0-9]*)(\.[0-9]+)?$"
_RATE_PATTERN: Final = r"^(0|[1-9][0-9]?)(\.[0-9]{1,8})?$"


class Kind(ABC):
    """A type of value. ``read`` takes JSON, ``show`` gives it back, ``schema`` describes it."""

    @abstractmethod
    def read(self, value: Any, *, path: str, currency: str) -> Any:
        """Return the value for the arithmetic. Refuses by the name of the field."""

    def show(self, value: Any, *, currency: str) -> Any:
        """Return the value as it is written in JSON."""
        del currency
        return value

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value."""


@dataclass(frozen=True)
class Amount(Kind):
    """Money as a decimal string in the currency of the input; read as minor units."""

    signed: bool = False
    zero: bool = False

    def read(self, value: Any, *, path: str, currency: str) -> int:
        """Refuse other types, excess decimals, and signs or zero where they make no sense."""
        minor = Money.parse(value, currency=currency, field=path).minor_units
        if not self.signed and (minor < 0 or (minor == 0 and not self.zero)):
            raise InputOutOfBounds(
                "The amount is not negative." if self.zero else "The amount is greater than zero.", field=path
            )
        return minor

    def show(self, value: int, *, currency: str) -> str:
        """Return the decimal string."""
        return Money(value, currency).as_text()

    def schema(self) -> dict[str, Any]:
        """Describe the text; the number of decimals depends on the currency."""
        return {"type": "string", "pattern": ("^-?" if self.signed else "^") + _AMOUNT_PATTERN}


@dataclass(frozen=True)
class Rate(Kind):
    """A share or annual rate as a decimal string: 0.144 is 14.4%; read in units of 1e-8."""

    maximum_e8: int = 10 * RATE_UNIT

    def read(self, value: Any, *, path: str, currency: str) -> int:
        """Refuse numbers, more than eight decimals and anything above the maximum."""
        del currency
        rate_e8 = parse_rate(value, field=path)
        if rate_e8 > self.maximum_e8:
            raise InputOutOfBounds(
                f"This is at most {format_rate(self.maximum_e8)}.",
                field=path,
                maximum=format_rate(self.maximum_e8),
            )
        return rate_e8

    def show(self, value: int, *, currency: str) -> str:
        """Return the decimal string."""
        del currency
        return format_rate(value)

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        most = format_rate(self.maximum_e8)
        return {
            "type": "string",
            "pattern": _RATE_PATTERN,
            "description": f"A decimal fraction, 0 to {most}.",
        }


@dataclass(frozen=True)
class Day(Kind):
    """A date written YYYY-MM-DD."""

    def read(self, value: Any, *, path: str, currency: str) -> date:
        """Refuse other notations, dates that do not exist, and far-off years."""
        del currency
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise InputFieldInvalid("A date is written YYYY-MM-DD.", field=path)
        try:
            on = date.fromisoformat(value)
        except ValueError as error:
            raise InputFieldInvalid("There is no such date.", field=path) from error
        if not YEARS[0] <= on.year <= YEARS[1]:
            raise InputOutOfBounds(f"Years are {YEARS[0]} to {YEARS[1]}.", field=path)
        return on

    def show(self, value: date, *, currency: str) -> str:
        """Return the ISO date."""
        del currency
        return value.isoformat()

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Whole(Kind):
    """A whole JSON number within bounds."""

    minimum: int
    maximum: int

    def read(self, value: Any, *, path: str, currency: str) -> int:
        """Refuse fractions, text, booleans and numbers outside the bounds."""
        del currency
        if type(value) is not int:
            raise InputFieldInvalid("This is a whole JSON number.", field=path)
        if not self.minimum <= value <= self.maximum:
            raise InputOutOfBounds(
                f"This is {self.minimum} to {self.maximum}.",
                field=path,
                minimum=self.minimum,
                maximum=self.maximum,
            )
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the number."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True)
class Choice(Kind):
    """One word of a list."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[StrEnum]) -> Choice:
        """Return the choice among the values of an enumeration."""
        return cls(tuple(word.value for word in words))

    def read(self, value: Any, *, path: str, currency: str) -> str:
        """Refuse everything that is not in the list."""
        del currency
        if not isinstance(value, str) or value not in self.words:
            raise InputFieldInvalid(f"This is one of: {', '.join(self.words)}.", field=path)
        return value

    def schema(self) -> dict[str, Any]:
        """List the words."""
        return {"type": "string", "enum": list(self.words)}


class CurrencyCode(Choice):
    """An ISO 4217 code that the books can hold."""

    def __init__(self) -> None:
        super().__init__(tuple(sorted(SCALES)))


@dataclass(frozen=True)
class Switch(Kind):
    """True or false."""

    def read(self, value: Any, *, path: str, currency: str) -> bool:
        """Refuse every other value, such as 1 or a word."""
        del currency
        if not isinstance(value, bool):
            raise InputFieldInvalid("This is true or false.", field=path)
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the switch."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Name(Kind):
    """A short printable text, such as the name of a draw."""

    length_max: int = 60

    def read(self, value: Any, *, path: str, currency: str) -> str:
        """Refuse other types, control characters, emptiness and length."""
        del currency
        if not isinstance(value, str) or not value.isprintable() or value != value.strip():
            raise InputFieldInvalid("This is a printable text without spaces at its ends.", field=path)
        if not 1 <= len(value) <= self.length_max:
            raise InputOutOfBounds(f"A name has 1 to {self.length_max} characters.", field=path)
        return value

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "minLength": 1, "maxLength": self.length_max}
