"""Emptying, fingerprinting, saving and restoring the tables of the books, as a superuser may.

Triggers and foreign keys are off while tables are emptied or restored, which is what makes it quick and
what no role of the product may do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, connections, transaction

from ledger.eventstore.business_date import open_books

KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "gl_account",
    "es_shard",
    "auth_group",
    "auth_group_permissions",
}
# Rows that record an attempt, not a change: a refusal writes its answer here and nowhere else.
ATTEMPTS = {"es_command"}
# What differs between two runs that did the same: machine time, and how often something was tried.
INCIDENTAL = {
    "es_clock": ["seen_at"],
    "es_event": ["recorded_at", "hash"],
    "es_command": ["recorded_at", "hash"],
    "es_outbox": ["id", "attempts", "next_attempt_at", "created_at", "last_error"],
    "day_close": ["done", "finished_at", "took_ms"],
    "day_close_problem": ["id", "first_seen", "last_seen", "resolved_at"],
    # An attempt that was interrupted is counted from where it went on.
    "debit_attempt": ["due", "collected", "in_part", "without_money", "taken_minor", "finished_at"],
    "sandbox_payment": ["attempts"],
    "order_line": ["id"],
    "order_import": ["imported_at"],
}


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def book_tables() -> list[str]:
    """Return the tables of the three business apps, the chart of accounts left out."""
    models = [
        model
        for label in ("ledger", "lending", "collection")
        for model in apps.get_app_config(label).get_models()
        if model._meta.managed
    ]
    return sorted({model._meta.db_table for model in models} - {"gl_account"})


def empty_the_books() -> None:
    assert connection.settings_dict["NAME"].startswith("test_"), "only a test database is ever emptied"
    _unguarded(
        *(f"DELETE FROM {table}" for table in tables() if table not in KEPT),
        "DELETE FROM es_shard",
        "INSERT INTO es_shard (shard, pos) SELECT n, 0 FROM generate_series(0, 255) n",
    )


@contextmanager
def committed(blocker: Any, *, on: date) -> Iterator[date]:
    """Open books whose commits are real, and leave the database empty afterwards."""
    with blocker.unblock():
        empty_the_books()
        open_books(on=on)
        try:
            yield on
        finally:
            empty_the_books()
            connections.close_all()


def save_books() -> None:
    """Keep a copy of the books for ``restore_books``."""
    _run(
        "DROP SCHEMA IF EXISTS saved CASCADE",
        "CREATE SCHEMA saved",
        *(f"CREATE TABLE saved.{table} AS TABLE public.{table}" for table in book_tables()),
    )


def restore_books() -> None:
    """Put the books back to where ``save_books`` saw them."""
    statements = []
    for table in book_tables():
        statements += [f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM saved.{table}"]
    _unguarded(*statements)


def forget_saved_books() -> None:
    _run("DROP SCHEMA IF EXISTS saved CASCADE")


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo everything the block did; unlike a transaction it may hold whole commands."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def fingerprint(*, attempts: bool = False) -> dict[str, str]:
    """Return a digest per table; the record of attempts is left out unless asked for."""
    names = [table for table in tables() if attempts or table not in ATTEMPTS]
    queries = (
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {name} t"
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries))
        return dict(cursor.fetchall())


def content(*, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Return a digest per table of the books that two runs of the same facts share."""
    names = [name for name in book_tables() if name not in without]
    queries = [
        f"SELECT '{name}', md5(coalesce(string_agg(r, E'\\n' ORDER BY r), '')) FROM"
        f" (SELECT (to_jsonb(t) - '{{{','.join(INCIDENTAL.get(name, []))}}}'::text[])::text AS r FROM {name} t) x"
        for name in names
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries))
        return dict(cursor.fetchall())


def _unguarded(*statements: str) -> None:
    with transaction.atomic():
        _run("SET LOCAL session_replication_role = replica", *statements)


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))
