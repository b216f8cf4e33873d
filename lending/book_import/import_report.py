"""The account of an import: what became of every line of every file.

Owns: the outcome of each line, and how it is written down for people and as a table.
Refuses to know: why a line is taken or refused. A line without an outcome is a fault, never left out.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TextIO

from ledger.kernel.refusals import Refusal
from lending.book_import.cells import LineNotTaken


class LineOutcome(StrEnum):
    """What became of a line."""

    TAKEN = "taken"
    ALREADY_THERE = "already_there"
    REFUSED = "refused"


@dataclass(frozen=True)
class JudgedLine:
    """One line: where it stands, what became of it, and why if it was refused."""

    file: str
    number: int
    outcome: LineOutcome
    code: str = ""
    field: str = ""
    sentence: str = ""


@dataclass
class BookReport:
    """The lines of a loan book by file and number."""

    is_dry: bool
    tolerance_minor: int = 0
    _lines: dict[tuple[str, int], JudgedLine | None] = field(default_factory=dict)

    def expect(self, file: str, number: int) -> None:
        """Note that a line exists and has to get an outcome."""
        self._lines[file, number] = None

    def settle(self, file: str, number: int, outcome: LineOutcome, *, sentence: str = "") -> None:
        """Say that a line counts, or is in the books already."""
        self._lines[file, number] = JudgedLine(file, number, outcome, sentence=sentence)

    def refuse(self, file: str, number: int, why: LineNotTaken | Refusal) -> None:
        """Say that a line does not count, unless a reason of its own was given before."""
        if (known := self._lines.get((file, number))) and known.outcome is LineOutcome.REFUSED:
            return
        sentence = why.sentence if isinstance(why, LineNotTaken) else why.message
        self._lines[file, number] = JudgedLine(
            file, number, LineOutcome.REFUSED, why.code, why.field or "", sentence
        )

    @property
    def lines(self) -> tuple[JudgedLine, ...]:
        """Return every line in the order of files and numbers; raises LookupError when one has no outcome."""
        lost = [place for place, line in self._lines.items() if line is None]
        if lost:
            raise LookupError(f"lines without an outcome: {lost[:5]}")
        return tuple(line for line in self._lines.values() if line is not None)

    @property
    def refused(self) -> tuple[JudgedLine, ...]:
        """Return the lines that do not count."""
        return tuple(line for line in self.lines if line.outcome is LineOutcome.REFUSED)

    def counts(self) -> dict[str, Counter[LineOutcome]]:
        """Return how many lines of each file had which outcome."""
        found: dict[str, Counter[LineOutcome]] = {}
        for line in self.lines:
            found.setdefault(line.file, Counter())[line.outcome] += 1
        return found

    def as_text(self) -> str:
        """Return the report as a person reads it: sums, then every refused line with its reason."""
        head = "Loan book, dry run: nothing is stored" if self.is_dry else "Loan book"
        lines = [f"{head}; balances may differ by {self.tolerance_minor} minor units"]
        for file, counts in self.counts().items():
            parts = ", ".join(f"{outcome.replace('_', ' ')} {counts[outcome]}" for outcome in LineOutcome)
            lines.append(f"  {file}: lines {counts.total()}, {parts}")
        for line in self.lines:
            if line.sentence:
                place = f"  {line.file} line {line.number}" + (f", {line.field}" if line.field else "")
                lines.append(f"{place}: {line.sentence}" + (f" [{line.code}]" if line.code else ""))
        return "\n".join(lines)

    def write(self, stream: TextIO) -> None:
        """Write every line, the taken ones too, as CSV."""
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("file", "line", "outcome", "field", "code", "sentence"))
        table.writerows(_rows(self.lines))


def _rows(lines: Iterable[JudgedLine]) -> Iterable[tuple[str | int, ...]]:
    for line in lines:
        yield line.file, line.number, line.outcome.value, line.field, line.code, line.sentence
