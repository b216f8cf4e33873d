"""The sandbox bank's memory in a table, so that worker processes and restarts share it.

Owns: the table sandbox_payment. Refuses to know: how a payment turns out.
"""

from __future__ import annotations

from django.db.models import F

from lending.gateways.bank_rail import PayoutOutcome
from lending.gateways.payment_store import BankPayment
from lending.models import SandboxPayment


class DatabasePaymentStore:
    """A ``PaymentStore``; each method stands for a commit at the bank."""

    def count_attempt(self, *, reference: str) -> int:
        """Count one more sending and return its number, from 1."""
        SandboxPayment.objects.get_or_create(reference=reference)
        SandboxPayment.objects.filter(reference=reference).update(attempts=F("attempts") + 1)
        return SandboxPayment.objects.values_list("attempts", flat=True).get(reference=reference)

    def keep(self, *, payment: BankPayment) -> BankPayment:
        """Keep a payment unless its reference is taken; return the one that is kept."""
        SandboxPayment.objects.filter(reference=payment.reference, outcome=None).update(
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            account_token=payment.account_token,
            outcome=payment.outcome.value,
            bank_reference=payment.bank_reference,
            reason=payment.reason,
        )
        kept = self.find(reference=payment.reference)
        assert kept is not None
        return kept

    def find(self, *, reference: str) -> BankPayment | None:
        """Return the payment of a reference."""
        row = SandboxPayment.objects.filter(reference=reference).exclude(outcome=None).first()
        if row is None:
            return None
        return BankPayment(
            reference=row.reference,
            amount_minor=row.amount_minor or 0,
            currency=row.currency or "",
            account_token=row.account_token or "",
            outcome=PayoutOutcome(row.outcome or ""),
            bank_reference=row.bank_reference or "",
            reason=row.reason,
        )
