"""Emptying and fingerprinting the tables of the books, as the owner of the database may."""

from __future__ import annotations

import hashlib

from django.db import connection, transaction

GUARDED = ("es_event", "es_command", "journal_entry", "journal_line", "accrual_run", "accrual_row")
KEPT = {"django_migrations", "django_content_type", "auth_permission", "gl_account", "es_shard", "auth_group",
        "auth_group_permissions"}
# Rows that record an attempt, not a change: a refusal writes its answer here and nowhere else.
ATTEMPTS = {"es_command"}


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def empty_the_books() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER guard_append_only")
        cursor.execute("TRUNCATE " + ", ".join(name for name in tables() if name not in KEPT) + " CASCADE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER guard_append_only")
        cursor.execute("DELETE FROM es_shard")
        cursor.execute("INSERT INTO es_shard (shard, pos) SELECT n, 0 FROM generate_series(0, 255) n")


def fingerprint(*, attempts: bool = False) -> dict[str, str]:
    """Return a digest per table; the record of attempts is left out unless asked for."""
    digests = {}
    with connection.cursor() as cursor:
        for table in tables():
            if table in ATTEMPTS and not attempts:
                continue
            cursor.execute(f"SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM {table} t")
            digests[table] = hashlib.sha256((cursor.fetchone()[0] or "").encode()).hexdigest()
    return digests
