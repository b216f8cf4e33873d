"""Read models that are written in the command's own transaction.

Owns: the register of projections (which topics, which tables) and the SQL statement as a value.
Refuses to know: aggregates and commands. A projection turns one event into statements and nothing
else, so running it again over the stored events gives the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ledger.kernel.aggregate import DomainEvent


class Statement(NamedTuple):
    """One SQL statement with its parameters."""

    sql: str
    params: tuple[Any, ...] | dict[str, Any]


Projector = Callable[[Any], Iterable[Statement]]

_PROJECTORS: dict[str, list[Projector]] = defaultdict(list)
_REPLAYERS: dict[str, Projector] = {}
PROJECTED_TABLES: dict[str, tuple[str, ...]] = {}
# Tables that are rebuilt with the others although the append function writes them.
JOURNAL_TABLES = {
    "journal_entry": ("posting_date", "shard", "pos"),
    "journal_line": ("posting_date", "shard", "pos", "line_no"),
}


def projection_table(table: str, *, key: tuple[str, ...]) -> None:
    """Declare a table whose every row comes from events; ``key`` orders it for comparison."""
    PROJECTED_TABLES[table] = key


def projects(*topics: str) -> Callable[[Projector], Projector]:
    """Register a function as projector of the given topics."""

    def register(projector: Projector) -> Projector:
        for topic in topics:
            _PROJECTORS[topic].append(projector)
        return projector

    return register


def replays(topic: str) -> Callable[[Projector], Projector]:
    """Register what a rebuild does about a topic in place of its projectors.

    For rows that a database function writes into the guarded tables: a rebuild fills tables of its own.
    """

    def register(replayer: Projector) -> Projector:
        _REPLAYERS[topic] = replayer
        return replayer

    return register


def statements_for(event: DomainEvent) -> Iterable[Statement]:
    """Yield what every projection does about one event, in the order of registration."""
    for projector in _PROJECTORS.get(event.TOPIC, ()):
        yield from projector(event)


def replay_statements_for(event: DomainEvent) -> Iterable[Statement]:
    """Yield what a rebuild does about one event."""
    replayer = _REPLAYERS.get(event.TOPIC)
    yield from replayer(event) if replayer else statements_for(event)


def insert(table: str, **values: Any) -> Statement:
    """Return an INSERT of one row."""
    columns = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    return Statement(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(values.values()))  # noqa: S608


def upsert(
    table: str, rows: list[dict[str, Any]], *, key: tuple[str, ...], once: tuple[str, ...] = ()
) -> Statement:
    """Return an INSERT of rows that writes over those whose key is there; ``once`` columns keep what they have."""
    names = tuple(rows[0])
    marks = f"({', '.join(['%s'] * len(names))})"
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in (*key, *once))
    return Statement(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([marks] * len(rows))}"  # noqa: S608
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}",
        tuple(row[name] for row in rows for name in names),
    )


def update(table: str, *, where: dict[str, Any], **values: Any) -> Statement:
    """Return an UPDATE of the rows that match ``where``."""
    changes = ", ".join(f"{column} = %s" for column in values)
    match = " AND ".join(f"{column} = %s" for column in where)
    return Statement(
        f"UPDATE {table} SET {changes} WHERE {match}",  # noqa: S608
        (*values.values(), *where.values()),
    )
