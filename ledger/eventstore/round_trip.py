"""Several statements in one round trip.

Owns: joining SQL statements with their parameters into one message. Refuses to know: what they do.
Parameters are put in place by the client, so nothing is prepared on the server and a pooler between them does
not matter. It is done statement by statement: the client remembers how it took a short statement apart, but
takes the joined text, which is never the same twice, apart anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def send_together(cursor: Any, statements: Iterable[tuple[str, Any]]) -> None:
    """Execute the statements in order with one message; results are read set by set."""
    cursor.execute("; ".join([cursor.mogrify(sql, params) for sql, params in statements]))
