"""From a paper to pages: where every text and every line goes.

Owns: the measures of a page, the height of blocks, page breaks, and heads that are repeated on every page.
Refuses to know: the file format. Places are points from the lower left corner, as PDF counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from config.documents.paper import Column, Facts, Grid, Note, Paper
from config.documents.typesetting import BOLD, REGULAR, broken, fitted, width_of, writable

A4: Final = (595, 842)
MARGIN: Final = 42
FOOT: Final = 34
ROW: Final = 12
BODY: Final = 7
NAME_WIDTH: Final = 150
GAP: Final = 4


@dataclass(frozen=True)
class Text:
    """A text whose first letter stands at (x, y); thousandths of a point across, points upwards."""

    x: int
    y: int
    text: str
    font: str = REGULAR
    size: int = BODY


@dataclass(frozen=True)
class Rule:
    """A horizontal line, thin or thick."""

    x: int
    y: int
    until: int
    is_thick: bool = False


@dataclass
class Page:
    """What is drawn on one page."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


class Layout:
    """Fills pages from the top; begins another when a line does not fit any more."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.width, self.height = A4[::-1] if paper.is_wide else A4
        self.pages: list[Page] = []
        self._begin_page()

    @property
    def right(self) -> int:
        """Return where the text ends, in points."""
        return self.width - MARGIN

    def run(self) -> list[Page]:
        """Lay out the whole paper."""
        self._head()
        for block in self.paper.blocks:
            if isinstance(block, Facts):
                self._facts(block)
            elif isinstance(block, Grid):
                self._grid(block)
            else:
                self._note(block)
        self._number_pages()
        return self.pages

    def _begin_page(self) -> None:
        self.pages.append(Page())
        self.y = self.height - MARGIN

    def _fits(self, height: int) -> bool:
        return self.y - height >= MARGIN + FOOT // 2

    def _write(self, x: int, text: str, *, font: str = REGULAR, size: int = BODY) -> None:
        self.pages[-1].texts.append(Text(x * 1000, self.y, writable(text, font=font), font, size))

    def _rule(self, *, is_thick: bool = False, above: int = 0) -> None:
        self.pages[-1].rules.append(Rule(MARGIN, self.y + above, self.right, is_thick))

    def _head(self) -> None:
        self.y -= 14
        self._write(MARGIN, self.paper.title, font=BOLD, size=16)
        self.y -= 15
        for line in self._lines(self.paper.subtitle, size=9):
            self._write(MARGIN, line, size=9)
            self.y -= 12
        self._rule(is_thick=True, above=4)
        self.y -= 12

    def _title(self, title: str, *, rows: int) -> None:
        """Write the title of a block, on another page where not even its first rows fit below."""
        if not self._fits((3 + min(rows, 3)) * ROW):
            self._begin_page()
        if title:
            self.y -= 12
            self._write(MARGIN, title, font=BOLD, size=9)
            self.y -= ROW + 2

    def _facts(self, facts: Facts) -> None:
        self._title(facts.title, rows=len(facts.items))
        for number, (name, value) in enumerate(facts.items):
            size = 10 if number < facts.leading else 8
            font = BOLD if number < facts.leading else REGULAR
            if not self._fits(ROW):
                self._begin_page()
            self._write(MARGIN, name, size=8)
            width = (self.right - MARGIN - NAME_WIDTH) * 1000
            for line in broken(value, font=font, size=size, width=width):
                self._write(MARGIN + NAME_WIDTH, line, font=font, size=size)
                self.y -= ROW + (3 if number < facts.leading else 0)
        self.y -= 4

    def _note(self, note: Note) -> None:
        lines = list(self._lines(note.text))
        if not self._fits(len(lines) * 10):
            self._begin_page()
        self.y -= 4
        for line in lines:
            self._write(MARGIN, line)
            self.y -= 10

    def _lines(self, text: str, *, size: int = BODY) -> Iterator[str]:
        return broken(text, font=REGULAR, size=size, width=(self.right - MARGIN) * 1000)

    def _grid(self, grid: Grid) -> None:
        self._title(grid.title, rows=len(grid.rows))
        places = _places(grid.columns, left=MARGIN, right=self.right)
        self._grid_head(grid, places)
        for number, row in enumerate(grid.rows):
            if not self._fits(ROW):
                self._begin_page()
                self.y -= ROW
                self._grid_head(grid, places)
            self._grid_row(grid.columns, row, places, font=BOLD if number in grid.strong else REGULAR)
        self._rule(above=8)
        self.y -= 4

    def _grid_head(self, grid: Grid, places: Sequence[tuple[int, int]]) -> None:
        self._rule(is_thick=True, above=10)
        self._grid_row(grid.columns, [column.title for column in grid.columns], places, font=BOLD)
        self._rule(above=8)
        self.y -= 2

    def _grid_row(
        self, columns: Sequence[Column], row: Sequence[str], places: Sequence[tuple[int, int]], *, font: str
    ) -> None:
        texts = self.pages[-1].texts
        for column, value, (left, right) in zip(columns, row, places, strict=True):
            if not value:
                continue
            shown = fitted(writable(value, font=font), font=font, size=BODY, width=right - left)
            at = right - width_of(shown, font=font, size=BODY) if column.is_figure else left
            texts.append(Text(at, self.y, shown, font))
        self.y -= ROW

    def _number_pages(self) -> None:
        for number, page in enumerate(self.pages, start=1):
            text = f"{self.paper.title} \N{MIDDLE DOT} page {number} of {len(self.pages)}"
            at = self.right * 1000 - width_of(text, font=REGULAR, size=BODY)
            page.texts.append(Text(at, FOOT, text))


def _places(columns: Sequence[Column], *, left: int, right: int) -> list[tuple[int, int]]:
    """Return where each column begins and ends, in thousandths of a point."""
    whole, total = (right - left) * 1000, sum(column.share for column in columns)
    places, done, follows_figure = [], 0, False
    for column in columns:
        start = left * 1000 + whole * done // total
        done += column.share
        # Figures end where their column does, so words after them begin a little later.
        indent = 2 * GAP * 1000 if follows_figure and not column.is_figure else 0
        places.append((start + indent, left * 1000 + whole * done // total - GAP * 1000))
        follows_figure = column.is_figure
    # The last column ends where the rule does.
    return [*places[:-1], (places[-1][0], right * 1000)]
