"""Whether the process lives and whether it can serve, for machines that ask without signing in.

Owns: the two answers. Refuses to know: anything about a borrower; nothing here is worth hiding.
A late outbox, or a clock that was set back, is reported and does not make the process unready: the web process
can serve while a worker is down, and taking it away as well would help nobody.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from ledger.eventstore.recorded_time import TOLERATED_SECONDS, seconds_behind

OUTBOX_LATE_SECONDS: Final = 300
OUTBOX: Final = (
    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::bigint"
    " FROM es_outbox WHERE state = 'pending'"
)


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; nothing else is looked at."""
    del request
    return _answer({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and has this version's tables, and how old the outbox is."""
    del request
    try:
        missing = _migrations_missing()
        report = {
            "database": "ok",
            "migrations_missing": missing,
            "outbox": None if missing else _outbox(),
            "clock": None if missing else _clock(),
        }
    except DatabaseError:
        return _answer({"status": "not ready", "database": "does not answer"}, status=503)
    ready = not missing
    return _answer({"status": "ready" if ready else "not ready", **report}, status=200 if ready else 503)


def _migrations_missing() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _outbox() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(OUTBOX)
        pending, oldest_seconds = cursor.fetchone()
    late = oldest_seconds > OUTBOX_LATE_SECONDS
    return {"pending": pending, "oldest_seconds": oldest_seconds, "late": late}


def _clock() -> dict[str, Any]:
    behind = round(seconds_behind(), 1)
    return {"seconds_behind": behind, "set_back": behind > TOLERATED_SECONDS}


def _answer(body: dict[str, Any], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
