"""Running several calls at the same moment, each on a database connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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
    """Stops the thread at a matching statement, before or after it is executed, until it is told to go on."""

    def __init__(self, *, marker: str, after: bool) -> None:
        self.marker = marker
        self.after = after
        self.reached = threading.Event()
        self.released = threading.Event()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Act as a wrapper of Django's cursor."""
        if self.reached.is_set() or self.marker not in f"{sql} {params}":
            return execute(sql, params, many, context)
        if not self.after:
            self._wait()
            return execute(sql, params, many, context)
        result = execute(sql, params, many, context)
        self._wait()
        return result

    def _wait(self) -> None:
        self.reached.set()
        assert self.released.wait(WAIT_SECONDS_MAX), "nobody let the paused statement go on"


class Held:
    """A call in another thread that is held at one of its statements, locks and all, while the block runs."""

    def __init__(self, call: Callable[[], Any], *, before: str = "", after: str = "") -> None:
        self.pause = Pause(marker=before or after, after=bool(after))
        self.pool = ThreadPoolExecutor(1)
        self.future = self.pool.submit(self._run, call)
        assert self.pause.reached.wait(WAIT_SECONDS_MAX), f"no statement contains {before or after}"

    def _run(self, call: Callable[[], Any]) -> Any:
        try:
            with connection.execute_wrapper(self.pause):
                return call()
        finally:
            connections.close_all()

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *failure: object) -> None:
        self.finish()

    def finish(self) -> Any:
        """Let the call go on and return what it returned."""
        self.pause.released.set()
        try:
            return self.future.result(WAIT_SECONDS_MAX)
        finally:
            self.pool.shutdown()


class Background:
    """A call in another thread that is expected to wait for somebody else."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.future = self.pool.submit(self._run, call)

    def _run(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connections.close_all()

    def is_waiting_for_a_lock(self) -> bool:
        """Wait until a session of this database waits for a lock; say False if the call ends before that."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not self.future.done() and time.monotonic() < deadline:
            if sessions_waiting_for_locks():
                return True
            time.sleep(0.01)
        return False

    def finish(self) -> Any:
        try:
            return self.future.result(WAIT_SECONDS_MAX)
        finally:
            self.pool.shutdown()


def sessions_waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
