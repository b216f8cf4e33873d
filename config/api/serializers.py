"""The base of every request body and of every query string.

Owns: refusing unknown fields by name, and reading amounts together with their currency.
Refuses to know: what is asked for.
"""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from config.api.fields import CurrencyField
from config.api.refusals import AmountNotPositive, FieldUnknown
from ledger.kernel.money import Money
from ledger.kernel.refusals import Refusal


class StrictSerializer(serializers.Serializer[Any]):
    """Takes the fields it declares and refuses all others by name."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated fields, or every error at once: unknown fields as well as wrong ones."""
        unknown = [str(name)[:100] for name in data if name not in self.fields]
        errors: dict[str, Any] = {
            name: [ErrorDetail("This field is not known here.", FieldUnknown.code)] for name in unknown
        }
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**_as_dict(error.detail), **errors}) from error
        if errors:
            raise ValidationError(errors)
        return values


class MoneySerializer(StrictSerializer):
    """A body with amounts in one currency; each amount becomes ``Money`` once all fields are read."""

    amounts: ClassVar[tuple[str, ...]] = ("amount",)
    zero_allowed: ClassVar[bool] = False

    currency = CurrencyField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read each amount in the currency. Refusals become the errors of their field."""
        for name in self.amounts:
            if attrs.get(name) is not None:
                attrs[name] = self._read(name, attrs[name], currency=attrs["currency"])
        return attrs

    def _read(self, name: str, text: str, *, currency: str) -> Money:
        try:
            money = Money.parse(text, currency=currency, field=name)
            if money.minor_units < 0 or (money.minor_units == 0 and not self.zero_allowed):
                raise AmountNotPositive("An amount is greater than zero.", field=name)
        except Refusal as refusal:
            raise ValidationError({name: [ErrorDetail(refusal.message, refusal.code)]}) from refusal
        return money


def _as_dict(detail: Any) -> dict[str, Any]:
    return dict(detail) if isinstance(detail, dict) else {"": detail}
