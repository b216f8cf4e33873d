"""One command's work: aggregates loaded, facts decided, everything written in one round trip.

Owns: the identity map of loaded aggregates and the document that is appended.
Refuses to know: idempotency, retries and refusals (the processor's), and every business rule.
"""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection

from ledger.eventstore.codec import MAPPER, restore, restore_text, schema_version, state_to_json
from ledger.eventstore.journal import journal_rows
from ledger.eventstore.projecting import Statement, statements_for
from ledger.eventstore.recorder import EVENT_STORE, RECORDER, append_document, event_row
from ledger.eventstore.round_trip import send
from ledger.eventstore.shards import shard_of, sibling_id
from ledger.kernel.aggregate import Aggregate, DomainEvent
from ledger.kernel.refusals import Refusal, RefusalKind

A = TypeVar("A", bound=Aggregate[Any])


class NotFound(Refusal):
    """The thing that was named does not exist."""

    code = "LEDGER_NOT_FOUND"
    kind = RefusalKind.NOT_FOUND


class UnitOfWork:
    """What a handler may use: load, add, look up, send out. It commits nothing itself."""

    def __init__(
        self,
        *,
        home: UUID,
        effective_date: date,
        meta: dict[str, Any],
        heads: list[Any] | None = None,
        reads: tuple[list[tuple[Any, ...]], ...] = (),
    ) -> None:
        self.home = home
        self.shard = shard_of(home)
        self.effective_date = effective_date
        self.meta = meta
        self.reads = reads
        self.advance_to: date | None = None
        self._heads = {UUID(head[0]): head for head in heads or ()}
        self._loaded: dict[UUID, Aggregate[Any]] = {}
        self._statements: list[Statement] = []
        self._outbox: list[tuple[str, str, Any]] = []

    def new_id(self, owner: UUID, *names: object) -> UUID:
        """Return a new identifier in the owner's shard: the same for a retry of the same command."""
        return sibling_id(owner, self.meta["actor"], self.meta["key"], *names)

    def load(self, cls: type[A], aggregate_id: UUID) -> A:
        """Return an aggregate as it stands; raises NotFound when it has no events."""
        aggregate = self.find(cls, aggregate_id)
        if aggregate is None:
            raise NotFound(f"There is no {cls.STREAM} {aggregate_id}.", stream=cls.STREAM)
        return aggregate

    def find(self, cls: type[A], aggregate_id: UUID) -> A | None:
        """Return an aggregate as it stands, or None when it has no events."""
        known = self._loaded.get(aggregate_id)
        if known is None:
            if shard_of(aggregate_id) != self.shard:
                return None  # one command works in one shard; what lies elsewhere is not its business
            known = self._read(cls, aggregate_id)
            if known is None:
                return None
            self.add(known)
        if not isinstance(known, cls):
            return None
        return known

    def add(self, aggregate: Aggregate[Any]) -> None:
        """Take an aggregate into this work, so that what it decides is written."""
        if shard_of(aggregate.id) != self.shard:
            raise ValueError("one command works in one shard")
        self._loaded[aggregate.id] = aggregate

    def query(self, sql: str, params: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Return rows of read models as this transaction sees them."""
        with connection.cursor() as cursor:
            send(cursor, sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def lock_shard(self) -> None:
        """Let nothing else commit in the shard until this work has."""
        self.query("SELECT es_lock_shard(%s::smallint)", (self.shard,))

    def write(self, statement: Statement) -> None:
        """Add a statement about data that is not derived from events (order evidence)."""
        self._statements.append(statement)

    def send(self, kind: str, reference: str, payload: dict[str, Any]) -> None:
        """Put a message into the outbox; kind and reference together happen once."""
        self._outbox.append((kind, reference, payload))

    @property
    def sent_kinds(self) -> frozenset[str]:
        """Return the kinds of messages that this work put into the outbox."""
        return frozenset(kind for kind, _, _ in self._outbox)

    def flush(self, command_record: dict[str, Any]) -> tuple[DomainEvent, ...]:
        """Write everything: read models first, then the append function, which takes the counter last."""
        events: list[Any] = [
            event for aggregate in self._loaded.values() for event in aggregate.pending_events
        ]
        for event in events:
            self._statements.extend(statements_for(event))
        document = {
            "shard": self.shard,
            "open_date": self.effective_date,
            "meta": self.meta,
            "outbox": self._outbox,
            "events": [event_row(MAPPER.to_stored_event(event), event.effective_date) for event in events],
            "snapshots": self._snapshots(),
            "journal": journal_rows(events),
            **command_record,
        }
        if self.advance_to is not None:
            document["advance_to"] = self.advance_to
        append_document(document, first=self._statements)
        return tuple(events)

    def _snapshots(self) -> list[tuple[Any, ...]]:
        return [
            (aggregate.id, aggregate.version, schema_version(type(aggregate)), state_to_json(aggregate))
            for aggregate in self._loaded.values()
            if aggregate.pending_events and (aggregate.hot or _passes_a_snapshot(aggregate))
        ]

    def _read(self, cls: type[A], aggregate_id: UUID) -> A | None:
        head = self._heads.get(aggregate_id) if cls.hot else None
        if head is None and cls.hot:
            head = self._lock_head(aggregate_id)
        if head is not None and head[2] == schema_version(cls):
            return restore(cls, aggregate_id, head[1], head[3])  # type: ignore[return-value]
        return load(cls, aggregate_id) if cls.snapshot_every else replay(cls, aggregate_id)

    def _lock_head(self, aggregate_id: UUID) -> list[Any] | None:
        rows = self.query("SELECT es_lock(%s)", (aggregate_id,))
        return msgspec.json.decode(rows[0][0]) if rows and rows[0][0] else None


def _passes_a_snapshot(aggregate: Aggregate[Any]) -> bool:
    every = aggregate.snapshot_every
    if every is None:
        return False
    before = aggregate.version - len(tuple(aggregate.pending_events))
    return aggregate.version // every > before // every


def load(cls: type[A], aggregate_id: UUID) -> A | None:
    """Return an aggregate from its latest snapshot and the events after it, in one round trip."""
    snapshot, events = RECORDER.select_since_snapshot(aggregate_id, schema_version=schema_version(cls))
    aggregate: Any = restore_text(cls, aggregate_id, *snapshot) if snapshot else None
    for event in events:
        aggregate = MAPPER.to_domain_event(event).mutate(aggregate)
    return aggregate if isinstance(aggregate, cls) else None


def replay(cls: type[A], aggregate_id: UUID, *, version: int | None = None) -> A | None:
    """Return an aggregate folded from its events alone, optionally as it was at ``version``."""
    aggregate: A | None = None
    for event in EVENT_STORE.get(aggregate_id, lte=version):
        aggregate = event.mutate(aggregate)  # type: ignore[attr-defined]
    return aggregate if isinstance(aggregate, cls) else None
