"""Proof that nothing stored has been altered.

Owns: recomputing every event's hash from what is stored, stream by stream, and checking that positions
are gapless up to the shard's counter. Refuses to know: what events mean; ``verifying`` adds the journal.

The hash is computed here in Python and in the database in SQL, independently of each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from ledger.eventstore.consistent_view import stream_rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StoredRow(NamedTuple):
    """An event exactly as its table holds it."""

    shard: int
    pos: int
    originator_id: UUID
    version: int
    topic: str
    effective_date: date
    recorded_at: datetime
    meta: str
    state: str
    hash: bytes


@dataclass(frozen=True)
class Problem:
    """Something stored that is not what was written."""

    table: str
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.place}: {self.what}"


def micros(moment: datetime) -> int:
    """Return whole microseconds since 1970, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def event_hash(previous: bytes, row: StoredRow) -> bytes:
    """Return the hash that an event must have, given the hash before it in its stream."""
    head = (
        f"v1|{previous.hex()}|{row.shard}|{row.pos}|{row.originator_id}|{row.version}"
        f"|{row.effective_date.isoformat()}|{micros(row.recorded_at)}"
    )
    framed = "".join(f"|{len(text.encode())}:{text}" for text in (row.topic, row.meta, row.state))
    return hashlib.sha256((head + framed).encode()).digest()


def command_hash(row: tuple[Any, ...]) -> bytes:
    """Return the hash that a stored answer must have."""
    principal, key, fingerprint, command, outcome, shard, recorded_at = row
    text = (
        f"c1|{len(principal.encode())}:{principal}|{len(key.encode())}:{key}|{fingerprint.hex()}"
        f"|{len(command.encode())}:{command}|{shard}|{micros(recorded_at)}|{len(outcome.encode())}:{outcome}"
    )
    return hashlib.sha256(text.encode()).digest()


def verify_events() -> Iterator[Problem]:
    """Yield every break of the chain, in order of shard and position."""
    heads: dict[UUID, tuple[int, bytes]] = {}
    shard, expected_pos = -1, 1
    counters = dict(stream_rows("SELECT shard, pos FROM es_shard"))
    seen: dict[int, int] = {}
    for values in stream_rows(
        "SELECT shard, pos, originator_id, originator_version, topic, effective_date, recorded_at,"
        " meta::text, state::text, hash FROM es_event ORDER BY shard, pos"
    ):
        row = StoredRow(*values)
        if row.shard != shard:
            shard, expected_pos = row.shard, 1
            heads.clear()
        place = f"shard {row.shard} position {row.pos}"
        if row.pos != expected_pos:
            yield Problem("es_event", place, f"position {expected_pos} is missing")
        expected_pos = row.pos + 1
        seen[shard] = row.pos
        yield from _check_link(row, heads, place)
    for number, counter in sorted(counters.items()):
        if seen.get(number, 0) != counter:
            place = f"shard {number} position {seen.get(number, 0)}"
            yield Problem("es_event", place, f"the last event is not at the counter's position {counter}")
    for number in sorted(set(seen) - set(counters)):
        yield Problem("es_event", f"shard {number}", "the shard has no counter")


def _check_link(row: StoredRow, heads: dict[UUID, tuple[int, bytes]], place: str) -> Iterator[Problem]:
    version, previous = heads.get(row.originator_id, (0, b""))
    if row.version != version + 1:
        yield Problem(
            "es_event", place, f"stream {row.originator_id} goes from version {version} to {row.version}"
        )
    if event_hash(previous, row) != bytes(row.hash):
        yield Problem("es_event", place, "the content does not match the hash")
    heads[row.originator_id] = (row.version, bytes(row.hash))


def verify_commands() -> Iterator[Problem]:
    """Yield every stored answer that was altered, and every event whose answer is gone."""
    for *content, stored in stream_rows(
        "SELECT principal, key, fingerprint, command, outcome::text, shard, recorded_at, hash FROM es_command"
    ):
        if command_hash(tuple(content)) != bytes(stored):
            yield Problem("es_command", f"{content[0]} {content[1]}", "the content does not match the hash")
    for principal, key in stream_rows(
        "SELECT DISTINCT e.meta->>'actor', e.meta->>'key' FROM es_event e WHERE NOT EXISTS"
        " (SELECT 1 FROM es_command c WHERE c.principal = e.meta->>'actor' AND c.key = e.meta->>'key')"
    ):
        yield Problem("es_command", f"{principal} {key}", "there are events but no stored answer")
