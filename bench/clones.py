"""Sellers by the thousand with a loan that is due: copies of one that the product's own commands made.

Owns: copying everything the books hold of one seller (events with their hashes, answers, journal, heads and
read models) under new identifiers, references and keys, so that commands find whole streams and the proofs
have nothing to object to. Refuses to know: who the seller is and what is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.setting import open_empty_books

REFERENCE = "bench-original"
WITHOUT_COPY = {"es_shard", "es_outbox", "es_cursor", "day_close", "accrual_row", "accrual_run"}
PREPARE = """
DROP SCHEMA IF EXISTS {name} CASCADE;
CREATE SCHEMA {name};
CREATE TABLE {name}.part (source text, part jsonb);
CREATE TABLE {name}.word AS SELECT DISTINCT originator_id::text AS old, true AS is_id FROM es_event
  UNION ALL VALUES ('bench-original', false), ('test-', false);
CREATE FUNCTION {name}.renamed(p_part jsonb, p_n int, p_shard int) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_text text := p_part::text;
  v_word record;
  v_digest text;
BEGIN
  FOR v_word IN SELECT * FROM {name}.word LOOP
    v_digest := md5(v_word.old || ':' || p_n);
    v_text := replace(v_text, v_word.old, CASE WHEN v_word.is_id
      THEN lpad(to_hex(p_shard), 2, '0') || substr(v_digest, 3, 6) || '-' || substr(v_digest, 9, 4) || '-'
           || substr(v_digest, 13, 4) || '-' || substr(v_digest, 17, 4) || '-' || substr(v_digest, 21)
      ELSE v_word.old || p_n || '-' END);
  END LOOP;
  RETURN v_text::jsonb || jsonb_build_object('shard', p_shard);
END $$;
"""
PLACES = """
CREATE TABLE {name}.clone AS
SELECT n, n % 256 AS shard, s.pos + (row_number() OVER (PARTITION BY n % 256 ORDER BY n) - 1)
       * (SELECT count(*) FROM {name}.part WHERE source = 'es_event') AS base
  FROM generate_series({first}, {last}) n JOIN es_shard s ON s.shard = n % 256;
CREATE TABLE {name}.event (LIKE es_event);
CREATE TABLE {name}.answer (LIKE es_command);
"""
ROWS = """
INSERT INTO {target}
SELECT r.* FROM {name}.part p CROSS JOIN {name}.clone c
 CROSS JOIN LATERAL {name}.renamed(p.part, c.n, c.shard) AS j
 CROSS JOIN LATERAL jsonb_populate_record(NULL::{source},
            CASE WHEN j ? 'pos' THEN j || jsonb_build_object('pos', (j->>'pos')::bigint + c.base) ELSE j END) AS r
 WHERE p.source = '{source}'
"""
EVENTS = """
INSERT INTO es_event
SELECT e.shard, e.originator_id, e.originator_version, e.pos, e.topic, e.effective_date, e.recorded_at, e.meta,
       e.state, es_hash(coalesce(p.hash, ''), e.shard, e.pos, e.originator_id, e.originator_version, e.topic,
                        e.effective_date, e.recorded_at, e.meta::text, e.state::text)
  FROM {name}.event e LEFT JOIN es_event p ON p.shard = e.shard AND p.originator_id = e.originator_id
       AND p.originator_version = e.originator_version - 1
 WHERE e.originator_version = {version}
"""
ANSWERS = """
INSERT INTO es_command
SELECT principal, key, fingerprint, command, outcome, shard, recorded_at,
       es_command_hash(principal, key, fingerprint, command, outcome::text, shard, recorded_at)
  FROM {name}.answer
"""
COUNTERS = """
UPDATE es_shard s SET pos = e.pos
  FROM (SELECT shard, max(pos) AS pos FROM es_event GROUP BY shard) e WHERE e.shard = s.shard
"""
APART = {"es_event": "event", "es_command": "answer"}


def keep_original(name: str, make: Callable[[], Any]) -> None:
    """Have one seller made in empty books and keep what the books hold of it."""
    open_empty_books()
    make()
    _run(PREPARE.format(name=name))
    for table in _copied_tables():
        _run(f"INSERT INTO {name}.part SELECT '{table}', to_jsonb(t) FROM {table} t")


def fill(name: str, *, first: int, last: int) -> None:
    """Put copies with these numbers into the books, spread over all shards."""
    _run(PLACES.format(name=name, first=first, last=last))
    for table in _copied_tables():
        target = f"{name}.{APART[table]}" if table in APART else table
        _unguarded(ROWS.format(name=name, source=table, target=target))
    _run(f"CREATE INDEX ON {name}.event (originator_version); ANALYZE {name}.event")
    for version in range(1, _longest_stream(name) + 1):
        _unguarded(EVENTS.format(name=name, version=version))
    _unguarded(ANSWERS.format(name=name))
    _run(COUNTERS)


def _copied_tables() -> list[str]:
    from tests.builders.storage import book_tables

    return [table for table in book_tables() if table not in WITHOUT_COPY]


def _longest_stream(name: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(originator_version) FROM {name}.event")
        return cursor.fetchone()[0]


def _unguarded(sql: str) -> None:
    """Run without triggers: foreign keys and balances hold for a copy as they do for the original."""
    _run("BEGIN; SET LOCAL session_replication_role = replica;" + sql + "; COMMIT")


def _run(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
