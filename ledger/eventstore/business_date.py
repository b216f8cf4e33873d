"""The business date as explicit state, one per shard.

Owns: opening the books and reading which date is open. Refuses to know: the wall clock. A date moves
only when the day close of a shard moves it; the lender's date is the earliest that is still open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from ledger.eventstore.shards import SHARD_COUNT
from ledger.kernel.refusals import Refusal


class BooksAlreadyOpen(Refusal):
    """The books are opened once."""

    code = "LEDGER_BOOKS_ALREADY_OPEN"


@dataclass(frozen=True)
class BusinessDate:
    """The lender's business date and how far the close of it has come."""

    open_date: date | None
    shards_behind: int
    closed_through: date | None


def open_books(*, on: date) -> None:
    """Open the first business date in every shard; raises BooksAlreadyOpen."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT es_open_books(%s)", (on,))
        if cursor.fetchone()[0] != SHARD_COUNT:
            raise BooksAlreadyOpen("The books were opened before.")


def business_date() -> BusinessDate:
    """Return the lender's business date: the earliest date that is open in any shard."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(open_date), min(closed_through),"
            " count(*) FILTER (WHERE open_date < (SELECT max(open_date) FROM es_shard)) FROM es_shard"
        )
        earliest, closed_through, behind = cursor.fetchone()
    return BusinessDate(earliest, behind, closed_through)
