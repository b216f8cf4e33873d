"""Objects and lists in a calculator's input, made of single values.

Owns: defaults, unknown and missing fields by name and path, the echo of what was used, and JSON Schema.
Refuses to know: what a field means; two fields that contradict each other are the calculator's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.calculators.fields import Kind
from ledger.calculators.refusals import (
    InputFieldInvalid,
    InputFieldMissing,
    InputFieldUnknown,
    InputNotAnObject,
    InputOutOfBounds,
)


class _Required:
    """What stands where a field has no default."""


REQUIRED: Final = _Required()


@dataclass(frozen=True)
class Field:
    """One field: its kind, what it means, and its default as JSON; None is "not given".

    ``convention`` marks what belongs to the contract or the market, so that the answer repeats it.
    """

    kind: Kind
    doc: str
    default: Any = REQUIRED
    convention: bool = False

    @property
    def is_required(self) -> bool:
        """Say whether the field must be given."""
        return self.default is REQUIRED

    def schema(self) -> dict[str, Any]:
        """Return the schema with the meaning and the default."""
        described = self.kind.schema()
        inner = described.pop("description", "")
        described["description"] = f"{self.doc} {inner}".strip()
        if not self.is_required and self.default is not None:
            described["default"] = self.default
        return described


@dataclass(frozen=True)
class Shape(Kind):
    """A JSON object with known fields and no others."""

    fields: Mapping[str, Field]

    def read(self, value: Any, *, path: str, currency: str) -> dict[str, Any]:
        """Return every field's value, defaults included. Refuses by path: unknown first, then in order."""
        if not isinstance(value, dict):
            raise InputNotAnObject("This is a JSON object.", field=path or None)
        for name in value:
            if name not in self.fields:
                raise InputFieldUnknown(
                    "This field is not known here.",
                    field=_joined(path, str(name)[:60]),
                    known=sorted(self.fields),
                )
        if "currency" in self.fields:
            currency = self._value("currency", value, path, currency) or currency
        return {name: self._value(name, value, path, currency) for name in self.fields}

    def show(self, value: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
        """Return the fields that were given or have a default, as JSON."""
        return self._shown(value, currency, list(self.fields))

    def conventions(self, value: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
        """Return only what belongs to the contract or the market, as JSON."""
        return self._shown(value, currency, [name for name, field in self.fields.items() if field.convention])

    def schema(self) -> dict[str, Any]:
        """Return the schema of the object."""
        required = [name for name, field in self.fields.items() if field.is_required]
        return {
            "type": "object",
            "additionalProperties": False,
            **({"required": required} if required else {}),
            "properties": {name: field.schema() for name, field in self.fields.items()},
        }

    def _value(self, name: str, value: Mapping[str, Any], path: str, currency: str) -> Any:
        field, where = self.fields[name], _joined(path, name)
        if name not in value and field.is_required:
            raise InputFieldMissing("This field is needed.", field=where)
        given = value.get(name, field.default)
        if given is None and name not in value:
            return None
        return field.kind.read(given, path=where, currency=currency)

    def _shown(self, value: Mapping[str, Any], currency: str, names: list[str]) -> dict[str, Any]:
        return {
            name: self.fields[name].kind.show(value[name], currency=currency)
            for name in names
            if value[name] is not None
        }


@dataclass(frozen=True)
class Many(Kind):
    """A JSON array of values of one kind, within bounds."""

    item: Kind
    minimum: int = 0
    maximum: int = 400

    def read(self, value: Any, *, path: str, currency: str) -> list[Any]:
        """Return the values. Refuses by path, such as flows[3].on."""
        if not isinstance(value, list):
            raise InputFieldInvalid("This is a JSON array.", field=path)
        if not self.minimum <= len(value) <= self.maximum:
            raise InputOutOfBounds(f"There are {self.minimum} to {self.maximum} of these.", field=path)
        return [
            self.item.read(item, path=f"{path}[{index}]", currency=currency)
            for index, item in enumerate(value)
        ]

    def show(self, value: list[Any], *, currency: str) -> list[Any]:
        """Return the values as JSON."""
        return [self.item.show(item, currency=currency) for item in value]

    def schema(self) -> dict[str, Any]:
        """Return the schema of the array."""
        bounds = {"minItems": self.minimum, "maxItems": self.maximum}
        return {"type": "array", "items": self.item.schema(), **bounds}


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
