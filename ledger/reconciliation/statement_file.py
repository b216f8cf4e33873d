"""Reading a bank's statement: comma-separated, one line per movement.

Owns: the columns (value_date, amount, currency, reference; others are ignored) and the refusal of a file
that has one bad line, with its number: half a statement would look like missing money.
Refuses to know: the books. Amounts are signed decimal text: money that came is positive.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, TextIO

from ledger.domain.reconciliation import CashMovement
from ledger.kernel.money import Money
from ledger.kernel.refusals import Refusal, RefusalKind

COLUMNS: Final = ("value_date", "amount", "currency", "reference")


class StatementUnreadable(Refusal):
    """A bank statement lacks a column, or one of its lines says something impossible."""

    code = "LEDGER_STATEMENT_UNREADABLE"
    kind = RefusalKind.INVALID


def read_statement(file: TextIO) -> Iterator[CashMovement]:
    """Yield the lines of a statement. Refuses StatementUnreadable."""
    reader = csv.DictReader(file, strict=True)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise StatementUnreadable(
            f"The head of the statement does not name {', '.join(missing)}.", field="file", columns=missing
        )
    try:
        for row in reader:
            yield _movement(row, line=reader.line_num)
    except csv.Error as error:
        raise _unreadable("the text is not comma-separated", field="file", line=reader.line_num) from error


def _movement(row: Mapping[str, str | None], *, line: int) -> CashMovement:
    try:
        amount = Money.parse(row["amount"], currency=row["currency"] or "")
        on = date.fromisoformat(row["value_date"] or "")
    except Refusal as refusal:
        raise _unreadable(refusal.message, field=refusal.field or "file", line=line) from refusal
    except ValueError as error:
        raise _unreadable("a date is written YYYY-MM-DD", field="value_date", line=line) from error
    if amount.minor_units == 0:
        raise _unreadable("a movement moves money", field="amount", line=line)
    reference = (row["reference"] or "").strip()
    return CashMovement(f"line {line}", on, amount.minor_units, amount.currency, reference)


def _unreadable(why: str, *, field: str, line: int) -> StatementUnreadable:
    return StatementUnreadable(f"line {line}, {field}: {why}", field=field, line=line)
