"""How far the close of a business date has come: shards, steps, problems, and who is at work.

Owns: these queries. Refuses to know: how they are shown, and who may see them. The lender's date is closed when
all 256 shards have closed it, and not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from ledger.day_close import step_keys, step_names
from ledger.eventstore.shards import SHARD_COUNT

SILENT_SECONDS = 60
STEPS = (
    "SELECT step, count(*)::int, sum(done)::bigint, coalesce(sum(took_ms), 0)::bigint, max(finished_at)"
    " FROM day_close WHERE business_date = %s GROUP BY step"
)
PROBLEMS = (
    "SELECT id, shard, step, subject, error, message, business_date, last_date, attempts, last_seen, resolved_at"
    " FROM day_close_problem WHERE business_date <= %s AND (last_date >= %s OR resolved_at IS NULL)"
    " ORDER BY step, shard, id"
)
RUNNING = (
    "SELECT shard, business_date, step, worker, began_at, given, total,"
    " extract(epoch FROM clock_timestamp() - seen_at)::int"
    " FROM day_close_run ORDER BY business_date, shard"
)
SPAN = (
    "SELECT min(finished_at - coalesce(took_ms, 0) * interval '1 millisecond'), max(finished_at)"
    " FROM day_close WHERE business_date = %s"
)
ACCRUED = "SELECT coalesce(sum(rows), 0)::bigint FROM accrual_run WHERE business_date = %s"


@dataclass(frozen=True)
class StepState:
    """One step over all shards: where it is done, how many loans it dealt with, and for how long it worked."""

    name: str
    shards: int
    done: int
    took_ms: int
    problems: int
    last_finished: datetime | None

    @property
    def per_second(self) -> float | None:
        """Return loans per second of the work of one process; None where too little was done to say."""
        return self.done * 1000 / self.took_ms if self.done and self.took_ms else None


@dataclass(frozen=True)
class Problem:
    """A subject that was set aside on the dates from the first to the last, or still is."""

    id: int
    shard: int
    step: str
    subject: str
    error: str
    message: str
    first_date: date
    last_date: date
    attempts: int
    last_seen: datetime
    resolved_at: datetime | None


@dataclass(frozen=True)
class Running:
    """A shard whose close is under way."""

    shard: int
    business_date: date
    step: str
    worker: str
    began_at: datetime
    given: int
    total: int
    silent_seconds: int

    @property
    def is_silent(self) -> bool:
        """Say whether the process has given no sign of life for so long that it may be gone."""
        return self.silent_seconds > SILENT_SECONDS


@dataclass(frozen=True)
class CloseState:
    """The close of one date."""

    day: date
    shards_closed: int
    steps: tuple[StepState, ...]
    problems: tuple[Problem, ...]
    running: tuple[Running, ...]
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def shards_behind(self) -> int:
        """Return in how many shards the date is not over."""
        return SHARD_COUNT - self.shards_closed

    @property
    def is_closed(self) -> bool:
        """Say whether the lender's date is closed: every shard has closed it."""
        return self.shards_behind == 0

    @property
    def open_problems(self) -> int:
        """Return how many of the date's problems nobody has resolved."""
        return sum(problem.resolved_at is None for problem in self.problems)

    @property
    def seconds(self) -> float | None:
        """Return the time from the beginning of the first step to the end of the last one so far."""
        if self.began_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.began_at).total_seconds()

    @property
    def per_second(self) -> float | None:
        """Return loans a second over that time, each counted once per step."""
        done = sum(step.done for step in self.steps)
        return done / self.seconds if self.seconds else None


def day_in_progress() -> date | None:
    """Return the earliest date that not every shard has closed, if a shard is past it or at work on it; else the
    last one that is closed. None before the books are opened.
    """
    least, most = _rows("SELECT min(closed_through), max(open_date) - 1 FROM es_shard")[0]
    if least is None:
        return None
    first: date = least + timedelta(days=1)
    is_begun = most > least or _rows("SELECT 1 FROM day_close_run WHERE business_date > %s LIMIT 1", least)
    return first if is_begun else first - timedelta(days=1)


def close_state(day: date) -> CloseState:
    """Return how far the close of a date has come."""
    (closed,) = _rows("SELECT count(*)::int FROM es_shard WHERE closed_through >= %s", day)[0]
    problems = tuple(Problem(*row) for row in _rows(PROBLEMS, day, day))
    running = tuple(Running(*row) for row in _rows(RUNNING))
    began_at, ended_at = _rows(SPAN, day)[0]
    return CloseState(
        day=day,
        shards_closed=closed,
        steps=_steps(day, problems),
        problems=problems,
        running=tuple(shard for shard in running if shard.business_date == day),
        began_at=began_at,
        ended_at=ended_at,
    )


def open_problem_count() -> int:
    """Return how many subjects are set aside and wait."""
    (count,) = _rows("SELECT count(*)::int FROM day_close_problem WHERE resolved_at IS NULL")[0]
    return int(count)


def _steps(day: date, problems: tuple[Problem, ...]) -> tuple[StepState, ...]:
    """Return every step in its order; the accrual is one command a shard, so its loans are counted instead."""
    found = {row[0]: row for row in _rows(STEPS, day)}
    (accrued,) = _rows(ACCRUED, day)[0]
    names = step_keys()
    states = []
    for name in [*step_names(), *sorted(set(found) - set(step_names()))]:
        _, shards, done, took_ms, ended = found.get(name, (name, 0, 0, 0, None))
        open_ones = sum(names.get(p.step) == name and p.resolved_at is None for p in problems)
        states.append(
            StepState(name, shards, accrued if name == "accrual" else done, took_ms, open_ones, ended)
        )
    return tuple(states)


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
