"""Asynchronous read models: followers that come after the commit, in batches.

Owns: a cursor per (follower, shard), taken under a row lock, so that two workers never apply the same
events and a lost message loses nothing. Refuses to know: what a follower computes; it is one set-based
SQL statement over ``span`` (shard, after, upto), which names the events of the batch.
Positions are gapless within a shard and visible only once committed, so nothing is ever skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from ledger.eventstore.shards import SHARD_COUNT

BATCH_PER_SHARD = 1000
SPAN = "WITH span AS (SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bigint[]) AS t(shard, after, upto)) "


@dataclass(frozen=True)
class Follower:
    """A read model that is brought up to date by ``apply_sql``, which begins after the ``span`` clause."""

    name: str
    tables: dict[str, tuple[str, ...]]
    apply_sql: str


FOLLOWERS: dict[str, Follower] = {}


def register_follower(follower: Follower) -> None:
    """Make a follower known by its name."""
    FOLLOWERS[follower.name] = follower


def follow(name: str, *, shards: list[int] | None = None, batch: int = BATCH_PER_SHARD) -> int:
    """Apply what has been committed since the cursors, until there is no more; return the event count."""
    _ensure_cursors(name)
    total = 0
    while done := _follow_batch(FOLLOWERS[name], shards=shards, batch=batch):
        total += done
    return total


def follow_all() -> int:
    """Bring every follower up to date."""
    return sum(follow(name) for name in FOLLOWERS)


def _ensure_cursors(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO es_cursor (name, shard, pos)"
            " SELECT %s, n, 0 FROM generate_series(0, %s) n ON CONFLICT DO NOTHING",
            (name, SHARD_COUNT - 1),
        )


def _follow_batch(follower: Follower, *, shards: list[int] | None, batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(7306)")  # see rebuilding.REPLACING
        cursor.execute(
            "SELECT c.shard, c.pos, least(s.pos, c.pos + %s) FROM es_cursor c JOIN es_shard s USING (shard)"
            " WHERE c.name = %s AND s.pos > c.pos AND (%s::smallint[] IS NULL OR c.shard = ANY (%s::smallint[]))"
            " ORDER BY c.shard FOR UPDATE OF c SKIP LOCKED",
            (batch, follower.name, shards, shards),
        )
        spans = cursor.fetchall()
        if not spans:
            return 0
        columns = [list(column) for column in zip(*spans, strict=True)]
        cursor.execute(SPAN + follower.apply_sql, columns)
        cursor.execute(
            SPAN  # noqa: S608
            + "UPDATE es_cursor c SET pos = span.upto FROM span WHERE c.name = %s AND c.shard = span.shard",
            [*columns, follower.name],
        )
        return sum(upto - after for _, after, upto in spans)
