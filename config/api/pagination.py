"""Lists in pages that stay right while rows are added.

Owns: the cursor, which is the key of the last row that was given out, and the shape of a page.
Refuses to know: what is listed. A view names its ``ordering``, which must be unique; a page costs the
same however far down the list it is, because the key is looked up and nothing is skipped over.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NoReturn
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from config.api.fields import DigitsField, fail
from config.api.refusals import CursorInvalid
from config.api.serializers import StrictSerializer

ROWS_DEFAULT: Final = 50
ROWS_MAX: Final = 200


@extend_schema_field({"type": "string"})
class CursorField(serializers.Field[list[Any], str, str, Any]):
    """A cursor as the API gave it out: base64 of the JSON list of the last row's key."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """Refuse whatever does not decode to a list of text and numbers."""
        try:
            values = json.loads(base64.urlsafe_b64decode(str(data).encode("ascii")))
        except (ValueError, binascii.Error, RecursionError):
            fail(CursorInvalid, "This cursor was not given out by the API.")
        if not isinstance(values, list) or not all(type(value) in (str, int) for value in values):
            fail(CursorInvalid, "This cursor was not given out by the API.")
        if any(type(value) is int and abs(value) >= 2**63 for value in values):
            fail(CursorInvalid, "This cursor was not given out by the API.")
        return values

    def to_representation(self, value: Any) -> str:
        """Return the cursor of a key."""
        return base64.urlsafe_b64encode(json.dumps(value, default=str).encode()).decode("ascii")


class PageQuery(StrictSerializer):
    """The parameters of every list; a list with filters of its own extends it."""

    limit = DigitsField(min_value=1, max_value=ROWS_MAX, default=ROWS_DEFAULT)
    cursor = CursorField(required=False)


class Pages(BasePagination):
    """Keyset pagination: ``{"results": [...], "next": URL or null}``."""

    def __init__(self) -> None:
        self.next_link: str | None = None

    def page(
        self, rows: QuerySet[Any], *, ordering: Sequence[str], asked: dict[str, Any], request: Request
    ) -> list[Any]:
        """Return the rows after the cursor. Refuses CursorInvalid."""
        limit, cursor = asked["limit"], asked.get("cursor")
        if cursor is not None:
            rows = rows.filter(_after(rows.model, ordering, cursor))
        found = list(rows.order_by(*ordering)[: limit + 1])
        if len(found) > limit:
            key = [_plain(getattr(found[limit - 1], name.lstrip("-"))) for name in ordering]
            link = CursorField().to_representation(key)
            self.next_link = replace_query_param(request.build_absolute_uri(), "cursor", link)
        return found[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        """Return a page."""
        return Response({"results": data, "next": self.next_link})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": ["string", "null"], "format": "uri", "description": "The next page."},
            },
        }


def _after(model: type[Model], ordering: Sequence[str], cursor: list[Any]) -> Q:
    """Return the rows after a key: greater in the first column, or equal there and greater in the rest."""
    if len(cursor) != len(ordering):
        _refuse()
    condition, equal = Q(), Q()
    for name, value in zip(ordering, cursor, strict=True):
        column = name.lstrip("-")
        typed = _typed(model, column, value)
        comparison = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{comparison}": typed})
        equal &= Q(**{column: typed})
    return condition


def _typed(model: type[Model], column: str, value: Any) -> Any:
    field = model._meta.get_field(column)  # noqa: SLF001
    assert isinstance(field, Field)
    try:
        return field.to_python(value)
    except (ValidationError, ValueError, OverflowError):
        _refuse()


def _refuse() -> NoReturn:
    raise CursorInvalid("This cursor was not given out for this list.", field="cursor")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (UUID, date)) else value
