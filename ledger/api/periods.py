"""Closed months: the list, and closing the next one.

Owns: the view and the shapes of its body and answer. Refuses to know: which month can be closed.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import BOOKS, PERIOD_CLOSERS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import StrictCharField
from config.api.schema import EndpointSchema
from config.api.serializers import StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.book_models import PeriodClose
from ledger.commands.close_period import ClosePeriod
from ledger.eventstore.commands import Command

Shape = serializers.Serializer[Any]


class PeriodSerializer(Shape):
    """A closed month: its last day, the digest of its trial balance, and the business date of the closing."""

    closed_through = serializers.DateField()
    trial_balance_hash = serializers.CharField()
    closed_on = serializers.DateField()


class PeriodsSerializer(Shape):
    """Every closed month, the latest one first."""

    results = PeriodSerializer(many=True)


class PeriodBody(StrictSerializer):
    """The month, written YYYY-MM."""

    month = StrictCharField(max_length=7)


class PeriodAnswer(Shape):
    """What was closed, on a trial balance of so many sums."""

    month = serializers.CharField()
    closed_through = serializers.DateField()
    accounts = serializers.IntegerField()
    trial_balance_hash = serializers.CharField()


class PeriodsSchema(EndpointSchema):
    """Names the question after what it answers: a list."""

    def get_operation_id(self) -> str:
        """Tell the list from the closing."""
        own = super().get_operation_id()
        return own.replace("retrieve", "list") if self.method == "GET" else own


class ClosedPeriods(AnswerEndpoint, CommandEndpoint):
    """List closed months, or close the next one for good."""

    schema = PeriodsSchema()
    roles = {"GET": BOOKS, "POST": PERIOD_CLOSERS}
    shape = PeriodsSerializer
    body = PeriodBody
    answer = PeriodAnswer

    def find(self) -> dict[str, Any]:
        """Return the closed months."""
        return {"results": PeriodClose.objects.order_by("-closed_through")}

    def command(self) -> Command:
        """Return the closing."""
        return ClosePeriod(month=self.values["month"])
