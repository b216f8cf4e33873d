"""The trial balance a month is closed on, as a digest that anybody can compute again.

Owns: the canonical text of a trial balance and its SHA-256. Refuses to know: who closes a month, and whether it may
be closed. One line per account and currency, sub-accounts each for itself: ``1301|CNY|debits|credits``, sorted.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

_SUMS: Final = (
    "SELECT account, currency, coalesce(sum(amount_minor) FILTER (WHERE side = 'D'), 0)::bigint,"
    " coalesce(sum(amount_minor) FILTER (WHERE side = 'C'), 0)::bigint"
    ' FROM journal_line WHERE posting_date <= %s GROUP BY 1, 2 ORDER BY account COLLATE "C", currency COLLATE "C"'
)


@dataclass(frozen=True)
class ClosingBalance:
    """How many sums a trial balance has, and the digest over them."""

    accounts: int
    digest: str


def closing_balance(*, through: date) -> ClosingBalance:
    """Return the trial balance of everything posted through a date, as a digest."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, (through,))
        sums = cursor.fetchall()
    lines = [f"t1|{through.isoformat()}", *("|".join(map(str, row)) for row in sums)]
    return ClosingBalance(len(sums), hashlib.sha256("\n".join(lines).encode()).hexdigest())
