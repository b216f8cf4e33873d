"""Order imports: which files came, and which of their lines were refused and why.

Owns: these pages. Refuses to know: how a line is judged.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin import formatting
from config.admin.columns import full_id_column
from config.admin.filters import RangeDateFilter
from config.admin.records import RecordAdmin
from config.admin.sections import ROWS_MAX, Column, Table, section
from lending.models import OrderImport


@admin.register(OrderImport)
class OrderImportAdmin(RecordAdmin):
    """Search by file name or by the digest of a file."""

    list_display = ("file_name", "as_of", "imported_at", "lines", "taken", "refused", "digest")
    list_filter = (("as_of", RangeDateFilter),)
    ordering = ("-imported_at",)
    search_fields = ("file_name", "file_sha256")
    search_ids = ("id",)
    fields = (("file_name", "as_of", "imported_at"), ("lines", "taken", "refused"), "file_sha256", "whole_id")

    whole_id = full_id_column("id", "import")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the refusals, which may be many, to the page of one import."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("refusals")

    @admin.display(description="digest")
    def digest(self, row: OrderImport) -> Any:
        """Return the beginning of the file's digest."""
        return formatting.code(row.file_sha256[:12])


@section("lending.orderimport", "Refused lines", order=10)
def refused_lines(_request: HttpRequest, row: OrderImport) -> Table:
    """Show the refused lines that were kept, with code and sentence."""
    kept = list(row.refusals or [])
    rows = [[one["number"], formatting.code(one["code"]), one["sentence"]] for one in kept[:ROWS_MAX]]
    shown = f" The first {len(rows)} are shown." if row.refused > len(rows) else ""
    note = f"{row.taken} of {row.lines} lines were taken, {row.refused} were refused.{shown}"
    return Table([Column("line", is_figure=True), "code", "reason"], rows, note=note)


@section("lending.orderimport", "Reasons", order=20)
def reasons(_request: HttpRequest, row: OrderImport) -> Table:
    """Show how many lines were refused for each reason."""
    counts = Counter(one["code"] for one in row.refusals or [])
    rows = [[formatting.code(code), count] for code, count in counts.most_common()]
    return Table(["code", Column("lines", is_figure=True)], rows)
