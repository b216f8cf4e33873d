"""Cutting the text of an order file into records without losing a line.

Owns: quoting, line breaks inside quotes, and what happens when a quote is never closed: the line where
it opens is refused alone and reading goes on with the next line, so one bad mark cannot swallow a file.
Refuses to know: what the cells mean.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple, TextIO

LINE_CHARACTERS_MAX: Final = 10_000
# A quoted cell may run over this many lines; more is taken as a quote that was never closed.
QUOTED_LINES_MAX: Final = 20


class Record(NamedTuple):
    """The cells of one record, or the reason why there are none; ``line_number`` is its first line."""

    line_number: int
    cells: list[str]
    problem: str = ""


class _Line(NamedTuple):
    number: int
    text: str
    too_long: bool


class RecordReader:
    """Gives the records of a text; ``width`` is set once the header is known. Blank lines are counted."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._again: deque[_Line] = deque()
        self.width: int | None = None
        self.blank_count = 0

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next_line()) is not None:
            if line.too_long:
                yield Record(line.number, [], "line_too_long")
            elif line.text == "":
                self.blank_count += 1
            elif '"' in line.text:
                yield self._quoted(line)
            else:
                yield Record(line.number, line.text.split(","))

    def _next_line(self) -> _Line | None:
        if self._again:
            return self._again.popleft()
        text = self._text.readline(LINE_CHARACTERS_MAX)
        if not text:
            return None
        self._number += 1
        too_long = len(text) == LINE_CHARACTERS_MAX and not text.endswith("\n")
        if too_long:
            self._skip_rest_of_line()
        return _Line(self._number, text.removesuffix("\n"), too_long)

    def _skip_rest_of_line(self) -> None:
        while (rest := self._text.readline(LINE_CHARACTERS_MAX)) and not rest.endswith("\n"):
            pass

    def _quoted(self, first: _Line) -> Record:
        joined: list[str] = [first.text]
        more: list[_Line] = []
        while sum(text.count('"') for text in joined) % 2 and len(more) < QUOTED_LINES_MAX:
            line = self._next_line()
            if line is None:
                break
            more.append(line)
            if line.too_long:
                break
            joined.append(line.text)
        cells = _split("\n".join(joined))
        # Joined lines are believed only when they give exactly the cells of the header.
        if cells is None or (more and self.width not in (None, len(cells))):
            self._again.extendleft(reversed(more))
            return Record(first.number, [], "quotes_unbalanced")
        return Record(first.number, cells)


def _split(text: str) -> list[str] | None:
    if text.count('"') % 2:
        return None
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
