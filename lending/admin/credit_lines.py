"""Credit lines: the list, the page, and the two things staff may do here, freezing and thawing.

Owns: these pages and the forms of the two actions, each of which gives one command.
Refuses to know: whether the line may be frozen or thawed; a refusal is shown as it is given.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
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
from config.admin.records import EntityRecordAdmin
from config.admin.sections import Table, Timeline, section
from config.admin.timeline import streams_of, timeline
from config.roles import FREEZE_LINE
from ledger.models import Loan
from lending.admin.entity_sections import loans_table
from lending.commands.manage_line import FreezeLine, ThawLine
from lending.models import Application, CreditLine

# Which action a status admits; on any other line neither is offered.
ACTION_OF_STATUS = {"active": "freeze", "frozen": "thaw"}


@admin.register(CreditLine)
class CreditLineAdmin(EntityRecordAdmin):
    """Search by entity, or by the identifier of a line or an entity."""

    list_display = ("short", "entity", "shown_status", "limit", "held", "drawn", "available", "opened_on")
    list_filter = (
        choice_filter("status", "status", ("active", "frozen", "blacklisted", "closed")),
        ("opened_on", RangeDateFilter),
    )
    ordering = ("-opened_on", "id")
    search_fields = ("status", "blocked_reason")
    search_ids = ("id", "entity_id")
    search_help_text = "An entity's reference, or the identifier of a line or an entity"
    fields = (("whole_id", "entity"), ("shown_status", "words_reason", "opened_on"),
              ("limit", "available"), ("held", "drawn"))  # fmt: skip
    actions_detail = ("freeze", "thaw")

    short = id_column("id", "line")
    whole_id = full_id_column("id", "line")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    shown_status = status_column()
    words_reason = words_column("blocked_reason", "blocked by")
    limit = money_column("limit_minor", "limit")
    held = money_column("reserved_minor", "held")
    drawn = money_column("drawn_minor", "drawn")

    @admin.display(description="available")
    def available(self, line: CreditLine) -> Any:
        """Return what may still be drawn."""
        return formatting.amount(line.available_minor, line.currency)

    def has_freeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Say whether somebody may freeze and thaw; the actions ask for it by this name."""
        return bool(request.user.has_perm(FREEZE_LINE))

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Offer what the line's status admits."""
        status = CreditLine.objects.filter(pk=object_id).values_list("status", flat=True).first()
        offered = f"_{ACTION_OF_STATUS.get(status or '')}"
        return [
            one for one in super().get_actions_detail(request, object_id) if one.action_name.endswith(offered)
        ]

    @action(description="Freeze", url_path="freeze", icon="ac_unit", permissions=["freeze"])
    def freeze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop new drawdowns on the line."""
        return command_view(
            self,
            request,
            object_id=object_id,
            title="Freeze the credit line",
            explanation="No new drawdown is taken until the line is thawed. Loans and repayments go on.",
            form_class=ReasonForm,
            command=lambda form: FreezeLine(line_id=UUID(object_id), reason=form.cleaned_data["reason"]),
            done="The credit line is frozen.",
        )

    @action(description="Thaw", url_path="thaw", icon="sunny", permissions=["freeze"])
    def thaw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Allow drawdowns on the line again."""
        return command_view(
            self,
            request,
            object_id=object_id,
            title="Thaw the credit line",
            explanation="Drawdowns are taken again, up to what is available.",
            form_class=CommandForm,
            command=lambda _form: ThawLine(line_id=UUID(object_id)),
            done="The credit line is active again.",
        )


@section(links.LINE, "Loans", order=10, needs=[links.LOAN])
def loans(_request: HttpRequest, line: CreditLine) -> Table:
    """Show the loans drawn on the line."""
    return Table(*loans_table(list(Loan.objects.filter(line_id=line.id).order_by("-requested_on", "id"))))


@section(links.LINE, "Applications", order=20, needs=[links.APPLICATION])
def applications(_request: HttpRequest, line: CreditLine) -> Table:
    """Show the application that granted the line."""
    rows = [
        [links.link(links.APPLICATION, row.id), row.submitted_on, formatting.day(row.decided_on), row.status]
        for row in Application.objects.filter(line_id=line.id)
    ]
    return Table(["application", "submitted on", "decided on", "status"], rows)


@section(links.LINE, "Events", order=90, needs=[links.EVENT])
def events(request: HttpRequest, line: CreditLine) -> Timeline:
    """Show what happened to the line."""
    return timeline(request, shard=line.shard, streams=streams_of([line.id]), currency=line.currency)
