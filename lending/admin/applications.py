"""Applications: the list, and the page with every figure of the decision.

Owns: how a decision is shown. Refuses to know: how it is made; the figures are those of its event.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.columns import full_id_column, id_column, link_column, money_column, status_column
from config.admin.filters import RangeDateFilter, choice_filter
from config.admin.records import EntityRecordAdmin
from config.admin.sections import Column, Facts, Table, Timeline, section
from config.admin.timeline import timeline
from ledger.record_models import EventRecord
from lending.models import Application


@admin.register(Application)
class ApplicationAdmin(EntityRecordAdmin):
    """Search by entity, or by the identifier of an application, entity or line."""

    list_display = (
        "short",
        "entity",
        "shown_status",
        "submitted_on",
        "decided_on",
        "limit",
        "why",
        "reapply_from",
    )
    list_filter = (
        choice_filter("status", "status", ("submitted", "approved", "rejected", "withdrawn")),
        ("submitted_on", RangeDateFilter),
    )
    ordering = ("-submitted_on", "id")
    search_fields = ("status",)
    search_ids = ("id", "entity_id", "line_id")
    search_help_text = "An entity's reference, or the identifier of an application, entity or line"
    fields = (("whole_id", "entity", "line"), ("shown_status", "limit", "why"),
              ("submitted_on", "decided_on", "reapply_from"))  # fmt: skip

    short = id_column("id", "application")
    whole_id = full_id_column("id", "application")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    line = link_column(links.LINE, "line_id", "credit line")
    shown_status = status_column()
    limit = money_column("limit_minor", "limit")

    @admin.display(description="reasons")
    def why(self, application: Application) -> str:
        """Return the reasons of a rejection."""
        reasons = [formatting.words(reason["code"]) for reason in application.reasons]
        return ", ".join(reasons) or formatting.NOTHING


@section(links.APPLICATION, "Decision", order=10)
def decision(_request: HttpRequest, application: Application) -> Table | None:
    """Show every figure, as it is stored and as a person reads it."""
    held = application.decision
    if not held:
        return None
    rows = [
        [formatting.words(figure["name"]), formatting.code(figure["value"]),
         _readable(figure["name"], figure["value"], application.currency)]
        for figure in held.get("figures", [])
    ]  # fmt: skip
    rows += [["policy version", formatting.code(held["policy_version"]), ""],
             ["digest of the inputs", formatting.code(held["inputs_sha256"]), ""]]  # fmt: skip
    return Table(["figure", "exact value", Column("reads", is_figure=True)], rows)


def _readable(name: str, value: str, currency: str) -> str:
    """Return minor units as an amount, a fraction as a decimal, basis points as a percentage."""
    try:
        number = Fraction(value)
    except ValueError:
        return ""
    if name.endswith("_minor") or name.startswith("input.turnover."):
        return formatting.exact_amount_text(number, currency)
    if name.endswith("_bps"):
        return f"{formatting.decimal_text(number / 100)}%"
    return formatting.decimal_text(number) if "/" in value else ""


@section(links.APPLICATION, "Reasons", order=20)
def reasons(_request: HttpRequest, application: Application) -> Table | None:
    """Show each reason of a rejection with the class the applicant is told."""
    rows = [[formatting.words(reason["code"]), reason["category"]] for reason in application.reasons]
    return Table(["reason", "class told to the applicant"], rows) if rows else None


@section(links.APPLICATION, "Declared", order=30)
def declared(_request: HttpRequest, application: Application) -> Facts | None:
    """Show what the applicant stated, from the event that holds it."""
    submitted = EventRecord.objects.filter(
        shard=application.shard, originator_id=application.id, originator_version=1
    ).first()
    if submitted is None:
        return None
    state: dict[str, Any] = submitted.state
    return Facts(
        [
            ("industry", formatting.words(state.get("industry_code"))),
            ("amount wished for", formatting.amount_text(state.get("requested_minor"), application.currency)),
            ("debt ratio", f"{formatting.decimal_text(Fraction(state.get('debt_ratio_bps', 0), 100))}%"),
            ("clean record", "yes" if state.get("clean_record") else "no"),
            ("product family", formatting.words(state.get("product_family"))),
        ]
    )


@section(links.APPLICATION, "Events", order=90, needs=[links.EVENT])
def events(request: HttpRequest, application: Application) -> Timeline:
    """Show what happened to the application."""
    return timeline(request, shard=application.shard, streams=[application.id], currency=application.currency)
