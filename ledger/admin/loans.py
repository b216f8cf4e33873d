"""Loans as a list, and the details at the head of a loan's page.

Owns: the list of loans. Refuses to know: the sections below the details (``loan_sections``).
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin import links
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.records import (
    RecordAdmin,
    full_id_column,
    id_column,
    link_column,
    money_column,
    status_column,
    words_column,
)
from ledger.domain.loan_state import LoanStatus
from ledger.models import Loan


@admin.register(Loan)
class LoanAdmin(RecordAdmin):
    """Search by the identifier of a loan, its entity or its line, or by the entity's reference."""

    list_display = ("short", "entity", "shown_status", "principal", "outstanding", "product_code",
                    "disbursed_on", "next_due_on", "overdue_since", "maturity_on")  # fmt: skip
    list_filter = (
        choice_filter("status", "status", [status for status in LoanStatus if status != LoanStatus.ABSENT]),
        choice_filter("method", "method", {"equal_instalment": "equal instalment", "revolving_daily": "revolving"}),
        ("disbursed_on", RangeDateFilter),
        ("next_due_on", RangeDateFilter),
    )
    ordering = ("-requested_on", "id")
    search_fields = ("entity_reference__iexact", "product_code")
    search_ids = ("id", "entity_id", "line_id", "account_id")
    search_help_text = "An entity's reference, a product, or the identifier of a loan, entity, line or account"
    fieldsets = (
        (None, {"fields": (("whole_id", "shown_status"), ("entity", "line", "account"))}),
        ("Amounts", {"fields": (("principal", "outstanding"),)}),
        ("Product", {"fields": (("product_code", "product_version", "words_method", "grace_days"),)}),
        (
            "Dates",
            {"fields": (("requested_on", "disbursed_on", "maturity_on"),
                        ("next_due_on", "overdue_since", "settled_on"))},
        ),
    )  # fmt: skip

    short = id_column("id", "loan")
    whole_id = full_id_column("id", "loan")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    line = link_column(links.LINE, "line_id", "credit line")
    account = link_column(links.SETTLEMENT, "account_id", "settlement account")
    shown_status = status_column()
    words_method = words_column("method", "method")
    principal = money_column("principal_minor", "principal")
    outstanding = money_column("outstanding_minor", "outstanding principal")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the entity's reference along."""
        return super().get_queryset(request).annotate(entity_reference=links.entity_reference())
