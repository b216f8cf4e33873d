"""Facts of a loan: reporting what happened to it, and what has been reported so far.

Owns: the view and the shapes of its body and answer. Refuses to know: what a fact leads to, and what kinds of
facts need which fields. Facts that give money away are proposed instead (``proposals``).
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import FACT_READERS, SERVICING
from config.api.endpoints import ListEndpoint
from config.api.fields import MoneyText
from config.api.presenting import presented
from config.api.schema import EndpointSchema
from config.api.serializers import StrictSerializer
from config.api.writing import CommandEndpoint
from ledger import queries
from ledger.eventstore.commands import Command
from ledger.loan_fact_queries import fact_events, facts_shown, loan_account
from ledger.loan_fact_reports import FACT, reported_fact
from ledger.models import EsEvent

Shape = serializers.Serializer[Any]


class FactBody(StrictSerializer):
    """A fact; its fields and their bounds are those of ``loan_fact_reports``."""

    def to_internal_value(self, data: Any) -> Any:
        """Leave the reading to the fields, which refuse by name."""
        return {"fact": data}


class FactAnswer(Shape):
    """What was recorded, and where the loan stands now."""

    loan_id = serializers.UUIDField()
    fact_id = serializers.CharField()
    kind = serializers.CharField()
    value_date = serializers.DateField()
    status = serializers.CharField()
    currency = serializers.CharField()
    outstanding = MoneyText(source="outstanding_minor")
    overpaid = MoneyText(source="overpaid_minor")
    schedule_version = serializers.IntegerField()


class FactSerializer(Shape):
    """A fact as it was recorded: by whom, when, and from when it counts; ``reversed_by`` names what undid it."""

    fact_id = serializers.CharField()
    kind = serializers.CharField()
    sequence = serializers.IntegerField()
    value_date = serializers.DateField()
    effective_date = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    actor = serializers.CharField()
    command = serializers.CharField()
    reason = serializers.CharField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    details = serializers.SerializerMethodField()
    plan = serializers.DictField(allow_null=True)
    source_account_id = serializers.UUIDField(allow_null=True)
    reversed_by = serializers.CharField(allow_null=True)
    reversed_from = serializers.DateField(allow_null=True)

    def get_details(self, fact: Any) -> dict[str, Any]:
        """Return what the kind adds, with amounts as money."""
        return presented(fact.details, currency=fact.currency)


class FactSchema(EndpointSchema):
    """Describes the body by the fields' own schema."""

    def get_request_serializer(self) -> Any:
        """Return the schema of a fact."""
        return {"application/json": FACT.schema()} if self.method == "POST" else None


class LoanFacts(ListEndpoint, CommandEndpoint):
    """List the facts of a loan, oldest first, or record one by its value date.

    ``kind`` decides which fields a fact has. The payout is recorded by the bank's answer alone.
    """

    schema = FactSchema()
    roles = {"GET": FACT_READERS, "POST": SERVICING}
    ordering = ("originator_version",)
    row = FactSerializer
    body = FactBody
    answer = FactAnswer

    def rows(self) -> QuerySet[EsEvent]:
        """Return the events that recorded facts."""
        self.loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return fact_events(loan_id=self.loan.id)

    def completed(self, rows: list[Any]) -> list[Any]:
        """Add what reverses the facts of the page."""
        return list(facts_shown(rows, loan_id=self.loan.id))

    def command(self) -> Command:
        """Return the fact; refuses a field by its name."""
        self.loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        fact = reported_fact(self.values["fact"], loan=loan_account(self.loan.id).state)
        return fact.command(self.loan)

    def currency_of(self, command: Command) -> str | None:
        """Return the loan's currency."""
        del command
        return self.loan.currency
