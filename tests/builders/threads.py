"""Running several calls at the same moment, each on a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

WAIT_SECONDS_MAX = 60


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls behind one barrier and return what they returned; a failure of any is raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(WAIT_SECONDS_MAX)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(WAIT_SECONDS_MAX) for future in [pool.submit(run, call) for call in calls]]


def repeated(call: Callable[[], Any], times: int) -> list[Any]:
    """Run the same call in many threads at once."""
    return together(*[call] * times)


class Pause:
    """Stops the thread that executes a matching statement until it is told to go on."""

    def __init__(self, *, before: str) -> None:
        self.marker = before
        self.reached = threading.Event()
        self.released = threading.Event()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Act as a wrapper of Django's cursor."""
        if self.marker in str(sql) and not self.reached.is_set():
            self.reached.set()
            assert self.released.wait(WAIT_SECONDS_MAX), "nobody let the paused statement go on"
        return execute(sql, params, many, context)


class Paused:
    """A call in another thread that is held just before one of its statements."""

    def __init__(self, call: Callable[[], Any], *, before: str) -> None:
        self.pause = Pause(before=before)
        self.pool = ThreadPoolExecutor(1)
        self.future = self.pool.submit(self._run, call)
        assert self.pause.reached.wait(WAIT_SECONDS_MAX), f"no statement contains {before}"

    def _run(self, call: Callable[[], Any]) -> Any:
        try:
            with connection.execute_wrapper(self.pause):
                return call()
        finally:
            connections.close_all()

    def finish(self) -> Any:
        """Let the call go on and return what it returned."""
        self.pause.released.set()
        try:
            return self.future.result(WAIT_SECONDS_MAX)
        finally:
            self.pool.shutdown()


def waiting_backends(names: Sequence[str] = ("Lock",)) -> int:
    """Return how many sessions of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = ANY (%s)",
            (list(names),),
        )
        return cursor.fetchone()[0]
