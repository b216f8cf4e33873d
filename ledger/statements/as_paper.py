"""A statement as a paper: totals first, then a grid for each account and loan.

Owns: titles, columns and notes. Refuses to know: files. Amounts are grouped; the currency stands above them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from config.admin.formatting import amount_text, short_id, words
from config.documents.paper import Column, Facts, Grid, Note, Paper
from config.documents.parties import lender
from ledger.statements.as_values import last_day, moment_text
from ledger.statements.sheets import LOAN, Amounts, Line, Sheet, Statement
from ledger.statements.words import words_of

DATES: Final = (Column("Posted", 9), Column("Value date", 9))
PART_TITLES: Final = {"fee": "Fees", "charged_off": "Charged off"}
OWED_NOTE: Final = (
    "A loan's balance is what is owed, due or not. Interest and penalty grow by the day; they are shown in sums from"
    " one movement to the next and never across the end of a month. Penalty includes compound interest."
)
HELD_NOTE: Final = "The balance of a settlement account is money that is held for the borrower."


def statement_paper(statement: Statement, *, borrower: str) -> Paper:
    """Return the paper; ``borrower`` is the reference by which the entity is known."""
    subject = words(statement.subject)
    named = borrower if statement.subject_id == statement.entity_id else str(statement.subject_id)
    kinds = {sheet.kind for sheet in statement.sheets}
    return Paper(
        title="Statement",
        subtitle=f"{subject} {named}",
        stated_at=statement.known_at,
        blocks=[
            Facts(
                [
                    ("Lender", lender()),
                    ("Borrower", borrower),
                    ("Period", f"{statement.period.start} to {last_day(statement)}, both days included"),
                    ("As known at", moment_text(statement.known_at)),
                ]
            ),
            *_totals(statement),
            *(_grid(sheet) for sheet in statement.sheets),
            Note("Nothing was held, owed or moved in this period." if not statement.sheets else ""),
            *(
                Note(text)
                for kind, text in ((LOAN, OWED_NOTE), ("settlement_account", HELD_NOTE))
                if kind in kinds
            ),
        ],
        is_wide=True,
    )


def _totals(statement: Statement) -> Iterator[Grid]:
    totals = statement.totals()
    if len(statement.sheets) < 2:
        return
    rows = [
        [
            "Owed on loans" if total.kind == LOAN else "Held on settlement accounts",
            *(
                amount_text(minor, total.currency)
                for minor in (total.opening_minor, total.movements_minor, total.closing_minor)
            ),
        ]
        for total in totals
    ]
    figures = [Column(title, 20, is_figure=True) for title in ("Opening", "Movements", "Closing")]
    yield Grid([Column("Total", 40), *figures], rows, title="Totals")


def _grid(sheet: Sheet) -> Grid:
    columns = _loan_columns(sheet) if sheet.kind == LOAN else _account_columns()
    rows = [
        _balance_row(sheet, "Opening balance", sheet.opening),
        *(_row(sheet, line, balance) for line, balance in sheet.with_balances()),
        _balance_row(sheet, "Closing balance", sheet.closing),
    ]
    name = f"Loan {sheet.id}, {sheet.title}" if sheet.kind == LOAN else f"Settlement account {sheet.id}"
    strong = frozenset({0, len(rows) - 1})
    return Grid(columns, rows, title=f"{name}, {sheet.currency}", strong=strong)


def _account_columns() -> list[Column]:
    figures = [Column(title, 12, is_figure=True) for title in ("In", "Out", "Balance")]
    return [*DATES, Column("What", 34), *figures, Column("Loan", 9), Column("Reference", 12)]


def _loan_columns(sheet: Sheet) -> list[Column]:
    parts = [
        Column(PART_TITLES.get(name, name.capitalize()), 11, is_figure=True) for name in sheet.parts_shown
    ]
    figures = [Column(title, 11, is_figure=True) for title in ("Change", "Owed")]
    return [*DATES, Column("What", 30), *parts, *figures, Column("Reference", 15)]


def _row(sheet: Sheet, line: Line, balance: int) -> list[str]:
    head = [str(line.posting_date), str(line.value_date), words_of(line, sheet_kind=sheet.kind)]
    change, reached = _figure(sheet, line.amount_minor), _figure(sheet, balance)
    if sheet.kind == LOAN:
        return [*head, *_parts(sheet, line.parts), change, reached, line.reference]
    came = line.amount_minor >= 0
    loan = short_id(line.loan_id) if line.loan_id else ""
    return [*head, change if came else "", "" if came else change.lstrip("-"), reached, loan, line.reference]


def _balance_row(sheet: Sheet, name: str, amounts: Amounts) -> list[str]:
    total = _figure(sheet, sum(amounts))
    if sheet.kind == LOAN:
        return ["", "", name, *_parts(sheet, amounts, zeros=True), "", total, ""]
    return ["", "", name, "", "", total, "", ""]


def _parts(sheet: Sheet, amounts: Amounts, *, zeros: bool = False) -> list[str]:
    held = dict(zip(sheet.part_names, amounts, strict=True))
    return [_figure(sheet, held[name]) if held[name] or zeros else "" for name in sheet.parts_shown]


def _figure(sheet: Sheet, minor: int) -> str:
    return amount_text(minor, sheet.currency).removesuffix(f" {sheet.currency}")
