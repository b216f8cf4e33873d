"""The books as they stood at a date, as it was known at a moment.

Owns: which journal entries count: those through a date (of posting, or of value) that were recorded by a moment; and
the wait after which an answer about a moment stays what it is for ever. Refuses to know: what is summed.

An event's ``recorded_at`` is taken while its shard's counter is held and becomes visible at its commit. A question
about the last hour therefore waits for the counters that are held, and a question about the future is refused. The
moment of a question is noted first: nothing is recorded at or before it any more, even if the clock is set back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import OperationalError, connection

from ledger.eventstore.processor import RETRIED_STATES, Busy
from ledger.kernel.refusals import Refusal, RefusalKind

# Longer than any transaction that writes lasts.
SETTLED_AFTER: Final = timedelta(hours=1)


class KnownAtInFuture(Refusal):
    """What will be known at a later moment is not known yet."""

    code = "LEDGER_KNOWN_AT_IN_FUTURE"
    kind = RefusalKind.INVALID


class DateKind(StrEnum):
    """By which of its dates an entry counts: when it was posted, or when the fact counts."""

    POSTING = "posting"
    VALUE = "value"


@dataclass(frozen=True)
class BookMoment:
    """Everything dated through ``as_of`` and recorded by ``known_at``; None is no bound."""

    as_of: date | None = None
    known_at: datetime | None = None
    by: DateKind = DateKind.POSTING

    def settle(self, *, shard: int | None = None) -> None:
        """Wait until nothing that was recorded by the moment is under way, in one shard or in all of them.

        Refuses KnownAtInFuture, Busy.
        """
        if self.known_at is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT es_seen(%s)", (self.known_at,))
            latest = cursor.fetchone()[0]
            if self.known_at > latest:
                raise KnownAtInFuture("This moment has not come yet.", field="known_at")
            if latest - self.known_at < SETTLED_AFTER:
                _await_writers(cursor, shard)

    def condition(self) -> tuple[str, dict[str, Any]]:
        """Return SQL over ``entry`` (journal_entry) and ``event`` (es_event) with its parameters."""
        parts, params = ["true"], dict[str, Any]()
        if self.as_of is not None:
            parts.append(f"{self.date_column} <= %(as_of)s")
            params["as_of"] = self.as_of
        if self.known_at is not None:
            parts.append("event.recorded_at <= %(known_at)s")
            params["known_at"] = self.known_at
        return " AND ".join(parts), params

    @property
    def source(self) -> str:
        """Return the tables of the condition beside ``line`` (journal_line): only those that it needs."""
        by_entry = " JOIN journal_entry entry USING (posting_date, shard, pos)"
        by_event = " JOIN es_event event USING (shard, pos)"
        return (by_entry if self.by is DateKind.VALUE else "") + (by_event if self.known_at else "")

    @property
    def date_column(self) -> str:
        """Return the column of the date that counts."""
        return "posting_date" if self.by is DateKind.POSTING else "entry.value_date"


def _await_writers(cursor: Any, shard: int | None) -> None:
    one = ("SELECT es_await_writer(%s::smallint)", (shard,))
    try:
        cursor.execute(*(("SELECT es_await_writers()",) if shard is None else one))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in RETRIED_STATES:
            raise Busy("Something is being posted at this moment; ask again.") from error
        raise
