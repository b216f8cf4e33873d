"""Read-only pages over rows that only events, commands and imports write.

Owns: the base of every such page: nothing can be added, changed or deleted, identifiers are searched
exactly, and a record's sections stand below its details.
Refuses to know: any particular model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from config.admin import formatting, links
from config.admin.library import ModelAdmin
from config.admin.sections import sections_of


class RecordAdmin(ModelAdmin):
    """A list and a page that show and never write."""

    actions = None
    empty_value_display = formatting.NOTHING
    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    change_form_outer_after_template = "admin/record_sections.html"
    # Fields that hold a UUID: what is searched for is compared exactly when it is one.
    search_ids: Sequence[str] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from commands."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows change by commands."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is ever deleted."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Compare an identifier exactly; search anything else as text."""
        identifier = as_uuid(search_term)
        if identifier is None or not self.search_ids:
            return super().get_search_results(request, queryset, search_term)
        match = Q()
        for field in self.search_ids:
            match |= Q(**{field: identifier})
        return queryset.filter(match), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put the record's sections on the page."""
        record = context["original"]
        context["sections"] = sections_of(request, self.opts.label_lower, record) if record else []
        return super().render_change_form(request, context, *args, **kwargs)


class EntityRecordAdmin(RecordAdmin):
    """A list whose rows belong to an entity, with the entity's reference brought along."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Add the reference to each row, in the same query."""
        rows = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(entity_reference=links.entity_reference())
        return named

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find rows by the beginning of their entity's reference as well."""
        term = search_term.strip()
        if not term or as_uuid(term) is not None:
            return super().get_search_results(request, queryset, term)
        match = Q(entity_id__in=links.entities_named(term))
        for field in self.search_fields:
            match |= Q(**{f"{field}__icontains": term})
        return queryset.filter(match), False


def as_uuid(text: str) -> UUID | None:
    """Return the identifier that a text is, if it is one."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None
