"""The eventsourcing library's recorder on Django's own connection.

Owns: reading streams, and calling the database function that appends. Because the connection is
Django's, events, read models, journal, idempotency record and outbox share one commit.
Refuses to know: what the events mean, and when to retry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from eventsourcing.persistence import AggregateRecorder, EventStore, StoredEvent

from ledger.eventstore.codec import MAPPER
from ledger.eventstore.round_trip import send, send_together
from ledger.eventstore.shards import shard_of

# A snapshot has no topic, and comes first because the events after it have higher versions.
SINCE_SNAPSHOT = """
    WITH kept AS (SELECT version, state FROM es_snapshot WHERE originator_id = %s AND schema_version = %s)
    SELECT version, NULL, state::text FROM kept
    UNION ALL
    SELECT originator_version, topic, state::text FROM es_event
     WHERE shard = %s AND originator_id = %s
       AND originator_version > coalesce((SELECT version FROM kept), 0)
     ORDER BY 1
"""


class NotInTransaction(RuntimeError):
    """A programming error: facts were about to be written outside a transaction."""


class DjangoRecorder(AggregateRecorder):
    """Stores and reads events of streams through the default Django connection."""

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self.using = using

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append events of one shard and return their positions.

        ``kwargs`` may carry the rest of the unit of work: see ``append_document``.
        """
        if not stored_events:
            return []
        shards = {shard_of(event.originator_id) for event in stored_events}  # type: ignore[arg-type]
        if len(shards) != 1:
            raise ValueError("events of one append belong to one shard")
        document = {"meta": {}, "outbox": [], "snapshots": [], "journal": [], **kwargs}
        document["shard"] = shards.pop()
        document["events"] = [event_row(event) for event in stored_events]
        base = append_document(document, using=self.using)
        return list(range(base + 1, base + 1 + len(stored_events)))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of a stream in order of version."""
        assert isinstance(originator_id, UUID)
        sql = (
            "SELECT originator_version, topic, state::text FROM es_event"
            " WHERE shard = %s AND originator_id = %s AND originator_version > %s"
        )
        params: list[Any] = [shard_of(originator_id), originator_id, gt or 0]
        if lte is not None:
            sql += " AND originator_version <= %s"
            params.append(lte)
        sql += " ORDER BY originator_version" + (" DESC" if desc else "")
        if limit is not None:
            sql += " LIMIT %s"
            params.append(limit)
        with connections[self.using].cursor() as cursor:
            send(cursor, sql, params)
            return [
                StoredEvent(originator_id, version, topic, state.encode())
                for version, topic, state in cursor.fetchall()
            ]

    def select_since_snapshot(
        self, originator_id: UUID, *, schema_version: int
    ) -> tuple[tuple[int, str] | None, list[StoredEvent]]:
        """Return the latest snapshot (version, JSON) of a stream, if one fits, and the events after it."""
        params = (originator_id, schema_version, shard_of(originator_id), originator_id)
        with connections[self.using].cursor() as cursor:
            send(cursor, SINCE_SNAPSHOT, params)
            rows = cursor.fetchall()
        snapshot = next(((row[0], row[2]) for row in rows if row[1] is None), None)
        events = [
            StoredEvent(originator_id, version, topic, state.encode())
            for version, topic, state in rows
            if topic is not None
        ]
        return snapshot, events


def event_row(event: StoredEvent, effective_date: Any = None) -> tuple[Any, ...]:
    """Return an event in the form in which the append function reads it."""
    if effective_date is None:
        effective_date = msgspec.json.decode(event.state)["effective_date"]
    return (
        event.originator_id,
        event.originator_version,
        event.topic,
        effective_date,
        msgspec.Raw(event.state),
    )


def append_document(
    document: dict[str, Any],
    *,
    first: Sequence[tuple[str, Any]] = (),
    using: str = DEFAULT_DB_ALIAS,
) -> int:
    """Write a unit of work with one call of ``es_append`` and return the position before its first event.

    ``first`` are statements (SQL, parameters) that go ahead of it in the same round trip.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise NotInTransaction("events are written inside transaction.atomic() only")
    last = ("SELECT es_append(%s::jsonb)", (msgspec.json.encode(document).decode(),))
    with connection.cursor() as cursor:
        send_together(cursor, (*first, last))
        while cursor.nextset():
            pass
        row = cursor.fetchone()
    return row[0] if row and row[0] is not None else 0


RECORDER = DjangoRecorder()
EVENT_STORE: EventStore[UUID] = EventStore(mapper=MAPPER, recorder=RECORDER)
