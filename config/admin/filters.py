"""Filters of lists whose choices are known beforehand, so that no list has to ask the table for them.

Owns: making a filter from a field and its choices. Refuses to know: any particular model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin.library import DropdownFilter, RangeDateFilter

__all__ = ["DropdownFilter", "RangeDateFilter", "choice_filter"]


def choice_filter(field: str, title: str, choices: Sequence[str] | Mapping[str, str]) -> type[DropdownFilter]:
    """Return a filter of a field by one of its known values."""
    named = choices if isinstance(choices, Mapping) else {value: value for value in choices}
    title_of_filter = title

    class ChoiceFilter(DropdownFilter):
        title = title_of_filter
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return list(named.items())

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            value = self.value()
            return queryset.filter(**{field: value}) if value in named else queryset

    return ChoiceFilter
