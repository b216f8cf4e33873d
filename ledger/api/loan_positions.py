"""The time machine: a loan on any day, by what was known at any moment.

Owns: the view, its two dates, and the shape of the answer. Refuses to know: how a position is derived.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.access import FACT_READERS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import MoneyText, StrictDateField, StrictMomentField
from config.api.serializers import StrictSerializer
from ledger import queries
from ledger.domain.allocation import Buckets
from ledger.kernel.money import Money
from ledger.loan_positions import PositionShown, position_shown

Shape = serializers.Serializer[Any]


class TimeQuery(StrictSerializer):
    """The day that is asked about, and the moment whose knowledge counts."""

    as_of = StrictDateField(required=False, help_text="The open business date unless another day is named.")
    known_at = StrictMomentField(
        required=False, help_text="Only what was recorded up to this moment counts; otherwise everything."
    )


class BucketsSerializer(Shape):
    """Amounts by what they are for."""

    fee = MoneyText(source="fee_minor")
    penalty = MoneyText(source="penalty_minor")
    compound = MoneyText(source="compound_minor")
    interest = MoneyText(source="interest_minor")
    principal = MoneyText(source="principal_minor")


class PositionRowSerializer(Shape):
    """A row: what it asks for, and what was paid and waived of it."""

    name = serializers.CharField()
    kind = serializers.CharField()
    version = serializers.IntegerField()
    number = serializers.IntegerField()
    starts_on = serializers.DateField()
    due_on = serializers.DateField()
    asked = BucketsSerializer()
    paid = BucketsSerializer()
    waived = BucketsSerializer()
    settled_on = serializers.DateField(allow_null=True)
    overdue_since = serializers.DateField(allow_null=True)


class ShareSerializer(Shape):
    """What a payment gave to a row."""

    row = serializers.CharField()
    given = BucketsSerializer()


class PositionPaymentSerializer(Shape):
    """A payment: its amount is its shares, the early fee, what was recovered and what was too much."""

    id = serializers.CharField()
    kind = serializers.CharField()
    value_date = serializers.DateField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    did = serializers.CharField()
    early_fee = MoneyText(source="early_fee_minor")
    recovered = MoneyText(source="recovered_minor")
    surplus = MoneyText(source="surplus_minor")
    shares = ShareSerializer(many=True)


class PositionSerializer(Shape):
    """A loan on ``as_of`` by the facts recorded up to ``known_at``; ``books`` are its balances by component."""

    loan_id = serializers.UUIDField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    status = serializers.CharField()
    category = serializers.CharField()
    facts = serializers.IntegerField()
    schedule_version = serializers.IntegerField()
    paid_out = MoneyText(source="paid_out_minor")
    outstanding = MoneyText(source="outstanding_minor")
    overpaid = MoneyText(source="overpaid_minor")
    owed = BucketsSerializer()
    due = MoneyText(source="due_minor")
    overdue = MoneyText(source="overdue_minor")
    days_past_due = serializers.IntegerField()
    oldest_due_on = serializers.DateField(allow_null=True)
    non_accrual_since = serializers.DateField(allow_null=True)
    charged_off_on = serializers.DateField(allow_null=True)
    given_up_on = serializers.DateField(allow_null=True)
    sold_on = serializers.DateField(allow_null=True)
    payoff = MoneyText(source="payoff_minor")
    rows = PositionRowSerializer(many=True)
    payments = PositionPaymentSerializer(many=True)
    books = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_books(self, position: dict[str, Any]) -> dict[str, str]:
        """Return every balance as money."""
        currency = position["currency"]
        return {name: Money(minor, currency).as_text() for name, minor in position["books"].items()}


class LoanPosition(AnswerEndpoint):
    """Show a loan as it stood on a day, by what was known at a moment."""

    roles = {"GET": FACT_READERS}
    query = TimeQuery
    shape = PositionSerializer

    def find(self) -> dict[str, Any]:
        """Return the position."""
        loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return position_values(
            position_shown(
                loan_id=loan.id, as_of=self.asked.get("as_of"), known_at=self.asked.get("known_at")
            )
        )


def position_values(position: PositionShown) -> dict[str, Any]:
    """Return a position in the form in which the serializer reads it: each part knows its currency."""
    currency = position.currency
    values = {name: getattr(position, name) for name in vars(position)}
    rows = [_with_buckets(vars(row), ("asked", "paid", "waived"), currency) for row in position.rows]
    payments = [
        {
            **vars(payment),
            "currency": currency,
            "shares": [_with_buckets(vars(share), ("given",), currency) for share in payment.shares],
        }
        for payment in position.payments
    ]
    return {
        **values,
        "owed": _buckets(position.owed, currency),
        "rows": rows,
        "payments": payments,
        "books": dict(position.books.balances()),
    }


def _with_buckets(values: dict[str, Any], names: tuple[str, ...], currency: str) -> dict[str, Any]:
    return {**values, **{name: _buckets(values[name], currency) for name in names}}


def _buckets(amounts: Buckets, currency: str) -> dict[str, Any]:
    return {**asdict(amounts), "currency": currency}
