"""Proposals: what waits for a second person, and the two decisions on it.

Owns: the list, the page and the forms of approving and rejecting, each of which gives one command.
Refuses to know: whether a proposal may be approved; a refusal is shown as it is given.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from config.admin import formatting, links
from config.admin.columns import (
    full_id_column,
    id_column,
    link_column,
    money_column,
    status_column,
    words_column,
)
from config.admin.command_forms import CommandForm, ReasonForm, command_view
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.library import action
from config.admin.records import EntityRecordAdmin, as_uuid
from config.admin.sections import Column, Facts, Table, section
from config.roles import DECIDE_PROPOSAL
from ledger.commands.propose_loan_fact import ApproveProposal, RejectProposal
from ledger.proposal_models import Proposal
from ledger.queries import deciding_names

PROPOSAL = "ledger.proposal"
STATUSES = ("pending", "approved", "rejected")


@admin.register(Proposal)
class ProposalAdmin(EntityRecordAdmin):
    """Search by the identifier of a proposal, a loan or an entity, or by the entity's reference."""

    list_display = ("short", "entity", "loan", "words_kind", "amount", "shown_status", "proposed_on",
                    "proposed_by", "decided_by")  # fmt: skip
    list_filter = (
        choice_filter("status", "status", STATUSES),
        ("proposed_on", RangeDateFilter),
    )
    ordering = ("-proposed_on", "id")
    search_fields = ("kind", "reason")
    search_ids = ("id", "loan_id", "entity_id")
    search_help_text = "An entity's reference, or the identifier of a proposal, loan or entity"
    fields = (
        ("whole_id", "shown_status"),
        ("entity", "loan"),
        ("words_kind", "amount", "value_date"),
        ("proposed_by", "proposed_on", "reason"),
        ("decided_by", "decided_on", "decision_reason"),
    )
    actions_detail = ("approve", "reject")

    short = id_column("id", "proposal")
    whole_id = full_id_column("id", "proposal")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    loan = link_column(links.LOAN, "loan_id", "loan")
    words_kind = words_column("kind", "what")
    amount = money_column("amount_minor", "amount")
    shown_status = status_column()

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Say whether somebody may decide; the actions ask for it by this name."""
        return bool(request.user.has_perm(DECIDE_PROPOSAL))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Offer the decisions while there is none."""
        is_open = _named(object_id).filter(status="pending").exists()
        offered: list[Any] = super().get_actions_detail(request, object_id)
        return offered if is_open else []

    @action(description="Approve", url_path="approve", icon="check", permissions=["decide"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Carry out what another person proposed."""
        row = _named(object_id).first()
        return command_view(
            self,
            request,
            object_id=object_id,
            title="Approve the proposal",
            explanation="What was proposed is recorded at once, exactly as it stands here. Whoever proposed it"
            " cannot approve it.",
            form_class=_approval_form(row.fingerprint if row else ""),
            command=lambda form: ApproveProposal(**deciding_names(object_id), seen=form.cleaned_data["seen"]),
            done="The proposal is approved and carried out.",
        )

    @action(description="Reject", url_path="reject", icon="block", permissions=["decide"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Turn a proposal down."""
        return command_view(
            self,
            request,
            object_id=object_id,
            title="Reject the proposal",
            explanation="Nothing happens to the loan. The proposal stays to be seen, with your reason.",
            form_class=ReasonForm,
            command=lambda form: RejectProposal(
                **deciding_names(object_id), reason=form.cleaned_data["reason"]
            ),
            done="The proposal is rejected.",
        )


def _named(text: str) -> QuerySet[Proposal]:
    known = as_uuid(text)
    return Proposal.objects.filter(pk=known) if known else Proposal.objects.none()


@section(PROPOSAL, "Request", order=10)
def request_shown(_request: HttpRequest, row: Proposal) -> Facts:
    """Show the fact that is proposed, as it would be recorded."""
    details = row.fact["details"]
    items = [
        (formatting.words(name.removesuffix("_minor")), _detail(name, value, row.currency))
        for name, value in details.items()
    ]
    plan = [("plan", formatting.payload(row.fact["plan"]))] if row.fact["plan"] else []
    note = "The fingerprint stands for all of it; an approval of anything else is void."
    return Facts([*items, *plan, ("fingerprint", row.fingerprint)], note=note)


@section(PROPOSAL, "Effect", order=20)
def effect(_request: HttpRequest, row: Proposal) -> Table:
    """Show by how much each balance of the loan would have changed when it was proposed."""
    rows = [
        [formatting.words(one["component"]), formatting.amount_text(one["amount_minor"], row.currency)]
        for one in row.effect
    ]
    return Table(
        ["balance", Column("change", is_figure=True)], rows, note=f"Worked out on {row.proposed_on}."
    )


def _detail(name: str, value: Any, currency: str) -> Any:
    return formatting.amount_text(value, currency) if name.endswith("_minor") else formatting.words(value)


def _approval_form(fingerprint: str) -> type[CommandForm]:
    """Return a form that carries what its reader has seen, so that nothing else is approved."""
    seen = forms.CharField(widget=forms.HiddenInput, initial=fingerprint, max_length=64)
    return type("ApprovalForm", (CommandForm,), {"seen": seen})
