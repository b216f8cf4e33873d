"""Products: saved versions as a list, and the whole catalogue with what changed from version to version.

Owns: these pages. Refuses to know: saving; a version is saved through the API, by a command.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from config.admin.columns import words_column
from config.admin.formatting import NOTHING, percent_text
from config.admin.records import RecordAdmin
from config.admin.sections import Column, Table, section
from ledger.funding_report import funding_agreements
from ledger.policies.funding import funding_of
from ledger.policies.product_terms import ProductTerms
from ledger.product_comparison import changes, flat_terms, version_before
from ledger.product_versions import all_versions, retired_products
from ledger.record_models import ProductRecord


@admin.register(ProductRecord)
class ProductAdmin(RecordAdmin):
    """Versions that were saved; the catalogue, shipped versions included, has an address below."""

    list_display = ("code", "version", "title", "words_method", "effective_from", "saved_on")
    ordering = ("code", "-version")
    search_fields = ("code", "title")
    fields = (("code", "version", "title"), ("words_method", "effective_from", "saved_on"))

    words_method = words_column("method", "method")

    def get_urls(self) -> list[URLPattern]:
        """Add the catalogue before the addresses of single versions."""
        view = self.admin_site.admin_view(self.catalogue_view)
        return [path("catalogue/", view, name="ledger_productrecord_catalogue"), *super().get_urls()]

    def catalogue_view(self, request: HttpRequest) -> HttpResponse:
        """Show every product with every version, its terms and its changes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Product catalogue",
            "tables": _catalogue(),
        }
        return TemplateResponse(request, "admin/product_catalogue.html", context)


@section("ledger.productrecord", "Terms", order=10)
def terms(_request: HttpRequest, record: ProductRecord) -> Table:
    """Show every field of the version."""
    return Table(["field", "value"], _terms_rows(_version_of(record)))


@section("ledger.productrecord", "Changes", order=20)
def differences(_request: HttpRequest, record: ProductRecord) -> Table:
    """Show what differs from the version before."""
    return _changes_table(_version_of(record), all_versions())


@section("ledger.productrecord", "Funding", order=30, needs=["ledger.glaccount"])
def funding(_request: HttpRequest, record: ProductRecord) -> Table:
    """Show who funds loans on the version."""
    agreements = funding_agreements(code=record.code).get(record.code, [])
    held = funding_of(record.version, agreements=agreements)
    rows = [[share.funder, percent_text(share.share_e8)] for share in held.shares]
    return Table(["funder", Column("share", is_figure=True)], rows)


def _version_of(record: ProductRecord) -> ProductTerms:
    return next(
        found for found in all_versions() if (found.code, found.version) == (record.code, record.version)
    )


def _catalogue() -> list[dict[str, Any]]:
    versions, retired = all_versions(), retired_products()
    return [
        {
            "title": f"{found.code}, version {found.version}: {found.title or NOTHING}",
            "since": found.effective_from,
            "retired_from": retired.get(found.code),
            "terms": Table(["field", "value"], _terms_rows(found)),
            "changes": _changes_table(found, versions),
        }
        for found in versions
    ]


def _terms_rows(found: ProductTerms) -> list[list[str]]:
    return [[name, value or NOTHING] for name, value in flat_terms(found).items()]


def _changes_table(found: ProductTerms, versions: tuple[ProductTerms, ...]) -> Table:
    before = version_before(found, versions)
    if before is None:
        return Table(["field", "before", "after"], [], note="This is the first version.")
    rows = [
        [change.field, change.before or NOTHING, change.after or NOTHING] for change in changes(before, found)
    ]
    return Table(["field", "before", "after"], rows, note=f"Compared with version {before.version}.")
