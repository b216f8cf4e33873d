"""Order imports: which files came, and which of their lines were refused and why.

Owns: these pages. Refuses to know: how a line is judged.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.admin import formatting
from config.admin.filters import RangeDateFilter
from config.admin.records import RecordAdmin, full_id_column
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

    @admin.display(description="digest")
    def digest(self, row: OrderImport) -> Any:
        """Return the beginning of the file's digest."""
        return formatting.code(row.file_sha256[:12])


@section("lending.orderimport", "Refused lines", order=10)
def refused_lines(_request: HttpRequest, row: OrderImport) -> Table:
    """Show the refused lines that were kept, with code and sentence."""
    kept = list(row.refusals or [])
    rows = [[_of(line, "line", "line_number", "number"), formatting.code(_of(line, "code", "reason")),
             _of(line, "message", "sentence")] for line in kept[:ROWS_MAX]]  # fmt: skip
    shown = f" The first {len(rows)} are shown." if row.refused > len(rows) else ""
    note = f"{row.taken} of {row.lines} lines were taken, {row.refused} were refused.{shown}"
    return Table([Column("line", is_figure=True), "code", "reason"], rows, note=note)


def _of(line: dict[str, Any], *names: str) -> Any:
    return next((line[name] for name in names if name in line), formatting.NOTHING)
