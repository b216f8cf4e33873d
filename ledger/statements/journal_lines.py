"""The lines of the journal that a statement shows, and the balances they add up to.

Owns: two readings of the same lines: summed by the database for the balances, one by one for the movements;
a statement holds one against the other.
Refuses to know: accruals by the day, which the journal does not hold by loan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection

from ledger.domain.chart_of_accounts import BORROWER_SETTLEMENT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.statements.moments import Known
from ledger.statements.owed_parts import PLACE
from ledger.statements.sheets import OWED_PARTS, Amounts, Line, Period

LINES_MAX: Final = 40_000
_SIGNED: Final = "CASE l.side WHEN 'D' THEN l.amount_minor ELSE -l.amount_minor END"
_KNOWN: Final = (
    "(%(cut)s::timestamptz IS NULL OR EXISTS (SELECT 1 FROM es_event e"
    " WHERE e.shard = l.shard AND e.pos = l.pos AND e.recorded_at <= %(cut)s))"
)
_OF: Final = "l.{key} = ANY (%(ids)s) AND l.shard = %(shard)s AND l.account = ANY (%(accounts)s)"
_BALANCES: Final = (
    "SELECT l.{key}, l.account, coalesce(sum({signed}) FILTER (WHERE l.posting_date < %(start)s), 0)::bigint,"
    " sum({signed})::bigint FROM journal_line l"
    " WHERE {of} AND l.posting_date < %(end)s AND {known} GROUP BY 1, 2"
)
_LINES: Final = (
    "SELECT l.{key}, l.posting_date, l.pos, l.line_no, l.account, {signed}, l.loan_id FROM journal_line l"
    " WHERE {of} AND l.posting_date >= %(start)s AND l.posting_date < %(end)s AND {known}"
    " ORDER BY l.{key}, l.posting_date, l.pos, l.line_no LIMIT %(limit)s"
)
_ENTRIES: Final = (
    "SELECT e.pos, j.value_date, e.topic, coalesce(e.state->>'kind', e.state->'fact'->'details'->>'payment', ''),"
    " coalesce(e.meta->>'command', ''), e.recorded_at"
    " FROM es_event e JOIN journal_entry j ON j.posting_date = e.effective_date AND j.shard = e.shard AND j.pos = e.pos"
    " WHERE e.shard = %s AND e.pos = ANY (%s)"
)


class StatementTooLong(Refusal):
    """A statement has at most 40,000 journal lines; a shorter period has fewer."""

    code = "LEDGER_STATEMENT_TOO_LONG"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Entry:
    """What a journal entry came from, and the day on which it counts."""

    value_date: date
    topic: str
    kind: str
    command: str
    recorded_at: datetime


@dataclass(frozen=True)
class Subjects:
    """Whose lines are read: the column that names them, and which side is positive."""

    key: str
    accounts: tuple[str, ...]
    sign: int

    def sql(self, template: str) -> str:
        """Return a statement for this column; nothing in it comes from a caller."""
        of = _OF.format(key=self.key)
        return template.format(key=self.key, signed=_SIGNED, of=of, known=_KNOWN)


HELD: Final = Subjects("settlement_account_id", (BORROWER_SETTLEMENT,), -1)
OWED: Final = Subjects("loan_id", tuple(PLACE), 1)


def balances(
    subjects: Subjects, *, ids: Sequence[UUID], period: Period, known: Known
) -> dict[UUID, tuple[Amounts, Amounts]]:
    """Return the opening and the closing balance of each, by part."""
    size = len(OWED_PARTS) if subjects is OWED else 1
    found: dict[UUID, tuple[list[int], list[int]]] = defaultdict(lambda: ([0] * size, [0] * size))
    for key, account, opening, closing in _rows(subjects, _BALANCES, ids, period, known):
        place = PLACE[account] if subjects is OWED else 0
        found[key][0][place] += subjects.sign * opening
        found[key][1][place] += subjects.sign * closing
    return {key: (tuple(opening), tuple(closing)) for key, (opening, closing) in found.items()}


def movements(
    subjects: Subjects, *, ids: Sequence[UUID], period: Period, known: Known
) -> dict[UUID, list[Line]]:
    """Return the movements of each in posting order. Refuses StatementTooLong."""
    rows = _rows(subjects, _LINES, ids, period, known)
    if len(rows) > LINES_MAX:
        raise StatementTooLong("The period has too many movements; ask for a shorter one.", field="to")
    entries = _entries(known.shard, {row[2] for row in rows})
    make = _owed_lines if subjects is OWED else _held_lines
    return {
        key: list(make(known.shard, list(group), entries))
        for key, group in groupby(rows, key=lambda row: row[0])
    }


def _rows(
    subjects: Subjects, template: str, ids: Sequence[UUID], period: Period, known: Known
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            subjects.sql(template),
            {"ids": list(ids), "shard": known.shard, "accounts": list(subjects.accounts), "cut": known.cut,
             "start": period.start, "end": period.end, "limit": LINES_MAX + 1},
        )  # fmt: skip
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _entries(shard: int, positions: Iterable[int]) -> dict[int, Entry]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, (shard, sorted(positions)))
        return {row[0]: Entry(*row[1:]) for row in cursor.fetchall()}


def _held_lines(shard: int, rows: list[tuple[Any, ...]], entries: dict[int, Entry]) -> Iterable[Line]:
    """Yield what an entry brings and takes. Of facts recorded together, those that bring money come first."""
    moved: dict[tuple[int, bool], list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        moved[row[2], HELD.sign * row[5] < 0].append(row)

    def order(place: tuple[int, bool]) -> tuple[Any, ...]:
        (pos, takes), lines = place, moved[place]
        return lines[0][1], entries[pos].recorded_at, takes, pos

    for place in sorted(moved, key=order):
        lines = moved[place]
        _, posted, pos, number, *_, loan_id = lines[0]
        amount = HELD.sign * sum(line[5] for line in lines)
        yield _line(posted, entries[pos], f"{shard}/{pos}/{number}", (amount,), loan_id)


def _owed_lines(shard: int, rows: list[tuple[Any, ...]], entries: dict[int, Entry]) -> Iterable[Line]:
    """Yield what an entry adds to the debt, then what it takes off; moves within one part are not shown."""
    for (posted, pos), lines in groupby(rows, key=lambda row: (row[1], row[2])):
        more, less = [0] * len(OWED_PARTS), [0] * len(OWED_PARTS)
        for line in lines:
            side = more if line[5] > 0 else less
            side[PLACE[line[4]]] += line[5]
        for place, amount in enumerate(more):
            if amount == -less[place]:
                more[place] = less[place] = 0
        for side in (more, less):
            if any(side):
                yield _line(posted, entries[pos], f"{shard}/{pos}", tuple(side), None)


def _line(posted: date, entry: Entry, reference: str, parts: Amounts, loan_id: UUID | None) -> Line:
    return Line(
        posting_date=posted,
        value_date=entry.value_date,
        topic=entry.topic,
        kind=entry.kind,
        reference=reference,
        command=entry.command,
        parts=parts,
        loan_id=loan_id,
    )
