"""Rows as comma-separated text, and a letter's values as such rows.

Owns: encoding, line ends, and how facts and rows follow one another in one file.
Refuses to know: what a document says. A text that a spreadsheet would take for a formula gets an apostrophe.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final

_NUMBER: Final = re.compile(r"-?[0-9.,]+")


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as UTF-8 with line feeds."""
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def value_rows(values: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    """Yield names and values, and below them each list of rows under its names."""
    for name, value in values.items():
        if not isinstance(value, list):
            yield name, value
    for rows in values.values():
        if isinstance(rows, list) and rows:
            yield ()
            yield list(rows[0])
            yield from (list(row.values()) for row in rows)


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text and not _NUMBER.fullmatch(text) else text
