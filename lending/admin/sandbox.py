"""The sandbox bank's memory, which stands in for a bank's own records.

Owns: this page. Refuses to know: how the sandbox answers.
"""

from __future__ import annotations

from django.contrib import admin

from config.admin.columns import money_column
from config.admin.records import RecordAdmin
from lending.models import SandboxPayment


@admin.register(SandboxPayment)
class SandboxPaymentAdmin(RecordAdmin):
    """Search by reference."""

    list_display = ("reference", "amount", "outcome", "bank_reference", "attempts", "reason")
    ordering = ("reference",)
    search_fields = ("reference", "bank_reference")
    fields = (("reference", "amount"), ("outcome", "bank_reference"), ("attempts", "reason"), "account_token")

    amount = money_column("amount_minor", "amount")
