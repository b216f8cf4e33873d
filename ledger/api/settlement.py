"""Settlement accounts: balances, statements, and money that arrives or is taken back.

Owns: one view per address and the shapes of its body and answer. Refuses to know: the account's rules.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from config.api.access import CHANNELS, EVERYBODY, INTAKE
from config.api.endpoints import AnswerEndpoint
from config.api.fields import AmountField, MoneyText, StrictCharField, StrictDateField
from config.api.pagination import PageQuery, Pages
from config.api.refusals import FieldInvalid
from config.api.serializers import MoneySerializer
from config.api.writing import CommandEndpoint
from ledger import statement_queries as queries
from ledger.commands.record_receipt import RecordReceipt
from ledger.commands.return_receipt import ReturnReceipt
from ledger.eventstore.commands import Command
from ledger.queries import open_date_of

Shape = serializers.Serializer[Any]
PERIOD_DAYS_DEFAULT = 31
PERIOD_DAYS_MAX = 366


class SettlementAccountSerializer(Shape):
    """Money held for one shop account; ``available`` is the balance less what is reserved."""

    id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    currency = serializers.CharField()
    balance = MoneyText(source="balance_minor")
    reserved = MoneyText(source="reserved_minor")
    available = MoneyText(source="available_minor")


class SettlementAccountDetail(AnswerEndpoint):
    """Show one settlement account."""

    roles = {"GET": EVERYBODY}
    shape = SettlementAccountSerializer

    def find(self) -> dict[str, Any]:
        """Return the account."""
        row = queries.settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        return {
            "id": row.id,
            "entity_id": row.entity_id,
            "currency": row.currency,
            "balance_minor": row.balance_minor,
            "reserved_minor": row.reserved_minor,
            "available_minor": row.balance_minor - row.reserved_minor,
        }


class PeriodQuery(PageQuery):
    """A period [from, until) of posting dates; without one, the last days up to the business date."""

    until = StrictDateField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which is a word of the language and cannot name an attribute."""
        return {"from": StrictDateField(required=False), **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse periods that end before they start or are too long."""
        start, end = attrs.get("from"), attrs.get("until")
        if start and end and not 0 <= (end - start).days <= PERIOD_DAYS_MAX:
            message = f"A period ends after it starts and has at most {PERIOD_DAYS_MAX} days."
            raise ValidationError({"until": [ErrorDetail(message, FieldInvalid.code)]})
        return attrs


class MovementSerializer(Shape):
    """Money that came to the account, or with a minus left it."""

    posting_date = serializers.DateField()
    position = serializers.CharField()
    topic = serializers.CharField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    loan_id = serializers.UUIDField(allow_null=True)


class StatementSerializer(Shape):
    """Opening + received - paid = closing for the whole period; the movements come in pages."""

    account_id = serializers.UUIDField()
    currency = serializers.CharField()
    start = serializers.DateField()
    until = serializers.DateField()
    opening = MoneyText(source="opening_minor")
    received = MoneyText(source="received_minor")
    paid = MoneyText(source="paid_minor")
    closing = MoneyText(source="closing_minor")
    movements = MovementSerializer(many=True)
    next = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Show the first day as ``from``, like the parameter that asks for it."""
        fields = super().get_fields()
        start = fields.pop("start")
        start.source = "start"
        return {"account_id": fields.pop("account_id"), "from": start, **fields}


class Movements(AnswerEndpoint):
    """Show a statement of one settlement account."""

    roles = {"GET": EVERYBODY}
    query = PeriodQuery
    shape = StatementSerializer

    def find(self) -> dict[str, Any]:
        """Return the statement of the period."""
        account = queries.settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        end = self.asked.get("until") or open_date_of(account.id) + timedelta(days=1)
        start = self.asked.get("from") or _days_before(end)
        totals = queries.period_totals(account_id=account.id, start=start, end=end)
        lines = queries.account_lines(account_id=account.id).filter(
            posting_date__gte=start, posting_date__lt=end
        )
        pages = Pages()
        ordering = ("posting_date", "shard", "pos", "line_no")
        found = pages.page(lines, ordering=ordering, asked=self.asked, request=self.request)
        return {
            "account_id": account.id,
            "currency": account.currency,
            "start": start,
            "until": end,
            "opening_minor": totals.opening_minor,
            "received_minor": totals.received_minor,
            "paid_minor": totals.paid_minor,
            "closing_minor": totals.closing_minor,
            "movements": queries.movements(found),
            "next": pages.next_link,
        }


class ReceiptBody(MoneySerializer):
    """Money that arrived; a channel's reference is credited once, whoever reports it."""

    amount = AmountField()
    channel = StrictCharField(max_length=40)
    reference = StrictCharField(max_length=120)
    value_date = StrictDateField(
        required=False,
        help_text="From when the money counts: not after the business date, which it is otherwise.",
    )


class ReceiptAnswer(Shape):
    """The account after the receipt, or after its return."""

    account_id = serializers.UUIDField()
    currency = serializers.CharField()
    balance = MoneyText(source="balance_minor")


class Receipts(CommandEndpoint):
    """Record money that arrived for a settlement account."""

    roles = {"POST": CHANNELS}
    body = ReceiptBody
    answer = ReceiptAnswer

    def command(self) -> Command:
        """Return the receipt."""
        account = queries.settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        return RecordReceipt(
            account_id=account.id,
            amount_minor=self.values["amount"].minor_units,
            currency=self.values["currency"],
            channel=self.values["channel"],
            reference=self.values["reference"],
            value_date=self.values.get("value_date"),
        )


class ReceiptReturnBody(MoneySerializer):
    """Money that its channel takes back; a receipt is returned once, wholly or in part."""

    amount = AmountField()
    channel = StrictCharField(max_length=40)
    reference = StrictCharField(max_length=120, help_text="Under which the channel took it back.")
    of_reference = StrictCharField(max_length=120, help_text="Under which the money had come.")


class ReceiptReturns(CommandEndpoint):
    """Record that a channel took back money which is still on the account."""

    roles = {"POST": INTAKE}
    body = ReceiptReturnBody
    answer = ReceiptAnswer

    def command(self) -> Command:
        """Return the return."""
        account = queries.settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        return ReturnReceipt(
            account_id=account.id,
            amount_minor=self.values["amount"].minor_units,
            currency=self.values["currency"],
            channel=self.values["channel"],
            reference=self.values["reference"],
            of_reference=self.values["of_reference"],
        )


def _days_before(end: date) -> date:
    """Return the first day of the default period; the calendar has none before its first."""
    return date.fromordinal(max(1, end.toordinal() - PERIOD_DAYS_DEFAULT))
