"""Links to the documents of a record, in each form they are given out in.

Owns: the periods a statement is offered for, and the row of links of a document.
Refuses to know: what stands on a document; the links lead to the addresses of the API, which asks for the same
session and roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode

from config.admin.links import anchor
from config.api.documents import FORMATS
from ledger.kernel.periods import months_after

COLUMNS: Final = ("document", "from", "to", *FORMATS)


def document_row(title: str, address: str, *, key: Any, **asked: object) -> list[Any]:
    """Return a document's name and its links; ``address`` names a pattern of the API."""
    path = reverse(address, args=[key])
    given = {name: str(value) for name, value in asked.items()}
    shown = (anchor(f"{path}?{urlencode({**given, 'format': form})}", form.upper()) for form in FORMATS)
    return [title, asked.get("from", ""), asked.get("to", ""), *shown]


def statement_rows(address: str, *, key: Any, on: date) -> list[list[Any]]:
    """Return the statements of the periods that are asked for most."""
    return [
        document_row(title, address, key=key, **{"from": first, "to": last})
        for title, first, last in _periods(on)
    ]


def _periods(on: date) -> Iterator[tuple[str, date, date]]:
    month = on.replace(day=1)
    yield "statement, this month so far", month, on
    yield "statement, last month", months_after(month, months=-1), month - timedelta(days=1)
    yield "statement, twelve months", months_after(month, months=-11), on
