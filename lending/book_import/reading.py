"""From the files of a loan book to what they tell.

Owns: reading each line by the layout of its file, finding what it belongs to, and refusing lines that cannot
be read, repeat another one or belong to nothing.
Refuses to know: what is in the books already, and whether what is told can be true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ledger.domain.loan_controls import ControlBalance
from ledger.kernel.currencies import SCALES
from lending.book_import import layout
from lending.book_import.cells import Cells, LineNotTaken
from lending.book_import.fact_lines import fact_of, plan_of
from lending.book_import.import_report import BookReport
from lending.book_import.layout import Layout, lines_of, require_files
from lending.book_import.told import ToldAccount, ToldEntity, ToldLine, ToldLoan
from lending.domain.entity import ROLES


@dataclass
class ToldBook:
    """Everything the files tell, by entity; loans also by their name."""

    report: BookReport
    entities: dict[str, ToldEntity] = field(default_factory=dict)
    loans: dict[str, tuple[ToldEntity, ToldLoan]] = field(default_factory=dict)
    # Names of loans whose own line cannot be read, so that what belongs to them can say so.
    unread: set[str] = field(default_factory=set)


def read_book(directory: Path, report: BookReport) -> ToldBook:
    """Read all files. Refuses LoanBookFileMissing and what ``lines_of`` refuses, before any line is judged."""
    require_files(directory)
    numbered = [(one, list(lines_of(directory, one))) for one in layout.FILES]
    book = ToldBook(report)
    for one, lines in numbered:
        for line in lines:
            _judge(book, one, line)
    return book


def _judge(book: ToldBook, one: Layout, line: Cells | tuple[int, LineNotTaken]) -> None:
    number = line.number if isinstance(line, Cells) else line[0]
    book.report.expect(one.file, number)
    try:
        if not isinstance(line, Cells):
            raise line[1]
        _READERS[one.file](book, line)
    except LineNotTaken as refused:
        book.report.refuse(one.file, number, refused)
        if isinstance(line, Cells) and line.has("loan"):
            _break(book, line.values["loan"], f"{one.file} line {number} is refused")


def _break(book: ToldBook, loan: str, sentence: str) -> None:
    """A loan is taken whole or not at all: a line of it that is refused refuses it."""
    if loan in book.loans:
        book.loans[loan][1].broken.append(sentence)
    else:
        book.unread.add(loan)


def _entity(book: ToldBook, cells: Cells) -> None:
    reference, country = cells.text("entity_reference"), cells.text("country")
    if len(country) != 2:
        raise LineNotTaken("value_unreadable", "country is not a code of two letters", field="country")
    _require_first("entity_reference", is_repeated=reference in book.entities)
    book.entities[reference] = ToldEntity(
        number=cells.number,
        reference=reference,
        country=country,
        currency=cells.word("currency", SCALES),
    )


def _account(book: ToldBook, cells: Cells) -> None:
    entity = _entity_of(book, cells)
    name = cells.text("platform"), cells.text("external_id")
    _require_first("external_id", is_repeated=name in entity.accounts)
    if cells.text("currency") != entity.currency:
        raise LineNotTaken("currency_differs", f"the entity has {entity.currency}", field="currency")
    entity.accounts[name] = ToldAccount(
        number=cells.number,
        platform=name[0],
        external_id=name[1],
        role=cells.word("role", ROLES),
        opened_on=cells.day("opened_on"),
        consent_granted_on=cells.day("consent_granted_on"),
    )


def _line(book: ToldBook, cells: Cells) -> None:
    entity = _entity_of(book, cells)
    _require_first("entity_reference", is_repeated=entity.line is not None)
    entity.line = ToldLine(number=cells.number, limit_minor=cells.amount("limit", currency=entity.currency))


def _loan(book: ToldBook, cells: Cells) -> None:
    name, entity = cells.text("loan"), _entity_of(book, cells)
    _require_first("loan", is_repeated=name in book.loans)
    loan = ToldLoan(
        number=cells.number,
        external_id=name,
        platform=cells.text("platform"),
        account=cells.text("external_id"),
        product_code=cells.text("product_code"),
        term=cells.count("term"),
        principal_minor=cells.amount("principal", currency=entity.currency),
        disbursed_on=cells.day("disbursed_on"),
        batches=cells.batches("batches", currency=entity.currency),
    )
    if name in book.unread:
        loan.broken.append("another line names the same loan")
    entity.loans.append(loan)
    book.loans[name] = entity, loan


def _fact(book: ToldBook, cells: Cells) -> None:
    entity, loan = _loan_of(book, cells)
    fact = fact_of(cells, currency=entity.currency)
    plan = plan_of(cells, fact)
    loan.facts.append((cells.number, fact))
    if plan is not None:
        loan.plans.append(plan)


def _balance(book: ToldBook, cells: Cells) -> None:
    entity, loan = _loan_of(book, cells)
    told = ControlBalance(
        as_of=cells.day("as_of"),
        outstanding_minor=cells.amount("outstanding_principal", currency=entity.currency),
        days_past_due=cells.count("days_past_due"),
        overdue_minor=cells.amount("overdue_amount", currency=entity.currency),
    )
    loan.controls.append((cells.number, told))


def _entity_of(book: ToldBook, cells: Cells) -> ToldEntity:
    found = book.entities.get(cells.text("entity_reference"))
    if found is None:
        raise LineNotTaken("entity_unknown", "entities.csv has no such entity", field="entity_reference")
    return found


def _loan_of(book: ToldBook, cells: Cells) -> tuple[ToldEntity, ToldLoan]:
    found = book.loans.get(cells.text("loan"))
    if found is None:
        raise LineNotTaken("loan_unknown", "loans.csv has no such loan that can be read", field="loan")
    return found


def _require_first(name: str, *, is_repeated: bool) -> None:
    if is_repeated:
        raise LineNotTaken("repeated", f"{name} stands on an earlier line", field=name)


_READERS: Final[dict[str, Callable[[ToldBook, Cells], None]]] = {
    layout.ENTITIES.file: _entity,
    layout.ACCOUNTS.file: _account,
    layout.LINES.file: _line,
    layout.LOANS.file: _loan,
    layout.FACTS.file: _fact,
    layout.BALANCES.file: _balance,
}
