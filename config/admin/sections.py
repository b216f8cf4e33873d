"""Sections: the tables on a record's page that show what belongs to the record.

Owns: what a section consists of, which page it stands on, and who sees it. Any app may add a section to
the page of another app's record, which is named by its label.
Refuses to know: where the rows come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.text import slugify

from config.admin.links import may_view

ROWS_MAX = 200


@dataclass(frozen=True)
class Column:
    """A heading; figures stand to the right."""

    title: str
    is_figure: bool = False


@dataclass
class Table:
    """Rows under columns. ``more`` is the address of all rows when not all of them are here."""

    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    more: str = ""
    total: Sequence[Any] = ()

    def headings(self) -> list[Column]:
        """Return the columns; plain text stands for a column that is not a figure."""
        return [Column(column) if isinstance(column, str) else column for column in self.columns]

    def lines(self) -> list[list[tuple[Any, bool]]]:
        """Return each row's cells with whether they are figures."""
        return [self._line(row) for row in self.rows]

    def total_line(self) -> list[tuple[Any, bool]]:
        """Return the cells of the last line, if there is one."""
        return self._line(self.total)

    def _line(self, row: Sequence[Any]) -> list[tuple[Any, bool]]:
        return [(cell, column.is_figure) for cell, column in zip(row, self.headings(), strict=False)]


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


Content = Table | Facts | Timeline
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
    """Put a function's content on the page of a model; ``needs`` are labels the viewer must be able to see."""

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
