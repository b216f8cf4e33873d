"""The journal: entries with their lines, and the business date.

Owns: one view per address and the shapes of its answer. Refuses to know: how an entry comes to be.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import BOOKS, EVERYBODY
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import MoneyText, StrictChoiceField, StrictDateField, StrictUUIDField
from config.api.pagination import PageQuery
from ledger import journal_queries as queries
from ledger.domain.chart_of_accounts import CHART
from ledger.eventstore.business_date import BusinessDate, business_date
from ledger.models import JournalEntry

Shape = serializers.Serializer[Any]


class JournalQuery(PageQuery):
    """Narrows the journal to posting dates [from, until), an account, or a loan."""

    until = StrictDateField(required=False)
    account = StrictChoiceField(choices=sorted(CHART), required=False)
    loan_id = StrictUUIDField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which is a word of the language and cannot name an attribute."""
        return {"from": StrictDateField(required=False), **super().get_fields()}


class JournalLineSerializer(Shape):
    """A debit (D) or a credit (C)."""

    line_no = serializers.IntegerField()
    account = serializers.CharField()
    account_name = serializers.CharField()
    side = serializers.ChoiceField(choices=["D", "C"])
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    entity_id = serializers.UUIDField(allow_null=True)
    loan_id = serializers.UUIDField(allow_null=True)
    settlement_account_id = serializers.UUIDField(allow_null=True)
    product_code = serializers.CharField()


class JournalEntrySerializer(Shape):
    """The accounting consequence of one event, which shard and position name."""

    posting_date = serializers.DateField()
    effective_date = serializers.DateField()
    value_date = serializers.DateField()
    shard = serializers.IntegerField()
    position = serializers.IntegerField(source="pos")
    topic = serializers.CharField()
    originator_id = serializers.UUIDField()
    lines = JournalLineSerializer(many=True)


class JournalEntries(ListEndpoint):
    """List journal entries with their lines."""

    roles = {"GET": BOOKS}
    query = JournalQuery
    ordering = ("posting_date", "shard", "pos")
    row = JournalEntrySerializer

    def rows(self) -> QuerySet[JournalEntry]:
        """Return the entries."""
        return queries.journal_entries(
            start=self.asked.get("from"),
            end=self.asked.get("until"),
            account=self.asked.get("account"),
            loan_id=self.asked.get("loan_id"),
        )

    def completed(self, rows: list[Any]) -> list[Any]:
        """Add the lines of the page's entries."""
        return queries.with_lines(rows)


class BusinessDateSerializer(Shape):
    """The lender's date: the earliest that is open anywhere."""

    open_date = serializers.DateField(allow_null=True)
    closed_through = serializers.DateField(allow_null=True)
    shards_behind = serializers.IntegerField()


class BusinessDateNow(AnswerEndpoint):
    """Show which business date is open."""

    roles = {"GET": EVERYBODY}
    shape = BusinessDateSerializer

    def find(self) -> BusinessDate:
        """Return the business date."""
        return business_date()
