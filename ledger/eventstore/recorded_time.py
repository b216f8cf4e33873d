"""The time at which facts are recorded, which never runs backwards.

Owns: noting every few seconds the latest time that was seen, below which the database records nothing, and
reporting a server's clock that was set back. Refuses to know: business dates, and what is recorded.
Until the clock has caught up, each append is recorded a microsecond after the latest time seen.
"""

from __future__ import annotations

import logging

from django.db import connection

logger = logging.getLogger(__name__)

# A clock that is slewed, not set back, may stand still for a moment.
TOLERATED_SECONDS = 1.0
BEHIND = "SELECT extract(epoch FROM greatest(es_now() - clock_timestamp(), interval '0'))"


def note() -> float:
    """Note the time; return by how many seconds the server's clock is behind the latest that was noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM es_tick())")
        behind = float(cursor.fetchone()[0])
    if behind > TOLERATED_SECONDS:
        logger.error("the database server's clock is %.1f seconds behind the time of the books", behind)
    return behind


def seconds_behind() -> float:
    """Return by how many seconds the server's clock is behind the latest time that was noted."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND)
        return float(cursor.fetchone()[0])
