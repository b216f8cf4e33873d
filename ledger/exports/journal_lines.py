"""What an export of the journal consists of: opening balances, entries in posting order, closing balances.

Owns: one view over a period of the journal, read line by line, so that memory does not grow with it.
Refuses to know: the format of a file. A period is [start, end) of posting dates; its closing balances are
sums over the journal of their own, so that a file proves itself instead of repeating what it lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import connection

from ledger.eventstore.consistent_view import stream_rows

_LINES: Final = """
SELECT line.posting_date, entry.effective_date, line.shard, line.pos, entry.topic, entry.originator_id,
       line.line_no, line.account, line.side, line.amount_minor, line.currency,
       line.entity_id, line.loan_id, line.settlement_account_id, line.funder, line.product_code, entry.value_date
FROM journal_line line JOIN journal_entry entry USING (posting_date, shard, pos)
WHERE line.posting_date >= %s AND line.posting_date < %s
ORDER BY line.posting_date, line.shard, line.pos, line.line_no
"""
_BALANCES: Final = """
SELECT account, currency, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint
FROM journal_line WHERE posting_date < %s GROUP BY account, currency ORDER BY account, currency
"""


@dataclass(frozen=True)
class ExportedLine:
    """A debit (D) or credit (C) with everything that explains it; amounts are minor units."""

    posting_date: date
    effective_date: date
    shard: int
    pos: int
    topic: str
    originator_id: UUID
    line_no: int
    account: str
    side: str
    amount_minor: int
    currency: str
    entity_id: UUID | None
    loan_id: UUID | None
    settlement_account_id: UUID | None
    funder: str
    product_code: str
    value_date: date

    @property
    def entry(self) -> str:
        """Return what names the entry for ever: the shard and position of its event."""
        return f"{self.shard}/{self.pos}"

    @property
    def signed_minor(self) -> int:
        """Return debits as positive amounts and credits as negative ones."""
        return self.amount_minor if self.side == "D" else -self.amount_minor


@dataclass(frozen=True)
class AccountBalance:
    """Debits less credits of one account in one currency, in minor units."""

    account: str
    currency: str
    balance_minor: int


def exported_lines(*, start: date, end: date) -> Iterator[ExportedLine]:
    """Yield the lines of a period in posting order."""
    return (ExportedLine(*row) for row in stream_rows(_LINES, (start, end)))


def exported_entries(*, start: date, end: date) -> Iterator[tuple[ExportedLine, ...]]:
    """Yield the lines of a period entry by entry."""
    by_entry = groupby(exported_lines(start=start, end=end), key=lambda line: (line.shard, line.pos))
    return (tuple(lines) for _, lines in by_entry)


def balances_before(on: date) -> list[AccountBalance]:
    """Return what every account held at the start of a posting date."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, (on,))
        return [AccountBalance(*row) for row in cursor.fetchall()]
