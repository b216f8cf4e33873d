"""A bank's statement made up from the books, with the faults real statements have.

Owns: which faults there are, and how each one changes a statement; the same seed makes the same file.
Refuses to know: how faults are found again. Each fault takes lines that no other fault has touched.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, TextIO

from ledger.domain.reconciliation import CashMovement
from ledger.kernel.money import Money
from ledger.reconciliation.statement_file import COLUMNS

Lines = list[CashMovement]


def _missing(_line: CashMovement) -> Lines:
    return []


def _twice(line: CashMovement) -> Lines:
    return [line, line]


def _one_off(line: CashMovement) -> Lines:
    return [replace(line, signed_minor=line.signed_minor + 1)]


def _wrong_day(line: CashMovement) -> Lines:
    return [replace(line, on=line.on + timedelta(days=5))]


def _split(line: CashMovement) -> Lines:
    part = line.signed_minor // 3
    return [replace(line, signed_minor=part), replace(line, signed_minor=line.signed_minor - part)]


def _unknown(line: CashMovement) -> Lines:
    return [line, replace(line, reference=f"UNKNOWN-{line.reference}", signed_minor=line.signed_minor + 7)]


FAULTS: Final[Mapping[str, Callable[[CashMovement], Lines]]] = {
    "missing": _missing,
    "twice": _twice,
    "one_off": _one_off,
    "wrong_day": _wrong_day,
    "split": _split,
    "unknown": _unknown,
}


def made_up_statement(books: Sequence[CashMovement], *, faults: Sequence[str], seed: int) -> Lines:
    """Return the books' movements as a bank would list them, with the faults asked for.

    A movement is hit by one fault at most; there are fewer faults than asked for in small books.
    """
    chance = random.Random(seed)  # noqa: S311 - a reproducible file, not a secret
    # Movements of less than three units cannot be split into two parts that differ from the whole.
    candidates = [number for number, line in enumerate(books) if abs(line.signed_minor) >= 3]
    chosen = chance.sample(candidates, k=min(len(faults), len(candidates)))
    hit = dict(zip(chosen, faults, strict=False))
    lines = [
        changed
        for number, line in enumerate(books)
        for changed in (FAULTS[hit[number]](line) if number in hit else [line])
    ]
    chance.shuffle(lines)
    return lines


def write_statement(lines: Sequence[CashMovement], *, to: TextIO) -> None:
    """Write lines as ``read_statement`` reads them."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        amount = Money(line.signed_minor, line.currency).as_text()
        writer.writerow((line.on.isoformat(), amount, line.currency, line.reference))
