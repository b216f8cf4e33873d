"""Credit lines: reading them.

Owns: one view per address and the shape of its answer. Refuses to know: a line's rules.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import CREDIT
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import MoneyText, StrictChoiceField, StrictUUIDField
from config.api.pagination import PageQuery
from lending import queries
from lending.models import CreditLine

Shape = serializers.Serializer[Any]
STATUSES: Final = ("active", "frozen", "blacklisted", "closed")


class LineQuery(PageQuery):
    """Narrows the list of lines."""

    entity_id = StrictUUIDField(required=False)
    status = StrictChoiceField(choices=STATUSES, required=False)


class LineSerializer(Shape):
    """A revolving line: limit = held + drawn + available, unless it is blocked or was cut."""

    id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    currency = serializers.CharField()
    limit = MoneyText(source="limit_minor")
    held = MoneyText(source="reserved_minor")
    drawn = MoneyText(source="drawn_minor")
    available = MoneyText(source="available_minor")
    status = serializers.CharField()
    opened_on = serializers.DateField()


class CreditLines(ListEndpoint):
    """List credit lines."""

    roles = {"GET": CREDIT}
    query = LineQuery
    row = LineSerializer

    def rows(self) -> QuerySet[CreditLine]:
        """Return the lines of the scope."""
        return queries.credit_lines(
            scope=self.viewer.scope, entity_id=self.asked.get("entity_id"), status=self.asked.get("status")
        )


class CreditLineDetail(AnswerEndpoint):
    """Show one credit line."""

    roles = {"GET": CREDIT}
    shape = LineSerializer

    def find(self) -> CreditLine:
        """Return the line."""
        return queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])
