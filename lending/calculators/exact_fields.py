"""Exact numbers, measured figures and values under free names, as fields of calculators.

Owns: how they are read, refused and described. Refuses to know: what they measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ledger.calculators.fields import Kind, Name
from ledger.calculators.refusals import InputFieldInvalid, InputOutOfBounds

_NUMBER: Final = r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?"
_NAMES_MAX: Final = 200


@dataclass(frozen=True)
class Exact(Kind):
    """A decimal string, within bounds if there are any."""

    minimum: int | None = None
    maximum: int | None = None

    def read(self, value: Any, *, path: str, currency: str) -> Decimal:
        """Refuse numbers of JSON, other notations, and values outside the bounds."""
        del currency
        if not isinstance(value, str) or not re.fullmatch(_NUMBER, value):
            raise InputFieldInvalid(
                "This is a decimal string of up to 15 digits and eight decimals.", field=path
            )
        number = Decimal(value)
        too_low = self.minimum is not None and number < self.minimum
        if too_low or (self.maximum is not None and number > self.maximum):
            raise InputOutOfBounds(f"This is {self.minimum} to {self.maximum}.", field=path)
        return number

    def show(self, value: Decimal, *, currency: str) -> str:
        """Return the decimal string."""
        del currency
        return format(value, "f")

    def schema(self) -> dict[str, Any]:
        """Describe the text."""
        bounds = {} if self.minimum is None else {"description": f"{self.minimum} to {self.maximum}."}
        return {"type": "string", "pattern": f"^{_NUMBER}$", **bounds}


@dataclass(frozen=True)
class Figure(Kind):
    """What was measured: a decimal string, a word, or null if it is not known."""

    def read(self, value: Any, *, path: str, currency: str) -> str | None:
        """Refuse everything but short text and null; the table says whether it is a number."""
        return None if value is None else Name().read(value, path=path, currency=currency)

    def schema(self) -> dict[str, Any]:
        """Describe the value."""
        return {"type": ["string", "null"], "maxLength": Name().length_max}


@dataclass(frozen=True)
class ByName(Kind):
    """A JSON object with values of one kind under names that the card gives."""

    item: Kind

    def read(self, value: Any, *, path: str, currency: str) -> dict[str, Any]:
        """Refuse other types, and names and values that are no names and values."""
        if not isinstance(value, dict):
            raise InputFieldInvalid("This is a JSON object.", field=path)
        if len(value) > _NAMES_MAX:
            raise InputOutOfBounds(f"There are at most {_NAMES_MAX} of these.", field=path)
        return {
            Name().read(name, path=path, currency=currency): self.item.read(
                held, path=f"{path}.{name}", currency=currency
            )
            for name, held in value.items()
        }

    def show(self, value: dict[str, Any], *, currency: str) -> dict[str, Any]:
        """Return the values by name."""
        return {name: self.item.show(held, currency=currency) for name, held in value.items()}

    def schema(self) -> dict[str, Any]:
        """Describe the object."""
        return {
            "type": "object",
            "maxProperties": _NAMES_MAX,
            "additionalProperties": self.item.schema(),
        }
