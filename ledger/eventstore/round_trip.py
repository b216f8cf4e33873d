"""Several statements in one round trip.

Owns: joining SQL statements with their parameters into one message. Refuses to know: what they do.
Parameters are put in place by the client, statement by statement: the client remembers how it took a short
statement apart, but takes the joined text, which is never the same twice, apart anew each time. What comes
often is executed by the name of a plan that the server keeps (``kept_plans``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.eventstore.kept_plans import as_kept


def send_together(cursor: Any, statements: Iterable[tuple[str, Any]], *, keeps_plans: bool = True) -> None:
    """Execute the statements in order with one message; results are read set by set.

    Where tables are hidden by temporary ones, plans that were made for the hidden ones must not be used.
    """
    if keeps_plans:
        statements = [(as_kept(cursor, sql), params) for sql, params in statements]
    cursor.execute("; ".join([cursor.mogrify(sql, params) for sql, params in statements]))


def send(cursor: Any, sql: str, params: Any) -> None:
    """Execute one statement that comes often."""
    cursor.execute(as_kept(cursor, sql), params)
