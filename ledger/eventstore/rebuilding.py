"""Rebuilding every read model from the events alone, and proving the result identical.

Owns: replay into empty twins of the projected tables, comparison row for row, and replacement.
Refuses to know: what a projection writes; it replays the statements that projections give.

The twins are temporary tables, which hide the real ones by name during the replay, so the very same statements
run. A connection that has twins already uses them again: whoever rebuilds often makes them once (``twins``).
One transaction sees one state of events and tables: with ``replace=False`` writers are not disturbed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from ledger.eventstore.consistent_view import one_view
from ledger.eventstore.followers import FOLLOWERS, SPAN
from ledger.eventstore.journal import entry_lines, value_date
from ledger.eventstore.projecting import (
    JOURNAL_TABLES,
    PROJECTED_TABLES,
    Statement,
    replay_statements_for,
)
from ledger.eventstore.round_trip import send_together
from ledger.eventstore.verifying import stored_events

STATEMENTS_PER_ROUND_TRIP = 200
# Every command and follower holds this lock together with the others; a replacement holds it alone, so it
# starts when none is under way and none starts before it is done.
REPLACING = 7306
GUARDED = ("journal_entry", "journal_line", "accrual_run", "accrual_row", "period_close")
# What the guards refuse to others: rows of history that are written anew.
GUARDS = (
    *((table, "guard_append_only") for table in GUARDED),
    ("journal_entry", "guard_period_open"),
)


@dataclass(frozen=True)
class TableProof:
    """How a rebuilt table compares with the one that was there."""

    table: str
    rows: int
    missing: int
    surplus: int
    digest: str

    @property
    def identical(self) -> bool:
        """Say whether the rebuilt table has exactly the same rows."""
        return self.missing == 0 and self.surplus == 0


class NotIdentical(RuntimeError):
    """The rebuilt tables differ from the ones in use; nothing was replaced."""


def rebuilt_tables() -> dict[str, tuple[str, ...]]:
    """Return every table that holds nothing but what follows from events, with its key."""
    followed = {table: key for follower in FOLLOWERS.values() for table, key in follower.tables.items()}
    return {**PROJECTED_TABLES, **JOURNAL_TABLES, **followed}


def rebuild(*, replace: bool = False, mend: bool = False) -> list[TableProof]:
    """Replay all events into fresh tables and compare; with ``replace`` put them in place of the old.

    A replacement waits until no writer is left and keeps others out. Each of its statements sees what is
    committed; a snapshot from before the wait would lose what was written meanwhile.
    Raises NotIdentical when replacing was asked for and any row differs, unless ``mend`` says that the
    tables in use are known to be damaged.
    """
    with transaction.atomic() if replace else one_view():
        if replace:
            _run(f"SELECT pg_advisory_xact_lock({REPLACING})")
        lasting = _empty_twins()
        _replay_into_twins()
        proofs = [_compare(table, key) for table, key in rebuilt_tables().items()]
        if replace:
            if not mend and not all(proof.identical for proof in proofs):
                raise NotIdentical(", ".join(proof.table for proof in proofs if not proof.identical))
            _replace()
        if not lasting:
            _run(";".join(f"DROP TABLE pg_temp.{table}" for table in rebuilt_tables()))
    return proofs


def twins(*, end: str = "ON COMMIT PRESERVE ROWS") -> str:
    """Return what makes an empty twin of each table; ``end`` says what becomes of it at a commit."""
    made = (
        f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL) {end}" for table in rebuilt_tables()
    )
    return ";".join(made)


def _empty_twins() -> bool:
    """Make the twins, or empty those that the connection has, and say whether they outlast the rebuild."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.journal_entry') IS NOT NULL")
        lasting: bool = cursor.fetchone()[0]
    emptied = ";".join(f"DELETE FROM pg_temp.{table}" for table in rebuilt_tables())  # noqa: S608
    _run(emptied if lasting else twins(end="ON COMMIT DROP"))
    return lasting


def _replay_into_twins() -> None:
    """Replay where names mean the twins; outside, the real tables come first whatever twins there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        path = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('search_path', 'pg_temp, public', true)")
        _replay()
        cursor.execute("SELECT set_config('search_path', %s, true)", (path,))


def _replay() -> None:
    batch: list[Statement] = []
    for shard, pos, event in stored_events():
        batch.extend(_journal_statements(shard, pos, event))
        batch.extend(replay_statements_for(event))
        if len(batch) >= STATEMENTS_PER_ROUND_TRIP:
            _run_batch(batch)
            batch = []
    _run_batch(batch)
    for follower in FOLLOWERS.values():
        _replay_follower(follower.name, follower.apply_sql)


def _journal_statements(shard: int, pos: int, event: Any) -> Iterator[Statement]:
    lines = entry_lines(event)
    if not lines:
        return
    day = event.effective_date
    yield Statement(
        "INSERT INTO journal_entry (posting_date, shard, pos, effective_date, topic, originator_id, value_date)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (day, shard, pos, day, event.TOPIC, event.originator_id, value_date(event)),
    )
    for line in lines:
        yield Statement(
            "INSERT INTO journal_line (posting_date, shard, pos, line_no, account, side, amount_minor, currency,"
            " entity_id, loan_id, settlement_account_id, funder, product_code)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (day, shard, pos, *line),
        )


def _replay_follower(name: str, apply_sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT shard, pos FROM es_cursor WHERE name = %s AND pos > 0 ORDER BY shard", (name,))
        spans = cursor.fetchall()
        if spans:
            shards, upto = (list(column) for column in zip(*spans, strict=True))
            cursor.execute(SPAN + apply_sql, [shards, [0] * len(shards), upto])


def _compare(table: str, key: tuple[str, ...]) -> TableProof:
    order = ", ".join(f"t.{column}" for column in key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM pg_temp.{table}),"  # noqa: S608
            f" (SELECT count(*) FROM (SELECT * FROM public.{table} EXCEPT ALL SELECT * FROM pg_temp.{table}) x),"
            f" (SELECT count(*) FROM (SELECT * FROM pg_temp.{table} EXCEPT ALL SELECT * FROM public.{table}) x),"
            f" (SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY {order}), '')) FROM pg_temp.{table} t)"
        )
        rows, missing, surplus, digest = cursor.fetchone()
    return TableProof(table, rows, missing, surplus, digest)


def _replace() -> None:
    tables = ", ".join(f"public.{table}" for table in rebuilt_tables())
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    for table, guard in GUARDS:
        _run(f"ALTER TABLE public.{table} DISABLE TRIGGER {guard}")
    _run("SET CONSTRAINTS ALL DEFERRED")
    _run(f"TRUNCATE {tables}")
    for table in rebuilt_tables():
        _run(f"INSERT INTO public.{table} SELECT * FROM pg_temp.{table}")  # noqa: S608
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    for table, guard in GUARDS:
        _run(f"ALTER TABLE public.{table} ENABLE TRIGGER {guard}")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _run_batch(batch: list[Statement]) -> None:
    if not batch:
        return
    with connection.cursor() as cursor:
        send_together(cursor, batch, keeps_plans=False)
