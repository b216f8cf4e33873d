"""Repayments: paying a loan from an account of the entity, and what was paid so far.

Owns: the view and the shapes of its body and answer. Refuses to know: how a payment is split.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import BORROWING, EVERYBODY
from config.api.endpoints import ListEndpoint
from config.api.fields import AmountField, MoneyText, StrictChoiceField, StrictDateField, StrictUUIDField
from config.api.serializers import MoneySerializer
from config.api.writing import CommandEndpoint
from config.identities import BORROWER
from ledger.api.loan_serializers import RepaymentRowSerializer
from ledger.domain.loan_payments import REPAYMENT_KINDS
from ledger.domain.plans.replanning import Replan
from ledger.eventstore.commands import Command
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.models import Repayment
from ledger.queries import Scope, loan, repayments
from ledger.statement_queries import settlement_account
from lending.commands.repayment import RecordRepayment

Shape = serializers.Serializer[Any]


class ValueDateNotBorrowers(Refusal):
    """From when a payment counts is said by whoever received the money, not by who paid."""

    code = "LENDING_VALUE_DATE_NOT_BORROWERS"
    kind = RefusalKind.FORBIDDEN


class RepaymentBody(MoneySerializer):
    """A payment. Without an amount an instalment pays what is due and a payoff pays the quote of the day."""

    kind = StrictChoiceField(choices=REPAYMENT_KINDS)
    source_account_id = StrictUUIDField()
    amount = AmountField(required=False)
    mode = StrictChoiceField(
        choices=[mode.value for mode in Replan],
        required=False,
        help_text="What principal paid ahead of time makes smaller: the term or the instalment.",
    )
    value_date = StrictDateField(
        required=False,
        help_text="From when the payment counts, if earlier than the business date; channels only.",
    )


class PartSerializer(Shape):
    """What one instalment got."""

    number = serializers.IntegerField()
    fee = MoneyText(source="fee_minor")
    penalty = MoneyText(source="penalty_minor")
    compound = MoneyText(source="compound_minor")
    interest = MoneyText(source="interest_minor")
    principal = MoneyText(source="principal_minor")


class RepaymentAnswer(Shape):
    """What the payment did: ``applied`` was taken from the account, ``left_over`` was not needed."""

    loan_id = serializers.UUIDField()
    payment_id = serializers.CharField()
    status = serializers.CharField()
    currency = serializers.CharField()
    applied = MoneyText(source="applied_minor")
    left_over = MoneyText(source="left_over_minor")
    early_fee = MoneyText(source="early_fee_minor")
    parts = PartSerializer(many=True)


class Repayments(ListEndpoint, CommandEndpoint):
    """List what was paid on a loan, or pay."""

    roles = {"GET": EVERYBODY, "POST": BORROWING}
    ordering = ("sequence",)
    row = RepaymentRowSerializer
    body = RepaymentBody
    answer = RepaymentAnswer

    def rows(self) -> QuerySet[Repayment]:
        """Return the payments on the loan."""
        return repayments(loan_id=loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"]).id)

    def command(self) -> Command:
        """Return the payment; the account is one of the entity whose loan it is."""
        row = loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        if "value_date" in self.values and BORROWER in self.viewer.roles:
            raise ValueDateNotBorrowers(
                "A payment of yours counts from the business date on.", field="value_date"
            )
        source = settlement_account(
            scope=Scope(row.entity_id),
            account_id=self.values["source_account_id"],
            field="source_account_id",
        )
        amount = self.values.get("amount")
        return RecordRepayment(
            loan_id=row.id,
            line_id=row.line_id,
            source_account_id=source.id,
            kind=self.values["kind"],
            amount_minor=amount.minor_units if amount else None,
            currency=self.values["currency"],
            mode=self.values.get("mode"),
            value_date=self.values.get("value_date"),
        )

    def led_to(self, result: dict[str, Any]) -> dict[str, Any]:
        """Add the currency to each part."""
        parts = [{**part, "currency": result["currency"]} for part in result["parts"]]
        return {**result, "parts": parts}
