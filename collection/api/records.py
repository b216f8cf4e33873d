"""Notices and the blacklist.

Owns: one view per address and the shapes of its answer. Refuses to know: why somebody is listed or told.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from collection import queries
from collection.models import Notice
from config.api.access import BLACKLIST, NOTICES
from config.api.endpoints import ListEndpoint
from config.api.fields import MoneyText, StrictCharField, StrictUUIDField
from config.api.pagination import PageQuery
from lending.models import BlacklistEntry
from lending.queries import blacklist

Shape = serializers.Serializer[Any]


class NoticeQuery(PageQuery):
    """Narrows the list of notices."""

    entity_id = StrictUUIDField(required=False)
    kind = StrictCharField(max_length=60, required=False)


class NoticeSerializer(Shape):
    """A message owed to a borrower about something that happened to an account."""

    kind = serializers.CharField()
    effective_date = serializers.DateField()
    entity_id = serializers.UUIDField()
    account_id = serializers.UUIDField(allow_null=True)
    loan_id = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField(allow_null=True)
    amount = MoneyText(source="amount_minor", allow_null=True)


class Notices(ListEndpoint):
    """List notices, oldest first."""

    roles = {"GET": NOTICES}
    query = NoticeQuery
    ordering = ("effective_date", "originator_id", "originator_version")
    row = NoticeSerializer

    def rows(self) -> QuerySet[Notice]:
        """Return the notices of the scope."""
        return queries.notices(
            scope=self.viewer.scope, entity_id=self.asked.get("entity_id"), kind=self.asked.get("kind")
        )


class BlacklistQuery(PageQuery):
    """Narrows the list to one identity."""

    identity = StrictCharField(required=False)


class BlacklistSerializer(Shape):
    """An identity that may neither apply nor draw."""

    identity = serializers.CharField()
    entity_id = serializers.UUIDField()
    listed_on = serializers.DateField()
    reason = serializers.CharField()


class Blacklist(ListEndpoint):
    """List the blacklist."""

    roles = {"GET": BLACKLIST}
    query = BlacklistQuery
    ordering = ("identity",)
    row = BlacklistSerializer

    def rows(self) -> QuerySet[BlacklistEntry]:
        """Return what is listed."""
        return blacklist(identity=self.asked.get("identity"))
