"""Why: the postings that sum to a balance of a loan.

Owns: the view and its shape. Refuses to know: how a posting came about.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import FACT_READERS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import MoneyText, StrictChoiceField
from config.api.serializers import StrictSerializer
from ledger import queries
from ledger.explanations import COMPONENTS, explanation

Shape = serializers.Serializer[Any]


class ComponentQuery(StrictSerializer):
    """Which balance is to be explained."""

    component = StrictChoiceField(choices=COMPONENTS)


class PostingSerializer(Shape):
    """What one event posted; ``amount`` is above zero where the balance grew."""

    posting_date = serializers.DateField()
    shard = serializers.IntegerField()
    position = serializers.IntegerField(source="pos")
    topic = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    actor = serializers.CharField()
    command = serializers.CharField()
    key = serializers.CharField()
    fact_id = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    value_date = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")


class AccruedSerializer(Shape):
    """What the closes of one month's days posted."""

    month = serializers.DateField()
    kind = serializers.CharField()
    days = serializers.IntegerField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")


class ExplanationSerializer(Shape):
    """A balance of a loan on the open business date, and everything that made it; ``total`` equals it."""

    loan_id = serializers.UUIDField()
    component = serializers.CharField()
    account = serializers.CharField()
    side = serializers.CharField()
    currency = serializers.CharField()
    as_of = serializers.DateField()
    product_code = serializers.CharField()
    product_version = serializers.IntegerField()
    balance = MoneyText(source="balance_minor")
    total = MoneyText(source="total_minor")
    postings = PostingSerializer(many=True)
    accruals = AccruedSerializer(many=True)


class LoanExplanation(AnswerEndpoint):
    """Explain a balance of a loan: what was posted, when, by whom, and why."""

    roles = {"GET": FACT_READERS}
    query = ComponentQuery
    shape = ExplanationSerializer

    def find(self) -> dict[str, Any]:
        """Return the explanation."""
        loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        found = explanation(loan=loan, component=self.asked["component"])
        currency = {"currency": found.currency}
        return {
            **vars(found),
            "postings": [{**vars(one), **currency} for one in found.postings],
            "accruals": [{**vars(one), **currency} for one in found.accruals],
        }
