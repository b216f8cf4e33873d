"""Payments that came back: a channel takes money back that loans have already used.

Owns: the view and the shapes of its body and answer. Refuses to know: which payments are undone, and what
loans are without them.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import INTAKE
from config.api.fields import AmountField, MoneyText, StrictCharField, StrictDateField
from config.api.serializers import MoneySerializer
from config.api.writing import CommandEndpoint
from ledger.eventstore.commands import Command
from ledger.statement_queries import settlement_account
from lending import queries
from lending.commands.return_payment import ReturnPayment

Shape = serializers.Serializer[Any]
PAYMENTS_MAX = 200


class PaymentReturnBody(MoneySerializer):
    """Money that its channel takes back, however late."""

    amount = AmountField()
    channel = StrictCharField(max_length=40)
    reference = StrictCharField(max_length=120, help_text="Under which the channel took it back.")
    of_reference = StrictCharField(max_length=120, help_text="Under which the money had come.")
    reason = StrictCharField()
    payment_ids = serializers.ListField(
        child=StrictCharField(max_length=60),
        required=False,
        max_length=PAYMENTS_MAX,
        help_text="Only these payments may be reversed; without any, all of the account since the money came.",
    )
    value_date = StrictDateField(
        required=False,
        help_text="From when the loans are without the payments; the business date, if not given.",
    )


class ReversedSerializer(Shape):
    """A payment that was undone, and what the account got back of it."""

    payment_id = serializers.CharField()
    loan_id = serializers.UUIDField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")


class PaymentReturnAnswer(Shape):
    """The account after the return, and the payments that were reversed, newest first."""

    account_id = serializers.UUIDField()
    currency = serializers.CharField()
    balance = MoneyText(source="balance_minor")
    reversed = ReversedSerializer(many=True)


class PaymentReturns(CommandEndpoint):
    """Return a receipt and reverse, newest first and as far as needed, the loan payments that used its money."""

    roles = {"POST": INTAKE}
    body = PaymentReturnBody
    answer = PaymentReturnAnswer

    def command(self) -> Command:
        """Return the return."""
        account = settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        return ReturnPayment(
            account_id=account.id,
            line_ids=queries.line_ids_of(entity_id=account.entity_id),
            amount_minor=self.values["amount"].minor_units,
            currency=self.values["currency"],
            channel=self.values["channel"],
            reference=self.values["reference"],
            of_reference=self.values["of_reference"],
            reason=self.values["reason"],
            payment_ids=tuple(self.values.get("payment_ids", ())),
            value_date=self.values.get("value_date"),
        )

    def led_to(self, result: dict[str, Any]) -> dict[str, Any]:
        """Add the currency to each payment."""
        undone = [{**one, "currency": result["currency"]} for one in result["reversed"]]
        return {**result, "reversed": undone}
