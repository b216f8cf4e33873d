"""Sections: the tables on a record's page that show what belongs to the record.

Owns: what a section consists of, which page it stands on, and who sees it. Any app may add a section to
the page of another app's record, which is named by its label.
Refuses to know: where the rows come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.text import slugify

from config.admin.formatting import day
from config.admin.links import may_view

ROWS_MAX = 200
# A short cell stays on one line; a sentence may break.
UNBROKEN_LENGTH_MAX = 36


@dataclass(frozen=True)
class Column:
    """A heading; figures stand to the right."""

    title: str
    is_figure: bool = False


@dataclass
class Table:
    """Rows under columns. ``more`` is the address of all rows when not all of them are here."""

    columns: Sequence[object]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    more: str = ""
    more_text: str = "Show all"
    total: Sequence[Any] = ()

    def headings(self) -> list[Column]:
        """Return the columns; plain text stands for a column that is not a figure."""
        return [column if isinstance(column, Column) else Column(str(column)) for column in self.columns]

    def lines(self) -> list[list[tuple[Any, str]]]:
        """Return each row's cells with how they are set."""
        return [self._line(row) for row in self.rows]

    def total_line(self) -> list[tuple[Any, str]]:
        """Return the cells of the last line, if there is one."""
        return self._line(self.total)

    def _line(self, row: Sequence[Any]) -> list[tuple[Any, str]]:
        return [_cell(value, column) for value, column in zip(row, self.headings(), strict=False)]


def _cell(value: Any, column: Column) -> tuple[Any, str]:
    if column.is_figure:
        return value, "figure text-right"
    if isinstance(value, date):
        return day(value), "figure"
    is_short = not isinstance(value, str) or len(value) <= UNBROKEN_LENGTH_MAX or hasattr(value, "__html__")
    return value, "figure" if is_short else ""


@dataclass
class Facts:
    """Names and values, one under the other."""

    items: Sequence[tuple[str, Any]]
    note: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One event as a person reads it."""

    happened_on: str
    recorded_at: str
    words: str
    facts: str
    actor: str
    command: str
    stream: Any
    event: Any
    payload: Any


@dataclass
class Timeline:
    """Events, newest first."""

    entries: Sequence[TimelineEntry]
    note: str = ""
    more: str = ""
    newer: str = ""


@dataclass(frozen=True)
class Question:
    """A field that is asked for: a ``kind`` of input, or a choice where there are ``options``."""

    name: str
    label: str
    value: str
    kind: str = "text"
    options: Sequence[tuple[str, str]] = ()


@dataclass
class Asked:
    """Questions that the viewer answers in the page's address, and what is shown for the answers."""

    questions: Sequence[Question]
    button: str
    parts: Sequence[tuple[str, Table | Facts]] = ()
    note: str = ""
    error: str = ""

    def shown(self) -> list[tuple[str, str, Table | Facts]]:
        """Return the parts with their titles and kinds."""
        return [(title, type(part).__name__.lower(), part) for title, part in self.parts]


Content = Table | Facts | Timeline | Asked
Build = Callable[[HttpRequest, Any], Content | None]


@dataclass(frozen=True)
class Section:
    """A section that is ready to be shown."""

    title: str
    content: Content
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.content).__name__.lower())

    @property
    def slug(self) -> str:
        """Return the section's name in an address."""
        return slugify(self.title)

    @property
    def count(self) -> int | None:
        """Return how many rows are shown, for tables."""
        return len(self.content.rows) if isinstance(self.content, Table) else None


@dataclass(frozen=True)
class _Registered:
    order: int
    title: str
    needs: tuple[str, ...]
    build: Build


_SECTIONS: dict[str, list[_Registered]] = {}


def section(page: str, title: str, *, order: int, needs: Sequence[str] = ()) -> Callable[[Build], Build]:
    """Put a function's content on the page of a model; the viewer must be able to see what it ``needs``."""

    def register(build: Build) -> Build:
        held = _SECTIONS.setdefault(page, [])
        held.append(_Registered(order, title, tuple(needs), build))
        held.sort(key=lambda one: one.order)
        return build

    return register


def sections_of(request: HttpRequest, page: str, record: Any) -> list[Section]:
    """Return the sections of a record that the viewer may see and that have something to say."""
    shown = []
    for one in _SECTIONS.get(page, ()):
        if not all(may_view(request, label) for label in one.needs):
            continue
        content = one.build(request, record)
        if content is not None:
            shown.append(Section(one.title, content))
    return shown
