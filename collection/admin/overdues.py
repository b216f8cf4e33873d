"""Overdue instalments: the work list of collectors, and their history on loans and entities.

Owns: these pages. Refuses to know: how an instalment becomes overdue or is cured.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from collection.models import OverdueInstalment
from collection.record_models import OverdueRecord
from config.admin import formatting, links
from config.admin.columns import link_column
from config.admin.filters import DropdownFilter, RangeDateFilter
from config.admin.records import EntityRecordAdmin
from config.admin.sections import Column, Table, section
from ledger.models import Loan
from lending.models import LegalEntity

OVERDUE = "collection.overduerecord"
STATES = {
    "open": {"cured_on__isnull": True},
    "open, grace over": {"cured_on__isnull": True, "passed_grace_on__isnull": False},
    "cured": {"cured_on__isnull": False},
}


class StateFilter(DropdownFilter):
    """Instalments that are still open, or were paid late."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the states."""
        return [(name, name) for name in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what was asked for."""
        return queryset.filter(**STATES.get(self.value() or "", {}))


@admin.register(OverdueRecord)
class OverdueAdmin(EntityRecordAdmin):
    """Search by entity or by the identifier of a loan or an entity."""

    list_display = ("due_on", "number", "loan", "entity", "overdue_since", "passed_grace_on", "cured_on")
    list_filter = (StateFilter, ("due_on", RangeDateFilter))
    search_fields = ("id",)
    search_ids = ("loan_id", "entity_id")
    search_help_text = "An entity's reference, or the identifier of a loan or an entity"
    fields = (("loan", "number", "entity"), ("due_on", "overdue_since", "passed_grace_on", "cured_on"))

    loan = link_column(links.LOAN, "loan_id", "loan")
    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")


@section(links.LOAN, "Overdue history", order=70, needs=[OVERDUE])
def of_loan(_request: HttpRequest, loan: Loan) -> Table:
    """Show which instalments of the loan were overdue, and until when."""
    return _table(OverdueInstalment.objects.filter(loan_id=loan.id))


@section(links.ENTITY, "Overdue history", order=70, needs=[OVERDUE])
def of_entity(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Show which instalments of the entity were overdue, and until when."""
    return _table(OverdueInstalment.objects.filter(entity_id=entity.id))


def _table(found: QuerySet[OverdueInstalment]) -> Table:
    rows = [
        [row.due_on, row.number, links.link(links.LOAN, row.loan_id), row.overdue_since,
         formatting.day(row.passed_grace_on), formatting.day(row.cured_on)]
        for row in found.order_by("-due_on", "loan_id", "number")
    ]  # fmt: skip
    columns = [
        "due on",
        Column("instalment", is_figure=True),
        "loan",
        "recorded on",
        "grace over on",
        "paid on",
    ]
    return Table(columns, rows)
