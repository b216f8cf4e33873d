"""Legal entities and their shop accounts.

Owns: one view per address and the shapes of its bodies and answers. Refuses to know: an entity's rules.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import EVERYBODY, INTAKE
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import (
    CurrencyField,
    MoneyText,
    StrictCharField,
    StrictChoiceField,
    StrictDateField,
    fail,
)
from config.api.pagination import PageQuery
from config.api.refusals import FieldInvalid
from config.api.serializers import StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.eventstore.commands import Command
from lending import queries
from lending.commands.register_entity import LinkAccount, RegisterEntity
from lending.models import LegalEntity, ShopAccount

Shape = serializers.Serializer[Any]
COUNTRY: Final = re.compile(r"[A-Z]{2}")


class CountryField(StrictCharField):
    """An ISO 3166 code of two capital letters."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse names and small letters."""
        if not isinstance(data, str) or not COUNTRY.fullmatch(data):
            fail(FieldInvalid, "A country is two capital letters such as CN.")
        return data


class EntityQuery(PageQuery):
    """Narrows the list to one reference."""

    reference = StrictCharField(required=False)


class EntityBody(StrictSerializer):
    """A legal entity; its identifier follows from the reference."""

    reference = StrictCharField(max_length=120)
    country = CountryField()
    currency = CurrencyField()


class EntitySerializer(Shape):
    """A borrower."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    country = serializers.CharField()
    currency = serializers.CharField()
    registered_on = serializers.DateField()
    blacklisted_on = serializers.DateField(allow_null=True)


class EntityAnswer(Shape):
    """The entity that was registered."""

    entity_id = serializers.UUIDField()


class Entities(ListEndpoint, CommandEndpoint):
    """List legal entities, or register one."""

    roles = {"GET": EVERYBODY, "POST": INTAKE}
    query = EntityQuery
    row = EntitySerializer
    body = EntityBody
    answer = EntityAnswer
    made = ("entity", "entity_id")

    def rows(self) -> QuerySet[LegalEntity]:
        """Return the entities of the scope."""
        return queries.entities(scope=self.viewer.scope, reference=self.asked.get("reference"))

    def command(self) -> Command:
        """Return the registration."""
        return RegisterEntity(**self.values)


class EntityDetail(AnswerEndpoint):
    """Show one legal entity."""

    roles = {"GET": EVERYBODY}
    shape = EntitySerializer

    def find(self) -> LegalEntity:
        """Return the entity."""
        return queries.entity(scope=self.viewer.scope, entity_id=self.kwargs["entity_id"])


class AccountBody(StrictSerializer):
    """A shop account, and since when the seller agrees that its sales are assessed."""

    platform = StrictCharField(max_length=40)
    external_id = StrictCharField(max_length=120)
    role = StrictChoiceField(choices=["master", "sub"])
    opened_on = StrictDateField()
    consent_granted_on = StrictDateField(required=False, allow_null=True, default=None)


class ShopAccountSerializer(Shape):
    """A shop account with the money that is held for it; both have one identifier."""

    id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    platform = serializers.CharField()
    external_id = serializers.CharField()
    role = serializers.CharField()
    opened_on = serializers.DateField()
    consent_granted_on = serializers.DateField(allow_null=True)
    linked_on = serializers.DateField()
    currency = serializers.CharField()
    balance = MoneyText(source="balance_minor")
    reserved = MoneyText(source="reserved_minor")
    available = MoneyText(source="available_minor")


class AccountAnswer(Shape):
    """The account that was linked; its settlement account has the same identifier."""

    account_id = serializers.UUIDField()


class EntityAccounts(ListEndpoint, CommandEndpoint):
    """List the shop accounts of an entity, or link one."""

    roles = {"GET": EVERYBODY, "POST": INTAKE}
    row = ShopAccountSerializer
    body = AccountBody
    answer = AccountAnswer
    made = ("settlement-account", "account_id")

    def rows(self) -> QuerySet[ShopAccount]:
        """Return the accounts of the entity."""
        return queries.accounts(scope=self.viewer.scope, entity_id=self.kwargs["entity_id"])

    def completed(self, rows: list[Any]) -> list[Any]:
        """Add the balances of the page's accounts, read at once."""
        held = queries.settlements_of(rows)
        return [_with_balance(row, held[row.id]) for row in rows]

    def command(self) -> Command:
        """Return the linking."""
        entity = queries.entity(scope=self.viewer.scope, entity_id=self.kwargs["entity_id"])
        return LinkAccount(entity_id=entity.id, **self.values)


def _with_balance(row: ShopAccount, held: Any) -> dict[str, Any]:
    own = (
        "id",
        "entity_id",
        "platform",
        "external_id",
        "role",
        "opened_on",
        "consent_granted_on",
        "linked_on",
    )
    return {
        **{name: getattr(row, name) for name in own},
        "currency": held.currency,
        "balance_minor": held.balance_minor,
        "reserved_minor": held.reserved_minor,
        "available_minor": held.balance_minor - held.reserved_minor,
    }
