"""What stands on a document, before it is a file.

Owns: titles, named facts, grids of figures and notes, in the order in which they are read.
Refuses to know: fonts, pages and separators. A document says nothing that its data do not say, the time of
printing included: equal papers become equal files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Column:
    """A column of a grid: its title, its share of the width, and whether figures stand in it."""

    title: str
    share: int
    is_figure: bool = False


@dataclass(frozen=True)
class Facts:
    """Names and values, one under the other; the first ``leading`` ones are set larger."""

    items: Sequence[tuple[str, str]]
    title: str = ""
    leading: int = 0


@dataclass(frozen=True)
class Grid:
    """Rows under columns; rows whose numbers are in ``strong`` are set in bold, such as balances."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    title: str = ""
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Note:
    """Sentences in small letters."""

    text: str


@dataclass(frozen=True)
class Paper:
    """A document: ``stated_at`` is the moment of the books it speaks of, and the file's own date."""

    title: str
    subtitle: str
    stated_at: datetime
    blocks: Sequence[Facts | Grid | Note]
    is_wide: bool = False
