"""A statement as values of JSON and as rows of comma-separated text.

Owns: the names of fields and columns. Refuses to know: HTTP. Amounts are decimal text with the decimals of
their currency; the last day of the period is part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from ledger.kernel.money import Money
from ledger.statements.sheets import LOAN, OWED_PARTS, Amounts, Line, Sheet, Statement, Total
from ledger.statements.words import words_of

COLUMNS: Final = (
    "sheet", "id", "currency", "row", "posting_date", "value_date", "first_day", "what", "amount",
    *OWED_PARTS, "balance", "reference", "topic", "command", "loan_id", "known_at",
)  # fmt: skip


def moment_text(moment: datetime) -> str:
    """Return a moment in UTC to the microsecond, as the parameter takes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def statement_values(statement: Statement, *, with_commands: bool) -> dict[str, Any]:
    """Return the statement as JSON values; the names of commands are for those who may read the history."""
    return {
        "subject": statement.subject,
        "subject_id": str(statement.subject_id),
        "entity_id": str(statement.entity_id),
        "from": statement.period.start.isoformat(),
        "to": last_day(statement).isoformat(),
        "known_at": moment_text(statement.known_at),
        "totals": [_total(total) for total in statement.totals()],
        "sheets": [_sheet(sheet, with_commands=with_commands) for sheet in statement.sheets],
    }


def last_day(statement: Statement) -> Any:
    """Return the last day that belongs to the period."""
    return statement.period.end - timedelta(days=1)


def statement_rows(statement: Statement, *, with_commands: bool) -> Iterator[Sequence[object]]:
    """Yield a head, and for each sheet its opening balance, its movements and its closing balance."""
    yield COLUMNS
    known = moment_text(statement.known_at)
    for sheet in statement.sheets:
        yield _balance_row(sheet, "opening", statement.period.start, sheet.opening, known)
        for line, balance in sheet.with_balances():
            yield _line_row(sheet, line, balance, with_commands=with_commands)
        yield _balance_row(sheet, "closing", last_day(statement), sheet.closing, known)


def _total(total: Total) -> dict[str, str]:
    amounts = ("opening", "movements", "closing")
    texts = {name: _text(getattr(total, f"{name}_minor"), total.currency) for name in amounts}
    return {"kind": total.kind, "currency": total.currency, **texts}


def _sheet(sheet: Sheet, *, with_commands: bool) -> dict[str, Any]:
    return {
        "kind": sheet.kind,
        "id": str(sheet.id),
        "title": sheet.title,
        "currency": sheet.currency,
        "opening": _text(sum(sheet.opening), sheet.currency),
        "opening_parts": _parts(sheet, sheet.opening),
        "movements": [
            _movement(sheet, line, balance, with_commands=with_commands)
            for line, balance in sheet.with_balances()
        ],
        "closing": _text(sum(sheet.closing), sheet.currency),
        "closing_parts": _parts(sheet, sheet.closing),
    }


def _movement(sheet: Sheet, line: Line, balance: int, *, with_commands: bool) -> dict[str, Any]:
    return {
        "posting_date": line.posting_date.isoformat(),
        "value_date": line.value_date.isoformat(),
        "first_day": line.first_day.isoformat() if line.first_day else None,
        "what": words_of(line, sheet_kind=sheet.kind),
        "amount": _text(line.amount_minor, sheet.currency),
        "parts": _parts(sheet, line.parts),
        "balance": _text(balance, sheet.currency),
        "reference": line.reference,
        "topic": line.topic,
        "command": line.command if with_commands else "",
        "loan_id": str(line.loan_id) if line.loan_id else None,
    }


def _parts(sheet: Sheet, amounts: Amounts) -> dict[str, str]:
    """Return the parts that are not zero."""
    named = zip(sheet.part_names, amounts, strict=True)
    return {name: _text(minor, sheet.currency) for name, minor in named if minor}


def _balance_row(sheet: Sheet, name: str, on: Any, amounts: Amounts, known: str) -> Sequence[object]:
    return (
        *(sheet.kind, sheet.id, sheet.currency, name, on, "", "", f"{name} balance", ""),
        *_owed_cells(sheet, amounts),
        *(_text(sum(amounts), sheet.currency), "", "", "", "", known),
    )


def _line_row(sheet: Sheet, line: Line, balance: int, *, with_commands: bool) -> Sequence[object]:
    return (
        *(sheet.kind, sheet.id, sheet.currency, "movement", line.posting_date, line.value_date),
        *(
            line.first_day or "",
            words_of(line, sheet_kind=sheet.kind),
            _text(line.amount_minor, sheet.currency),
        ),
        *_owed_cells(sheet, line.parts),
        *(_text(balance, sheet.currency), line.reference, line.topic),
        *(line.command if with_commands else "", line.loan_id or "", ""),
    )


def _owed_cells(sheet: Sheet, amounts: Amounts) -> Sequence[str]:
    if sheet.kind != LOAN:
        return ("",) * len(OWED_PARTS)
    return [_text(minor, sheet.currency) for minor in amounts]


def _text(minor: int, currency: str) -> str:
    return Money(minor, currency).as_text()
