"""Withdrawals: free money of a settlement account that goes to the borrower's bank.

Owns: the views and the shapes of their bodies and answers. Refuses to know: what is free, and the bank.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import EVERYBODY, WITHDRAWING
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import AmountField, MoneyText
from config.api.serializers import MoneySerializer
from config.api.writing import CommandEndpoint
from ledger import statement_queries as queries
from ledger.eventstore.commands import Command
from ledger.withdrawal_models import Withdrawal
from lending.commands.withdrawal import WithdrawFunds

Shape = serializers.Serializer[Any]


class WithdrawalSerializer(Shape):
    """A withdrawal: ``requested`` until the bank has answered, then ``paid`` or ``failed``."""

    id = serializers.UUIDField(source="reference")
    account_id = serializers.UUIDField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    status = serializers.CharField()
    requested_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    bank_reference = serializers.CharField()
    reason = serializers.CharField(help_text="Why the bank did not pay.")


class WithdrawalBody(MoneySerializer):
    """How much is paid out, to the bank account behind the settlement account."""

    amount = AmountField()


class WithdrawalAnswer(Shape):
    """The account with the amount held; the bank pays it out at once, but not in this answer."""

    withdrawal_id = serializers.UUIDField()
    account_id = serializers.UUIDField()
    currency = serializers.CharField()
    balance = MoneyText(source="balance_minor")
    available = MoneyText(source="available_minor")


class Withdrawals(CommandEndpoint, ListEndpoint):
    """List the withdrawals of an account, and ask for one."""

    roles = {"GET": EVERYBODY, "POST": WITHDRAWING}
    row = WithdrawalSerializer
    ordering = ("requested_on", "reference")
    body = WithdrawalBody
    answer = WithdrawalAnswer
    made = ("withdrawal", "withdrawal_id")

    def rows(self) -> QuerySet[Withdrawal]:
        """Return the account's withdrawals."""
        return queries.withdrawals(scope=self.viewer.scope, account_id=self.kwargs["account_id"])

    def command(self) -> Command:
        """Return the withdrawal."""
        account = queries.settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        return WithdrawFunds(
            account_id=account.id,
            amount_minor=self.values["amount"].minor_units,
            currency=self.values["currency"],
        )


class WithdrawalDetail(AnswerEndpoint):
    """Show one withdrawal."""

    roles = {"GET": EVERYBODY}
    shape = WithdrawalSerializer

    def find(self) -> Withdrawal:
        """Return the withdrawal."""
        return queries.withdrawal(scope=self.viewer.scope, reference=self.kwargs["withdrawal_id"])
