"""The files of a loan book: their names, their columns and the ways they are refused as a whole.

Owns: the layout that ``docs/loan-book-files.md`` describes, and reading a file into numbered lines without
losing one. Refuses to know: what a line means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind
from lending.book_import.cells import Cells, LineNotTaken
from lending.book_import.fact_lines import PLAN_COLUMNS
from lending.orders.file_source import open_order_text
from lending.orders.records import Record, RecordReader


class LoanBookFileMissing(Refusal):
    """A loan book has all six files; one without lines holds its header alone."""

    code = "LENDING_LOAN_BOOK_FILE_MISSING"
    kind = RefusalKind.INVALID


class LoanBookColumnsUnknown(Refusal):
    """A header lacks a column that is needed, repeats one, or names one that would not be read."""

    code = "LENDING_LOAN_BOOK_COLUMNS_UNKNOWN"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One file of the book and its columns."""

    file: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


ENTITIES: Final = Layout(file="entities.csv", needed=("entity_reference", "country", "currency"))
ACCOUNTS: Final = Layout(
    file="accounts.csv",
    needed=(
        "entity_reference",
        "platform",
        "external_id",
        "role",
        "currency",
        "opened_on",
        "consent_granted_on",
    ),
)
LINES: Final = Layout(file="lines.csv", needed=("entity_reference", "limit"))
LOANS: Final = Layout(
    file="loans.csv",
    needed=(
        "loan",
        "entity_reference",
        "platform",
        "external_id",
        "product_code",
        "term",
        "principal",
        "disbursed_on",
    ),
    optional=("batches",),
)
FACTS: Final = Layout(
    file="facts.csv",
    needed=("loan", "fact", "kind", "value_date", "amount"),
    optional=(
        "price",
        "buyer",
        "of",
        "due_on",
        "until",
        "rate",
        "share",
        "payment",
        "instruction",
        "is_late_fee",
        "change",
        "takes_overdue",
        "interest",
        "reason",
        *PLAN_COLUMNS,
    ),
)
BALANCES: Final = Layout(
    file="balances.csv", needed=("loan", "as_of", "outstanding_principal", "days_past_due", "overdue_amount")
)
FILES: Final = (ENTITIES, ACCOUNTS, LINES, LOANS, FACTS, BALANCES)
_PROBLEMS: Final = {
    "line_too_long": "the line is too long",
    "quotes_unbalanced": "a quotation mark is opened and not closed as it should be",
}


def require_files(directory: Path) -> None:
    """Refuse LoanBookFileMissing, naming every file that is not there."""
    missing = [layout.file for layout in FILES if not (directory / layout.file).is_file()]
    if missing:
        raise LoanBookFileMissing(f"There is no {', no '.join(missing)}.", field="directory", files=missing)


def lines_of(directory: Path, layout: Layout) -> Iterator[Cells | tuple[int, LineNotTaken]]:
    """Give every line of a file but the header and blank ones, or why it cannot be cut into cells.

    Refuses LoanBookColumnsUnknown, OrderFileEncoding, OrderFileNotCsv, OrderFileTooLarge.
    """
    with open_order_text(directory / layout.file) as (text, _):
        reader = RecordReader(text)
        records = iter(reader)
        names = _header(next(records, None), layout)
        reader.width = len(names)
        for record in records:
            refused = _misfit(record, width=len(names))
            if refused is not None:
                yield record.line_number, refused
            else:
                cells = (cell.strip(" ") for cell in record.cells)
                yield Cells(record.line_number, dict(zip(names, cells, strict=True)))


def _header(record: Record | None, layout: Layout) -> list[str]:
    names = [cell.strip().lower() for cell in record.cells] if record else []
    missing = [name for name in layout.needed if name not in names]
    odd = [name for name in names if name not in layout.needed + layout.optional or names.count(name) > 1]
    if missing or odd:
        raise LoanBookColumnsUnknown(
            f"{layout.file}: the header lacks {missing or 'nothing'}; unknown or repeated: {odd or 'nothing'}.",
            field=layout.file,
            missing=missing,
            odd=odd,
        )
    return names


def _misfit(record: Record, *, width: int) -> LineNotTaken | None:
    if record.problem:
        return LineNotTaken(record.problem, _PROBLEMS[record.problem])
    if len(record.cells) != width:
        code = "cells_missing" if len(record.cells) < width else "cells_extra"
        return LineNotTaken(code, f"the line has {len(record.cells)} cells, the header {width}")
    return None
