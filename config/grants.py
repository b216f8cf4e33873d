"""What the application's database role may do: read everything, rewrite nothing that is history.

Owns: the role and its grants, set again after every migration by the owner of the tables.
Refuses to know: how the application logs in (``config.database``).
"""

from typing import Any

from django.db import connections

from config.embedded_postgres import APP_ROLE

# Written by the event store's functions only, which run with the owner's rights.
READ_ONLY = (
    "es_event",
    "es_command",
    "es_snapshot",
    "es_shard",
    "es_clock",
    "journal_entry",
    "journal_line",
    "gl_account",
    "accrual_run",
    "accrual_row",
    "period_close",
)
INSERT_ONLY = ("day_close",)
FUNCTIONS = (
    "es_begin",
    "es_append",
    "es_lock",
    "es_lock_shard",
    "es_post_accrual",
    "es_open_books",
    "es_close_shard",
    "es_close_idle_shards",
    "es_close_period",
    "es_await_writer",
    "es_await_writers",
    "es_now",
    "es_seen",
    "es_tick",
)


def grant_application_role(*, using: str, **_kwargs: Any) -> None:
    """Create the role if it is missing and give it exactly its rights (signal: post_migrate)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname = current_user FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        row = cursor.fetchone()
        if row is not None and row[0]:
            return
        if row is None:
            # Roles belong to the whole server: another database may be migrated at the same moment.
            cursor.execute(
                f"DO $$ BEGIN CREATE ROLE {APP_ROLE} LOGIN;"
                " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            )
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        existing = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT proname FROM pg_proc WHERE proname = ANY (%s)", [list(FUNCTIONS)])
        functions = sorted({name for (name,) in cursor.fetchall()})
        cursor.execute("; ".join(_statements(existing, functions)))


def _statements(existing: set[str], functions: list[str]) -> list[str]:
    return [
        f"GRANT USAGE ON SCHEMA public, pgmq TO {APP_ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
        *(
            f"REVOKE ALL ON {table} FROM {APP_ROLE}, PUBLIC"
            for table in READ_ONLY + INSERT_ONLY
            if table in existing
        ),
        *(f"GRANT SELECT ON {table} TO {APP_ROLE}" for table in READ_ONLY if table in existing),
        *(f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE}" for table in INSERT_ONLY if table in existing),
        f"GRANT CREATE ON SCHEMA pgmq TO {APP_ROLE}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA pgmq TO {APP_ROLE}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA pgmq TO {APP_ROLE}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgmq TO {APP_ROLE}",
        *(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC" for name in functions),
        *(f"GRANT EXECUTE ON FUNCTION {name} TO {APP_ROLE}" for name in functions),
    ]
