"""Who is closing which shard at the moment, and how far the step has come.

Owns: the row of a shard under way and its signs of life. Refuses to know: what a step does. The row is for
people who watch: it locks nothing, and a process that dies leaves it behind, silent.
"""

from __future__ import annotations

import os
import socket
import time
from datetime import date

from django.db import connection

SIGN_OF_LIFE_SECONDS = 1.0
BEGIN = (
    "INSERT INTO day_close_run AS r"
    " (shard, business_date, step, worker, began_at, seen_at, given, total)"
    " VALUES (%s, %s, '', %s, clock_timestamp(), clock_timestamp(), 0, 0)"
    " ON CONFLICT (shard) DO UPDATE SET business_date = excluded.business_date, step = '',"
    " worker = excluded.worker, began_at = excluded.began_at, seen_at = excluded.seen_at, given = 0, total = 0"
)
END = "DELETE FROM day_close_run WHERE shard = %s AND worker = %s"
SIGN = (
    "UPDATE day_close_run SET step = %s, given = %s, total = %s, seen_at = clock_timestamp()"
    " WHERE shard = %s AND business_date = %s"
)


def worker_name() -> str:
    """Return the process as an operator knows it: host and process number."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Counter:
    """Counts the commands of one step of one shard, and says so at most once a second."""

    def __init__(self, *, shard: int, day: date, step: str, total: int) -> None:
        self._place = (shard, day)
        self._step = step
        self._total = total
        self._given = 0
        self._said_at = time.monotonic()

    def count(self) -> None:
        """Count one command."""
        self._given += 1
        if time.monotonic() - self._said_at >= SIGN_OF_LIFE_SECONDS:
            self._said_at = time.monotonic()
            with connection.cursor() as cursor:
                cursor.execute(SIGN, (self._step, self._given, self._total, *self._place))
