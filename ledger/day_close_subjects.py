"""Giving the commands of a day-close step, one subject after the other.

Owns: the keys of these commands, and that one subject that cannot be dealt with is set aside and does not stop
the rest. Refuses to know: which subjects there are, and what a command does.

Set aside is what concerns a subject: a fault of its command, or a refusal that the step did not expect. What
concerns everybody stops the step instead: a database that is gone, or twenty subjects in a row that fail, which
is a fault of the step. A step that stopped goes on at the next run of the close.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import InterfaceError, OperationalError

from ledger import day_close_problems as problems
from ledger.day_close_running import Counter
from ledger.eventstore.commands import Actor, Command
from ledger.eventstore.processor import Busy, KeyReused, execute

ACTOR = Actor("system:day-close", frozenset({"system"}))
CONCERNS_EVERYBODY = (OperationalError, InterfaceError, MemoryError)
BUSY_TRIES_MAX = 3
FAILED_IN_A_ROW_MAX = 20
Told = Callable[[str, dict[str, Any]], None]


class StepStopped(Exception):
    """So many subjects in a row failed that the step itself must be at fault."""


def give(command: Command, *, day: date, step: str, subject: object) -> dict[str, Any]:
    """Give a command that must work: its refusal or fault stops the shard."""
    return _answer(command, key=f"close:{day}:{step}:{subject}")


def give_each(
    commands: Mapping[str, Command],
    *,
    shard: int,
    day: date,
    step: str,
    key: str = "",
    told: Told = lambda _subject, _result: None,
) -> int:
    """Give each subject's command once and return how many were given; raises StepStopped.

    Subjects that were set aside before come first: with the command of today, or, where today asks nothing of
    them, with the one that failed. ``key`` begins the idempotency keys in place of ``close:DATE:STEP``;
    ``told`` is called with each subject and the result of its command.
    """
    waiting = problems.open_problems(shard=shard, step=step)
    asked = {subject: command for subject, command in waiting.items() if command is not None}
    turns = {**asked, **commands}
    counter = Counter(shard=shard, day=day, step=step, total=len(turns))
    failed_in_a_row, has_worked = 0, False
    for subject, command in turns.items():
        counter.count()
        try:
            result = _answer(command, key=f"{key or f'close:{day}:{step}'}:{subject}")
        except CONCERNS_EVERYBODY:
            raise
        except Exception as error:
            problems.set_aside(shard=shard, day=day, step=step, subject=subject, command=command, error=error)
            failed_in_a_row += 1
            if failed_in_a_row >= FAILED_IN_A_ROW_MAX and not has_worked:
                raise StepStopped(f"{failed_in_a_row} subjects in a row failed at {step}") from error
            continue
        failed_in_a_row, has_worked = 0, True
        if subject in waiting:
            problems.resolve(shard=shard, step=step, subject=subject, by=f"close of {day}")
        told(subject, result)
    return len(turns)


def _answer(command: Command, *, key: str) -> dict[str, Any]:
    """Return the result of a command, or raise its refusal.

    A key that was used differently was used before an interruption: the step's turn for this subject is
    over, although it would ask for something else now (an account has money that had none).
    """
    outcome = execute(command, actor=ACTOR, key=key)
    for _ in range(BUSY_TRIES_MAX - 1):
        if not isinstance(outcome.refusal, Busy):
            break
        outcome = execute(command, actor=ACTOR, key=key)
    if isinstance(outcome.refusal, KeyReused):
        return {}
    return outcome.value()
