"""Columns and fields of records: amounts, links, statuses, codes and identifiers.

Owns: making one from the name of a field. Refuses to know: any particular model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from config.admin import formatting, links

Show = Callable[..., Any]

STATUS_COLOURS = {
    "active": "success",
    "approved": "success",
    "settled": "success",
    "done": "success",
    "requested": "info",
    "submitted": "info",
    "pending": "info",
    "frozen": "warning",
    "rejected": "warning",
    "overdue": "danger",
    "blacklisted": "danger",
    "dead": "danger",
}


def money_column(field: str, title: str, *, currency: str = "currency") -> Show:
    """Return a column that shows an amount in the row's currency."""

    def show(_admin: Any, record: Any) -> Any:
        return formatting.amount(getattr(record, field), getattr(record, currency))

    return _column(show, title=title, ordering=field)


def status_column(field: str = "status", title: str = "status") -> Show:
    """Return a column that shows a status as a coloured label."""

    def show(_admin: Any, record: Any) -> Any:
        return status_label(getattr(record, field))

    return _column(show, title=title, ordering=field)


def status_label(status: str) -> SafeString:
    """Return a status as a coloured label."""
    context = {"text": formatting.words(status), "type": STATUS_COLOURS.get(status, "")}
    return render_to_string("unfold/helpers/label.html", context)


def words_column(field: str, title: str) -> Show:
    """Return a column that shows a code in words."""

    def show(_admin: Any, record: Any) -> Any:
        return formatting.words(getattr(record, field))

    return _column(show, title=title, ordering=field)


def link_column(label: str, field: str, title: str, *, text: str | None = None) -> Show:
    """Return a column that leads to another record; ``text`` names the field that is shown."""

    def show(_admin: Any, record: Any) -> Any:
        return links.link(label, getattr(record, field), getattr(record, text) if text else None)

    return _column(show, title=title, ordering=text or field)


def id_column(field: str = "id", title: str = "identifier") -> Show:
    """Return a column that shows the beginning of an identifier."""

    def show(_admin: Any, record: Any) -> Any:
        return formatting.code(formatting.short_id(getattr(record, field)))

    return _column(show, title=title, ordering=field)


def full_id_column(field: str = "id", title: str = "identifier") -> Show:
    """Return a field that shows an identifier whole."""

    def show(_admin: Any, record: Any) -> Any:
        return formatting.code(getattr(record, field))

    return _column(show, title=title, ordering=field)


def _column(show: Show, *, title: str, ordering: str) -> Show:
    show.short_description = title  # type: ignore[attr-defined]  # what Django's admin looks for
    show.admin_order_field = ordering  # type: ignore[attr-defined]
    return show
