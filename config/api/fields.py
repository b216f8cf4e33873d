"""Fields that take exactly one JSON type and refuse everything else by name.

Owns: types, bounds and notation of single values in requests, and money as text in answers.
Refuses to know: which request a field belongs to. REST framework's own fields read "1", 1 and true as
the same thing and take half of ISO 8601 for a date; for money and its dates that is too generous.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final, NoReturn
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from config.api.refusals import DateInvalid, FieldInvalid
from ledger.kernel.currencies import SCALES, CurrencyUnknown
from ledger.kernel.money import Money, MoneyNotText
from ledger.kernel.refusals import Refusal

INTEGER_MAX: Final = 2**31 - 1
TEXT_LENGTH_MAX: Final = 200
DIGITS_MAX: Final = 9
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def fail(refusal: type[Refusal], message: str) -> NoReturn:
    """Raise a field's error with the code of a named refusal."""
    raise ValidationError(message, code=refusal.code)


class StrictCharField(serializers.CharField):
    """A JSON string without control characters; spaces at its ends belong to it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TEXT_LENGTH_MAX)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuse every other type, and characters that cannot be shown."""
        if not isinstance(data, str):
            fail(FieldInvalid, "This is a JSON string.")
        if not data.isprintable() or data != data.strip():
            fail(FieldInvalid, "The text has control characters, or spaces at its ends.")
        return data


class StrictIntegerField(serializers.IntegerField):
    """A JSON number without fraction or exponent, within bounds."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_value", INTEGER_MAX)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Refuse strings, fractions and booleans."""
        if type(data) is not int:
            fail(FieldInvalid, "This is a whole JSON number.")
        return data


class DigitsField(serializers.IntegerField):
    """A whole number where there is only text: in a query string or a form."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse signs, fractions, and digits of other scripts."""
        if not (isinstance(data, str) and data.isascii() and data.isdigit() and len(data) <= DIGITS_MAX):
            fail(FieldInvalid, "This is a whole number.")
        return int(data)


class StrictBooleanField(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse every other value, such as 1 or "yes"."""
        if not isinstance(data, bool):
            fail(FieldInvalid, "This is true or false.")
        return data


class StrictDateField(serializers.DateField):
    """A date that exists, written YYYY-MM-DD."""

    def to_internal_value(self, value: Any) -> date:
        """Refuse other notations and days such as 2026-02-30."""
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            fail(DateInvalid, "A date is written YYYY-MM-DD.")
        try:
            return date.fromisoformat(value)
        except ValueError:
            fail(DateInvalid, "There is no such date.")


class StrictMomentField(serializers.DateTimeField):
    """A moment with its offset from UTC, such as 2026-03-01T08:30:00Z."""

    def to_internal_value(self, value: Any) -> datetime:
        """Refuse other notations, and moments that would depend on somebody's time zone."""
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            fail(DateInvalid, "A moment is written YYYY-MM-DDThh:mm:ss with Z or an offset such as +08:00.")
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            fail(DateInvalid, "There is no such moment.")


class StrictUUIDField(serializers.UUIDField):
    """An identifier in its usual notation with hyphens."""

    def to_internal_value(self, data: Any) -> UUID:
        """Refuse numbers, braces, and hexadecimal digits without hyphens."""
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            fail(FieldInvalid, "This is an identifier such as 0f8fad5b-d9cb-469f-a165-70867728950e.")
        return UUID(data)


class StrictChoiceField(serializers.ChoiceField):
    """One of a fixed list of strings."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse everything that is not a string of the list."""
        if not isinstance(data, str) or data not in self.choices:
            fail(FieldInvalid, f"This is one of: {', '.join(map(str, self.choices))}.")
        return data


class CurrencyField(StrictChoiceField):
    """An ISO 4217 code that the books can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=sorted(SCALES), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown codes by the kernel's name."""
        if not isinstance(data, str) or data not in SCALES:
            fail(CurrencyUnknown, "The books hold no such currency.")
        return data


@extend_schema_field(
    {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", "examples": ["1234.50"], "maxLength": 40}
)
class AmountField(serializers.Field[str, Any, str, Any]):
    """A positive decimal string; ``MoneySerializer`` reads it together with its currency."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse JSON numbers by name, whole ones too: money is never a number on the wire."""
        if not isinstance(data, str):
            fail(MoneyNotText, 'An amount is written as a decimal string such as "1234.50".')
        return data

    def to_representation(self, value: Any) -> str:
        """Return the text as it is."""
        return str(value)


@extend_schema_field({"type": "string", "examples": ["1234.50"]})
class MoneyText(serializers.Field[Any, Any, str, Any]):
    """A count of minor units on its way out, as a decimal string of the object's currency.

    ``source`` is the attribute with the minor units; the currency is the object's ``currency``.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """Return the amount as text, or None where there is none."""
        minor_units = super().get_attribute(instance)
        currency = instance["currency"] if isinstance(instance, dict) else instance.currency
        return None if minor_units is None else Money(minor_units, currency).as_text()

    def to_representation(self, value: Any) -> str:
        """Return the text as it is."""
        return str(value)
