"""The day close: what has to happen to a shard before its business date is done.

Owns: the order of the steps, their record, resuming and catching up. Refuses to know: Celery, and what
each step does; other apps register their steps here.

Steps before ``CUT_OFF`` book on the closing date. The cut-off posts the accrual and opens the next date
in one transaction. Steps after it look at the new date, on which yesterday's unpaid instalments are one
day past due. Each step is recorded when it is finished; a step that was interrupted runs again, and its
commands, which carry keys made of the date, the step and the loan, are answered from the books. A loan that
cannot be dealt with is set aside (``day_close_subjects``); only the cut-off is all or nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from ledger.commands.age_loan import AgeLoan
from ledger.commands.post_accrual import PostAccrual
from ledger.commands.post_provision import PostProvision
from ledger.day_close_running import BEGIN, END, worker_name
from ledger.day_close_subjects import give, give_each

logger = logging.getLogger(__name__)

CUT_OFF = 20
LONG_STEP = 20  # commands
RECORD = (
    "INSERT INTO day_close (business_date, shard, step, done, took_ms, finished_at)"
    " SELECT %s, %s, step, done, took_ms, clock_timestamp()"
    " FROM unnest(%s::text[], %s::int[], %s::int[]) AS t(step, done, took_ms)"
    " ON CONFLICT DO NOTHING"
)
CLOSE_IDLE = (
    "SELECT es_close_idle_shards(array(SELECT s.shard FROM es_shard s WHERE s.shard = ANY (%s::smallint[])"
    " AND NOT EXISTS (SELECT 1 FROM day_close_problem p WHERE p.shard = s.shard AND p.resolved_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM accrual_segment a WHERE a.shard = s.shard"
    " AND (a.ends_on IS NULL OR a.ends_on > s.open_date))"
    " AND NOT EXISTS (SELECT 1 FROM provision p WHERE p.shard = s.shard AND p.allowance_minor <> 0)), %s)"
)
RunStep = Callable[[int, date], int]
Finished = dict[str, tuple[int, int]]  # by step: commands given, milliseconds


@dataclass(frozen=True)
class Step:
    """One step: its place in the order, its name, and the function that runs it for (shard, date).

    ``key`` names it where its commands and problems are kept; it never changes.
    """

    order: int
    name: str
    run: RunStep
    key: str = ""


_STEPS: list[Step] = []


def day_close_step(order: int, name: str, *, key: str) -> Callable[[RunStep], RunStep]:
    """Register a step. The function returns how many commands it gave."""

    def register(run: RunStep) -> RunStep:
        _STEPS.append(Step(order, name, run, key))
        _STEPS.sort(key=lambda step: step.order)
        return run

    return register


def step_names() -> tuple[str, ...]:
    """Return the names of all steps in their order."""
    return tuple(step.name for step in _STEPS)


def step_keys() -> dict[str, str]:
    """Return each step's name by the key under which its problems are kept."""
    return {step.key: step.name for step in _STEPS}


def shards_behind(*, through: date) -> list[int]:
    """Return the shards in which a date is not closed yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shard FROM es_shard WHERE closed_through < %s ORDER BY shard", (through,))
        return [shard for (shard,) in cursor.fetchall()]


def close_shards_through(*, shards: Iterable[int], through: date) -> int:
    """Close each shard date by date through a date; return how many (shard, date) pairs were closed.

    A shard that fails does not hold up the others; raises an ExceptionGroup at the end.
    """
    wanted = list(shards)
    closed = _close_idle(wanted, through)
    failures: list[Exception] = []
    behind = set(shards_behind(through=through))
    for shard in (one for one in wanted if one in behind):
        try:
            closed += _close_shard_through(shard, through)
        except Exception as failure:
            logger.exception("the day close of shard %s stopped", shard)
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"the day close of {len(failures)} shards stopped", failures)
    return closed


def _close_idle(shards: list[int], through: date) -> int:
    """Close the shards without a running loan, in one statement.

    What was set aside has to be tried again, a loan that was paid in advance goes on earning, and what is held
    against losses is to be released.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_IDLE, (shards, through))
        return int(cursor.fetchone()[0])


def _close_shard_through(shard: int, through: date) -> int:
    closed = 0
    while (day := _day_to_close(shard)) is not None and day <= through:
        close_shard(shard=shard, day=day)
        closed += 1
    return closed


def close_shard(*, shard: int, day: date) -> None:
    """Run the steps that are not recorded yet and mark the date as closed in the shard.

    Long steps are recorded when they end, the others together with the mark: running a short one again
    costs little. Steps up to the cut-off are over once the shard's date has moved on, recorded or not.
    """
    recorded, has_moved_on = _progress(shard, day)
    finished: Finished = {}
    for step in _STEPS:
        if step.name in recorded:
            continue
        begun = time.monotonic()
        is_over = has_moved_on and step.order <= CUT_OFF
        done = 0 if is_over else step.run(shard, day)
        finished[step.name] = (done, round((time.monotonic() - begun) * 1000))
        if done >= LONG_STEP:
            _record(shard, day, finished)
            finished = {}
    _record_and_mark_closed(shard, day, finished)


def _day_to_close(shard: int) -> date | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed_through + 1 FROM es_shard WHERE shard = %s", (shard,))
        row = cursor.fetchone()
    return row[0] if row else None


def _progress(shard: int, day: date) -> tuple[set[str], bool]:
    """Return the steps that are recorded, and whether the cut-off has been committed; say who closes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH running AS ({BEGIN})"  # noqa: S608
            " SELECT array(SELECT step FROM day_close WHERE business_date = %s AND shard = %s), open_date > %s"
            " FROM es_shard WHERE shard = %s",
            (shard, day, worker_name(), day, shard, day, shard),
        )
        recorded, has_moved_on = cursor.fetchone()
    return set(recorded), has_moved_on


def _record(shard: int, day: date, finished: Finished) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RECORD, (day, shard, *_columns(finished)))


def _record_and_mark_closed(shard: int, day: date, finished: Finished) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH recorded AS ({RECORD}), ended AS ({END}) SELECT es_close_shard(%s::smallint, %s)",
            (day, shard, *_columns(finished), shard, worker_name(), shard, day),
        )


def _columns(finished: Finished) -> tuple[list[str], list[int], list[int]]:
    return list(finished), [done for done, _ in finished.values()], [took for _, took in finished.values()]


@day_close_step(CUT_OFF, "accrual", key="accrual")
def post_accrual(shard: int, day: date) -> int:
    """Post interest and penalty of the date and open the next one."""
    give(PostAccrual(shard=shard, business_date=day), day=day, step="accrual", subject=shard)
    return 1


# A loan says itself on which day something next happens to it without anybody's doing.
LOANS_TO_AGE = "SELECT id FROM loan WHERE shard = %s AND wakes_on <= %s ORDER BY wakes_on, id"


@day_close_step(30, "ageing", key="ageing")
def age_loans(shard: int, day: date) -> int:
    """Record what the new date has made of loans, as of the morning after the closing date."""
    with connection.cursor() as cursor:
        cursor.execute(LOANS_TO_AGE, (shard, day + timedelta(days=1)))
        loans = [loan_id for (loan_id,) in cursor.fetchall()]
    return give_each(
        {str(loan_id): AgeLoan(loan_id=loan_id) for loan_id in loans}, shard=shard, day=day, step="ageing"
    )


@day_close_step(60, "provision", key="provision")
def post_provision(shard: int, day: date) -> int:
    """Hold against losses what the categories of the new date ask for."""
    give(PostProvision(shard=shard, business_date=day), day=day, step="provision", subject=shard)
    return 1
