"""Matching a bank's statement with the books: what agrees, and every difference once.

Owns: the matching (by reference, one to one, split and combined payments; then whole days of a channel)
and the names of what does not match. Nothing is guessed: where two lines would fit, neither is taken.
Refuses to know: files, accounts and how a difference is resolved.
Law: the statement less the books is the sum of all differences, and each line stands in one finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What became of a line."""

    MATCHED = "matched"
    WITHIN_TOLERANCE = "within_tolerance"
    SPLIT = "split"  # several statement lines are one movement of the books
    COMBINED = "combined"  # one statement line is several movements of the books
    AMOUNT_DIFFERS = "amount_differs"
    DATE_DIFFERS = "date_differs"
    TWICE_IN_BANK = "twice_in_bank"
    TWICE_IN_BOOKS = "twice_in_books"
    MISSING_IN_BANK = "missing_in_bank"
    MISSING_IN_BOOKS = "missing_in_books"


AGREED: Final = frozenset({Outcome.MATCHED, Outcome.WITHIN_TOLERANCE, Outcome.SPLIT, Outcome.COMBINED})


@dataclass(frozen=True)
class CashMovement:
    """Money that came (positive) or went (negative), in minor units; ``place`` names its line."""

    place: str
    on: date
    signed_minor: int
    currency: str
    reference: str
    channel: str = ""


@dataclass(frozen=True)
class Finding:
    """Lines of the statement and of the books that belong together, or stand alone."""

    outcome: Outcome
    bank: tuple[CashMovement, ...]
    books: tuple[CashMovement, ...]

    @property
    def difference_minor(self) -> int:
        """Return the statement less the books."""
        return _sum(self.bank) - _sum(self.books)

    @property
    def is_break(self) -> bool:
        """Say whether somebody has to look at it."""
        return self.outcome not in AGREED


@dataclass(frozen=True)
class Tolerance:
    """What may differ without being a break: minor units of an amount, and days."""

    minor: int = 0
    days: int = 0


def reconcile(
    *, bank: Iterable[CashMovement], books: Iterable[CashMovement], tolerance: Tolerance
) -> tuple[Finding, ...]:
    """Return every line of both sides in exactly one finding, whatever order they come in."""
    sides: dict[tuple[str, str], tuple[list[CashMovement], list[CashMovement]]] = defaultdict(
        lambda: ([], [])
    )
    for number, lines in enumerate((bank, books)):
        for line in lines:
            sides[line.currency, line.reference][number].append(line)
    findings: list[Finding] = []
    alone: tuple[list[CashMovement], list[CashMovement]] = ([], [])
    for key in sorted(sides):
        theirs, ours = (sorted(side, key=lambda line: (line.on, line.place)) for side in sides[key])
        if theirs and ours and key[1]:
            findings.extend(_same_reference(theirs, ours, tolerance))
        else:
            alone[0].extend(theirs)
            alone[1].extend(ours)
    return (*findings, *_whole_days(*alone, tolerance))


def _same_reference(
    bank: list[CashMovement], books: list[CashMovement], tolerance: Tolerance
) -> Iterable[Finding]:
    bank, books = list(bank), list(books)
    paired = list(_equal_pairs(bank, books))
    yield from (_dated(Outcome.MATCHED, (theirs,), (ours,), tolerance) for theirs, ours in paired)
    if bank and books:
        yield _dated(_amounts(bank, books, tolerance), tuple(bank), tuple(books), tolerance)
        return
    yield from (Finding(Outcome.TWICE_IN_BANK, (line,), ()) for line in bank)
    yield from (Finding(Outcome.TWICE_IN_BOOKS, (), (line,)) for line in books)


def _equal_pairs(
    bank: list[CashMovement], books: list[CashMovement]
) -> Iterable[tuple[CashMovement, CashMovement]]:
    """Take pairs of equal amounts out of both lists, nearest dates first."""
    pairs = [
        (abs((theirs.on - ours.on).days), theirs.place, ours.place, theirs, ours)
        for theirs in bank
        for ours in books
        if theirs.signed_minor == ours.signed_minor
    ]
    for *_, theirs, ours in sorted(pairs, key=lambda pair: pair[:3]):
        if theirs in bank and ours in books:
            bank.remove(theirs)
            books.remove(ours)
            yield theirs, ours


def _amounts(bank: Sequence[CashMovement], books: Sequence[CashMovement], tolerance: Tolerance) -> Outcome:
    difference = abs(_sum(bank) - _sum(books))
    if difference == 0:
        return Outcome.SPLIT if len(books) == 1 else Outcome.COMBINED
    is_pair = len(bank) == len(books) == 1
    return Outcome.WITHIN_TOLERANCE if is_pair and difference <= tolerance.minor else Outcome.AMOUNT_DIFFERS


def _dated(
    outcome: Outcome, bank: tuple[CashMovement, ...], books: tuple[CashMovement, ...], tolerance: Tolerance
) -> Finding:
    """Return the finding, or that its dates lie too far apart although the amounts agree."""
    apart = max(abs((theirs.on - ours.on).days) for theirs in bank for ours in books)
    is_late = outcome in AGREED and apart > tolerance.days
    return Finding(Outcome.DATE_DIFFERS if is_late else outcome, bank, books)


def _whole_days(
    bank: Sequence[CashMovement], books: Sequence[CashMovement], tolerance: Tolerance
) -> Iterable[Finding]:
    """Match one statement line with all movements of a channel and day, if no other line would fit."""
    days: dict[tuple[str, str, date], list[CashMovement]] = defaultdict(list)
    for line in books:
        days[line.currency, line.channel, line.on].append(line)
    used: set[CashMovement] = set()
    for theirs in bank:
        fitting = [day for day in days.values() if _fits(theirs, day, tolerance)]
        if len(fitting) == 1 and sum(_fits(other, fitting[0], tolerance) for other in bank) == 1:
            used.update((theirs, *fitting[0]))
            yield Finding(Outcome.COMBINED, (theirs,), tuple(fitting[0]))
    yield from (Finding(Outcome.MISSING_IN_BOOKS, (line,), ()) for line in bank if line not in used)
    yield from (Finding(Outcome.MISSING_IN_BANK, (), (line,)) for line in books if line not in used)


def _fits(theirs: CashMovement, day: Sequence[CashMovement], tolerance: Tolerance) -> bool:
    near = abs((theirs.on - day[0].on).days) <= tolerance.days
    return near and theirs.currency == day[0].currency and theirs.signed_minor == _sum(day)


def _sum(lines: Iterable[CashMovement]) -> int:
    return sum(line.signed_minor for line in lines)
