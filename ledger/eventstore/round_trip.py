"""Several statements in one round trip.

Owns: joining SQL statements with their parameters into one message. Refuses to know: what they do.
Parameters are put in place by the client, once for the whole message, so nothing is prepared on the
server and a pooler between them does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def send_together(cursor: Any, statements: Iterable[tuple[str, Any]]) -> None:
    """Execute the statements in order with one message; results are read set by set."""
    texts: list[str] = []
    values: list[Any] = []
    for sql, params in statements:
        if isinstance(params, dict):
            texts.append(cursor.mogrify(sql, params).replace("%", "%%"))
        else:
            texts.append(sql)
            values.extend(params)
    cursor.execute("; ".join(texts), values)
