"""The time machine for credit lines and entities.

Owns: the views and the shapes of their answers. Refuses to know: how a position comes about.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import FACT_READERS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import MoneyText
from ledger.api.loan_positions import TimeQuery
from lending import queries
from lending.positions import LinePosition, entity_position, line_position

Shape = serializers.Serializer[Any]


class LinePositionSerializer(Shape):
    """A line after the postings of ``as_of``, by what was recorded up to ``known_at``."""

    line_id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    status = serializers.CharField()
    limit = MoneyText(source="limit_minor")
    reserved = MoneyText(source="reserved_minor")
    drawn = MoneyText(source="drawn_minor")
    available = MoneyText(source="available_minor")


class AccountPositionSerializer(Shape):
    """A settlement account after the postings of the day."""

    account_id = serializers.UUIDField()
    currency = serializers.CharField()
    balance = MoneyText(source="balance_minor")
    reserved = MoneyText(source="reserved_minor")
    available = MoneyText(source="available_minor")


class LoanOfEntitySerializer(Shape):
    """A loan of the entity in brief; its own address has everything."""

    loan_id = serializers.UUIDField()
    currency = serializers.CharField()
    status = serializers.CharField()
    category = serializers.CharField()
    outstanding = MoneyText(source="outstanding_minor")
    overdue = MoneyText(source="overdue_minor")
    days_past_due = serializers.IntegerField()
    payoff = MoneyText(source="payoff_minor")


class EntityPositionSerializer(Shape):
    """What an entity could draw, owed and held."""

    entity_id = serializers.UUIDField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    lines = LinePositionSerializer(many=True)
    loans = LoanOfEntitySerializer(many=True)
    accounts = AccountPositionSerializer(many=True)


class LinePositionOn(AnswerEndpoint):
    """Show a credit line as it stood on a day, by what was known at a moment."""

    roles = {"GET": FACT_READERS}
    query = TimeQuery
    shape = LinePositionSerializer

    def find(self) -> LinePosition:
        """Return the position."""
        line = queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])
        return line_position(line_id=line.id, **self.asked)


class EntityPositionOn(AnswerEndpoint):
    """Show an entity's lines, loans and accounts on a day, by what was known at a moment."""

    roles = {"GET": FACT_READERS}
    query = TimeQuery
    shape = EntityPositionSerializer

    def find(self) -> Any:
        """Return the position."""
        entity = queries.entity(scope=self.viewer.scope, entity_id=self.kwargs["entity_id"])
        return entity_position(entity_id=entity.id, **self.asked)
