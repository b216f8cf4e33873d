"""The figures of the overview: counts, totals and progress, each read by one query.

Owns: these queries. Refuses to know: who sees a figure and how it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from ledger.eventstore.shards import SHARD_COUNT

SHARDS_PER_GROUP = 16


@dataclass(frozen=True)
class StatusRow:
    """How many records of one status there are, and what they amount to in one currency."""

    status: str
    currency: str
    records: int
    amount_minor: int


@dataclass(frozen=True)
class ShardGroup:
    """A group of neighbouring shards and how far the close of a date has come in it."""

    name: str
    closed: int
    steps: int

    size: int = SHARDS_PER_GROUP


@dataclass(frozen=True)
class CloseProgress:
    """The close that is in progress, or would be the next one."""

    day: date
    groups: tuple[ShardGroup, ...]

    @property
    def closed(self) -> int:
        """Return how many shards have closed the date."""
        return sum(group.closed for group in self.groups)

    @property
    def is_running(self) -> bool:
        """Say whether anything of the date has been done yet."""
        return any(group.closed or group.steps for group in self.groups)


def entity_counts() -> tuple[int, int]:
    """Return how many entities there are, and how many of them are blacklisted."""
    row = _rows("SELECT count(*), count(blacklisted_on) FROM legal_entity")[0]
    return row[0], row[1]


def loans_by_status() -> list[StatusRow]:
    """Return loans and their outstanding principal per status and currency."""
    return _by_status("loan", "outstanding_minor")


def lines_by_status() -> list[StatusRow]:
    """Return credit lines and their limits per status and currency."""
    return _by_status("credit_line", "limit_minor")


def outbox_counts() -> dict[str, int]:
    """Return how many messages wait, and how many wait for a person."""
    sql = "SELECT state, count(*) FROM es_outbox WHERE state <> 'done' GROUP BY 1"
    return {"pending": 0, "dead": 0} | dict(_rows(sql))


def close_progress() -> CloseProgress | None:
    """Return how far the earliest date that is not closed has come; None before the books open."""
    closed_through = _rows("SELECT min(closed_through) FROM es_shard")[0][0]
    if closed_through is None:
        return None
    day = closed_through + timedelta(days=1)
    closed = dict(_rows(f"SELECT shard / {SHARDS_PER_GROUP}, count(*) FROM es_shard"  # noqa: S608
                        " WHERE closed_through >= %s GROUP BY 1", day))  # fmt: skip
    steps = dict(_rows(f"SELECT shard / {SHARDS_PER_GROUP}, count(*) FROM day_close"  # noqa: S608
                       " WHERE business_date = %s GROUP BY 1", day))  # fmt: skip
    groups = range(SHARD_COUNT // SHARDS_PER_GROUP)
    return CloseProgress(day, tuple(_group(number, closed, steps) for number in groups))


def _by_status(table: str, amount: str) -> list[StatusRow]:
    found = _rows(
        f"SELECT status, currency, count(*), sum({amount})::bigint FROM {table}"  # noqa: S608
        " GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [StatusRow(*row) for row in found]


def _group(number: int, closed: dict[int, int], steps: dict[int, int]) -> ShardGroup:
    first = number * SHARDS_PER_GROUP
    return ShardGroup(f"{first}-{first + SHARDS_PER_GROUP - 1}", closed.get(number, 0), steps.get(number, 0))


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
