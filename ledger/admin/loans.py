"""Loans as a list, and the details at the head of a loan's page.

Owns: the list of loans, and the way to proposing a fact. Refuses to know: the sections below the details
(``loan_sections``), and what is proposed (``proposing``).
"""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse

from config.admin import links
from config.admin.columns import (
    full_id_column,
    id_column,
    link_column,
    money_column,
    status_column,
    words_column,
)
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.formatting import words
from config.admin.library import action
from config.admin.records import EntityRecordAdmin
from config.roles import MAKE_PROPOSAL
from ledger.admin.proposing import propose_view
from ledger.domain.loan_state import LoanStatus
from ledger.models import Loan
from ledger.policies.product_terms import METHODS


@admin.register(Loan)
class LoanAdmin(EntityRecordAdmin):
    """Search by the identifier of a loan, its entity or its line, or by the entity's reference."""

    list_display = ("short", "entity", "shown_status", "principal", "outstanding", "product_code",
                    "disbursed_on", "next_due_on", "overdue_since", "maturity_on")  # fmt: skip
    list_filter = (
        choice_filter("status", "status", [status for status in LoanStatus if status != LoanStatus.ABSENT]),
        choice_filter("method", "method", {method: words(method) for method in METHODS}),
        ("disbursed_on", RangeDateFilter),
        ("next_due_on", RangeDateFilter),
    )
    ordering = ("-requested_on", "id")
    search_fields = ("product_code",)
    search_ids = ("id", "entity_id", "line_id", "account_id")
    search_help_text = (
        "An entity's reference, a product, or the identifier of a loan, entity, line or account"
    )
    fields = (
        ("whole_id", "shown_status"),
        ("entity", "line", "account"),
        ("principal", "outstanding"),
        ("product_code", "product_version", "words_method"),
        ("requested_on", "disbursed_on", "maturity_on"),
        ("next_due_on", "overdue_since", "settled_on"),
    )

    actions_detail = ("propose",)

    short = id_column("id", "loan")
    whole_id = full_id_column("id", "loan")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    line = link_column(links.LINE, "line_id", "credit line")
    account = link_column(links.SETTLEMENT, "account_id", "settlement account")
    shown_status = status_column()
    words_method = words_column("method", "method")
    principal = money_column("principal_minor", "principal")
    outstanding = money_column("outstanding_minor", "outstanding")

    def has_make_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Say whether somebody may propose; the action asks for it by this name."""
        return bool(request.user.has_perm(MAKE_PROPOSAL))

    @action(description="Propose a fact", url_path="propose", icon="how_to_reg", permissions=["make"])
    def propose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a fact that another person has to approve."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(f"There is no loan {object_id}.")
        return propose_view(self, request, row)
