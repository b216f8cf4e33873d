"""Reading all of history at one moment, while others go on writing.

Owns: one snapshot for as many statements as a proof needs, and rows by the thousand instead of all at
once. Refuses to know: what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

CHUNK = 2000


@contextmanager
def one_view() -> Iterator[None]:
    """Let every statement of the block see the same committed state; nobody is made to wait.

    Inside a transaction that has begun already its own isolation applies.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def stream_rows(sql: str, params: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield rows through a cursor on the server, so that memory does not grow with history."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params or None)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
