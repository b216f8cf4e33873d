"""A process that kills itself at one numbered moment of what it does to the database.

Method: an undisturbed run is watched and its statements are numbered, BEGIN and COMMIT included. Then a
forked child does the same and sends itself SIGKILL just before the n-th statement. A commit has two more
moments: sent and its answer never read, and answered. Nothing of the child runs after that: no rollback,
no closing of the connection, no ``finally``.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from psycopg._connection_base import BaseConnection

BEFORE, SENT, AFTER = "before", "sent", "after"
FAILED = 9
Moment = tuple[int, str]


def watched(act: Callable[[], Any]) -> tuple[Any, list[Moment]]:
    """Run ``act`` and return its result and every moment at which it can be killed.

    It begins with a new connection, as the child does: which statements are sent depends on what it has prepared.
    """
    watch = _Watch(None)
    connections.close_all()
    connection.ensure_connection()
    with watch.over_everything():
        result = act()
    return result, watch.moments


def is_killed(act: Callable[[], Any], *, at: Moment) -> bool:
    """Run ``act`` in a child that dies at a moment; say False if it got to its end before that."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        _live_and_die(act, at)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, f"the child failed at {at}; its traceback is above"
    return False


def _live_and_die(act: Callable[[], Any], at: Moment) -> None:
    try:
        connection.ensure_connection()
        with _Watch(at).over_everything():
            act()
    except BaseException:
        traceback.print_exc()
        os._exit(FAILED)
    os._exit(0)


class _Watch:
    """Numbers the statements and, in a child, ends the process at its moment."""

    def __init__(self, at: Moment | None) -> None:
        self.at = at
        self.moments: list[Moment] = []
        self.count = 0

    @contextmanager
    def over_everything(self) -> Iterator[None]:
        """Watch Django's statements, and BEGIN and COMMIT, which the driver sends by itself."""
        original = BaseConnection._exec_command
        BaseConnection._exec_command = self._around(original)
        try:
            with connection.execute_wrapper(self._statement):
                yield
        finally:
            BaseConnection._exec_command = original

    def _statement(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self._next()
        self._reach(BEFORE)
        return execute(sql, params, many, context)

    def _around(self, original: Any) -> Any:
        def exec_command(driver: Any, command: bytes, *args: Any, **kwargs: Any) -> Any:
            number = self._next()
            self._reach(BEFORE)
            if command == b"COMMIT" and self.at == (number, SENT):
                driver.pgconn.send_query(command)
                while driver.pgconn.flush():
                    pass
            if command == b"COMMIT":
                self._reach(SENT)
            result = yield from original(driver, command, *args, **kwargs)
            if command == b"COMMIT":
                self._reach(AFTER)
            return result

        return exec_command

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _reach(self, phase: str) -> None:
        moment = (self.count, phase)
        self.moments.append(moment)
        if moment == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()
