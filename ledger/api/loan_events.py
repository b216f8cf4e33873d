"""The history of a loan: in plain words for everybody, as it is stored for those who may read that.

Owns: the view, its shape, and the words for each kind of fact. Refuses to know: how a fact comes to be.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.access import EVERYBODY, HISTORY
from config.api.endpoints import ListEndpoint
from config.api.presenting import presented
from ledger import queries
from ledger.models import EsEvent

Shape = serializers.Serializer[Any]

# What a fact is called where its topic would say nothing, and which of its amounts tells the story.
FACTS: Final[dict[str, tuple[str, str | None]]] = {
    "loan.requested": ("The draw was accepted; the payout is under way.", "principal_minor"),
    "loan.conventions_agreed": ("The conventions of the product were agreed for this loan.", None),
    "loan.parts_agreed": ("The loan is paid out in parts; the rest may be called later.", "rest_minor"),
    "loan.part_called": ("A further part was called; its payout is under way.", "amount_minor"),
    "loan.part_failed": ("The payout of a part failed; the part can be called again.", "amount_minor"),
    "loan.rest_ended": ("What was left of the agreed amount can no longer be called.", "amount_minor"),
    "loan.disbursement_failed": ("The payout failed; the loan never came into being.", "principal_minor"),
    "loan.aged": ("Time has passed: arrears, penalties or the category changed.", None),
    "loan.taken_over": ("The loan was taken over from other books as it stood on that day.", None),
    "loan.disbursed": (
        "The loan, or a part of it, was paid out and the repayment plan was made.",
        "amount_minor",
    ),
    "loan.payment_received": ("A payment was received.", "amount_minor"),
    "loan.payment_reversed": ("A payment was reversed.", None),
    "loan.disbursement_reversed": ("The payout came back.", None),
    "loan.refunded": ("An overpayment was refunded.", "amount_minor"),
    "loan.chargeback": ("The payer's bank took a payment back.", "amount_minor"),
    "loan.charge_added": ("A charge was added.", "amount_minor"),
    "loan.charge_waived": ("A charge was waived.", None),
    "loan.charge_adjusted": ("A charge was lowered.", "amount_minor"),
    "loan.interest_waived": ("Interest was waived.", None),
    "loan.penalty_waived": ("Penalty interest was waived.", None),
    "loan.rate_changed": ("The rate changed.", None),
    "loan.interest_paused": ("Interest was paused.", None),
    "loan.promotion_granted": ("A promotional rate was granted.", None),
    "loan.promotion_ended": ("The promotional rate ended.", None),
    "loan.plan_changed": ("The rest of the repayment plan was replaced.", None),
    "loan.change_undone": ("A change was undone.", None),
    "loan.accelerated": ("Everything to come was called due.", None),
    "loan.non_accrual_started": ("Interest is no longer taken as income.", None),
    "loan.non_accrual_ended": ("Interest is taken as income again.", None),
    "loan.charged_off": ("The loan was charged off; the debt remains.", None),
    "loan.charge_off_undone": ("The charge-off was undone.", None),
    "loan.written_off": ("What was left was given up.", None),
    "loan.recovered": ("Money was recovered after the charge-off.", "amount_minor"),
    "loan.sold": ("The loan was sold; it is the buyer's from that day on.", "amount_minor"),
    "loan.sale_undone": ("The sale was undone; the loan is owed to the lender again.", None),
    "loan.settled_at_discount": ("The loan was settled for less than was owed.", None),
}


class LoanEventSerializer(Shape):
    """A fact about a loan. Only those who may read the history see who caused it and how it is stored."""

    sequence = serializers.IntegerField(source="originator_version")
    topic = serializers.CharField()
    effective_date = serializers.DateField()
    text = serializers.SerializerMethodField()
    value_date = serializers.DateField(source="state.value_date", required=False)
    amount = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()
    recorded_at = serializers.DateTimeField(required=False)
    actor = serializers.CharField(source="meta.actor", required=False)
    command = serializers.CharField(source="meta.command", required=False)
    payload = serializers.SerializerMethodField(required=False)

    def get_text(self, event: EsEvent) -> str:
        """Return the fact in plain words."""
        return FACTS[event.topic][0]

    @extend_schema_field({"type": ["string", "null"]})
    def get_amount(self, event: EsEvent) -> str | None:
        """Return the amount that tells the story, where one does."""
        name = FACTS[event.topic][1]
        shown = (
            presented({"amount_minor": event.state[name]}, currency=event.state["currency"]) if name else {}
        )
        return shown.get("amount")

    def get_currency(self, event: EsEvent) -> str:
        """Return the loan's currency."""
        return str(event.state["currency"])

    @extend_schema_field({"type": "object"})
    def get_payload(self, event: EsEvent) -> dict[str, Any]:
        """Return what is stored, with amounts as money."""
        return presented(event.state)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Leave out what the caller may not see."""
        shown = super().to_representation(instance)
        if not self.context["viewer"].roles & HISTORY:
            for name in ("recorded_at", "actor", "command", "payload"):
                shown.pop(name, None)
        return shown


class LoanEvents(ListEndpoint):
    """List what happened to a loan, oldest first."""

    roles = {"GET": EVERYBODY}
    ordering = ("originator_version",)
    row = LoanEventSerializer

    def rows(self) -> QuerySet[EsEvent]:
        """Return the events of the loan."""
        loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return queries.timeline(loan_id=loan.id)
