"""The day close: what has to happen to a shard before its business date is done.

Owns: the order of the steps, their record, resuming and catching up. Refuses to know: Celery, and what
each step does; other apps register their steps here.

Steps before ``CUT_OFF`` book on the closing date. The cut-off posts the accrual and opens the next date
in one transaction. Steps after it look at the new date, on which yesterday's unpaid instalments are one
day past due. Each step is recorded when it is finished; a step that was interrupted runs again, and its
commands, which carry keys made of the date, the step and the loan, are answered from the books.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from ledger.commands.age_loan import AgeLoan
from ledger.commands.post_accrual import PostAccrual
from ledger.eventstore.commands import Actor, Command
from ledger.eventstore.processor import KeyReused, execute

logger = logging.getLogger(__name__)

ACTOR = Actor("system:day-close", frozenset({"system"}))
CUT_OFF = 20
LONG_STEP = 20  # commands
RECORD = (
    "INSERT INTO day_close (business_date, shard, step, done, finished_at)"
    " SELECT %s, %s, step, done, clock_timestamp() FROM unnest(%s::text[], %s::int[]) AS t(step, done)"
    " ON CONFLICT DO NOTHING"
)
RunStep = Callable[[int, date], int]


@dataclass(frozen=True)
class Step:
    """One step: its place in the order, its name, and the function that runs it for (shard, date)."""

    order: int
    name: str
    run: RunStep


_STEPS: list[Step] = []


def day_close_step(order: int, name: str) -> Callable[[RunStep], RunStep]:
    """Register a step. The function returns how many commands it gave."""

    def register(run: RunStep) -> RunStep:
        _STEPS.append(Step(order, name, run))
        _STEPS.sort(key=lambda step: step.order)
        return run

    return register


def step_names() -> tuple[str, ...]:
    """Return the names of all steps in their order."""
    return tuple(step.name for step in _STEPS)


def close_shards_through(*, shards: Iterable[int], through: date) -> int:
    """Close each shard date by date through a date; return how many (shard, date) pairs were closed.

    A shard that fails does not hold up the others; raises an ExceptionGroup at the end.
    """
    wanted = list(shards)
    closed = _close_idle(wanted, through)
    failures: list[Exception] = []
    for shard in wanted:
        try:
            closed += _close_shard_through(shard, through)
        except Exception as failure:
            logger.exception("the day close of shard %s stopped", shard)
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"the day close of {len(failures)} shards stopped", failures)
    return closed


def _close_idle(shards: list[int], through: date) -> int:
    """Close the shards without a running loan, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT es_close_idle_shards(%s::smallint[], %s)", (shards, through))
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
    counts: dict[str, int] = {}
    for step in _STEPS:
        if step.name in recorded:
            continue
        is_over = has_moved_on and step.order <= CUT_OFF
        counts[step.name] = 0 if is_over else step.run(shard, day)
        if counts[step.name] >= LONG_STEP:
            _record(shard, day, counts)
            counts = {}
    _record_and_mark_closed(shard, day, counts)


def _day_to_close(shard: int) -> date | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed_through + 1 FROM es_shard WHERE shard = %s", (shard,))
        row = cursor.fetchone()
    return row[0] if row else None


def _progress(shard: int, day: date) -> tuple[set[str], bool]:
    """Return the steps that are recorded, and whether the cut-off has been committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array(SELECT step FROM day_close WHERE business_date = %s AND shard = %s), open_date > %s"
            " FROM es_shard WHERE shard = %s",
            (day, shard, day, shard),
        )
        recorded, has_moved_on = cursor.fetchone()
    return set(recorded), has_moved_on


def _record(shard: int, day: date, counts: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RECORD, (day, shard, list(counts), list(counts.values())))


def _record_and_mark_closed(shard: int, day: date, counts: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH recorded AS ({RECORD}) SELECT es_close_shard(%s::smallint, %s)",
            (day, shard, list(counts), list(counts.values()), shard, day),
        )


def give(command: Command, *, day: date, step: str, subject: object) -> None:
    """Give a command of the day close; a refusal stops the step, since the step asked for it wrongly.

    A key that was used differently was used before an interruption: the step's turn for this subject is
    over, although it would ask for something else now (an account has money that had none).
    """
    outcome = execute(command, actor=ACTOR, key=f"close:{day}:{step}:{subject}")
    if not isinstance(outcome.refusal, KeyReused):
        outcome.value()


@day_close_step(CUT_OFF, "accrual")
def post_accrual(shard: int, day: date) -> int:
    """Post interest and penalty of the date and open the next one."""
    give(PostAccrual(shard=shard, business_date=day), day=day, step="accrual", subject=shard)
    return 1


# A loan says itself on which day something next happens to it without anybody's doing.
LOANS_TO_AGE = "SELECT id FROM loan WHERE shard = %s AND wakes_on <= %s ORDER BY wakes_on, id"


@day_close_step(30, "ageing")
def age_loans(shard: int, day: date) -> int:
    """Record what the new date has made of loans, as of the morning after the closing date."""
    with connection.cursor() as cursor:
        cursor.execute(LOANS_TO_AGE, (shard, day + timedelta(days=1)))
        loans = [loan_id for (loan_id,) in cursor.fetchall()]
    for loan_id in loans:
        give(AgeLoan(loan_id=loan_id), day=day, step="ageing", subject=loan_id)
    return len(loans)
