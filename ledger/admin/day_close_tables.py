"""The tables of a close: its steps, the shards at work, and what was set aside.

Owns: columns and wording. Refuses to know: how the state was found, and which page shows it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from config.admin import links
from config.admin.formatting import NOTHING, day, moment
from config.admin.sections import Column, Table
from ledger.day_close_progress import CloseState, Problem, Running

# Which page shows the subject of a step; other subjects are entities.
LOAN_STEPS = frozenset({"debit", "ageing", "deduction"})


def step_table(state: CloseState) -> Table:
    """Return each step with where it is done, the loans it dealt with, and its pace."""
    figures = [
        Column(name, is_figure=True) for name in ("shards", "loans", "work", "loans a second", "problems")
    ]
    rows = [
        [
            step.name,
            step.shards,
            f"{step.done:,}",
            f"{step.took_ms / 1000:,.1f} s",
            f"{step.per_second:,.0f}" if step.per_second else NOTHING,
            step.problems,
            moment(step.last_finished),
        ]
        for step in state.steps
    ]
    return Table(["step", *figures, "last finished"], rows)


def running_table(state: CloseState) -> Table:
    """Return the shards whose close is under way, and in which process."""
    figures = [Column(name, is_figure=True) for name in ("loans", "of")]
    return Table(
        ["shard", "process", "step", *figures, "began", "last sign of life"],
        [_running_row(shard) for shard in state.running],
    )


def _running_row(shard: Running) -> list[Any]:
    sign = f"{shard.silent_seconds} s ago" + (", may be gone" if shard.is_silent else "")
    step = shard.step or "begun"
    return [shard.shard, shard.worker, step, shard.given, shard.total, moment(shard.began_at), sign]


def problem_table(request: HttpRequest, state: CloseState) -> Table:
    """Return what was set aside on the date, with a link to its record."""
    rows = [
        [
            problem.step,
            subject_link(request, problem),
            problem.shard,
            problem.error,
            problem.message,
            problem.attempts,
            day(problem.first_date),
            f"resolved {moment(problem.resolved_at)}" if problem.resolved_at else "open",
        ]
        for problem in state.problems
    ]
    columns = [
        "step",
        "subject",
        "shard",
        "error",
        "message",
        Column("tries", is_figure=True),
        "since",
        "state",
    ]
    return Table(columns, rows)


def subject_link(request: HttpRequest, problem: Problem) -> Any:
    """Return a link to the loan or entity that was set aside, for who may see it."""
    label = links.LOAN if problem.step in LOAN_STEPS else links.ENTITY
    return links.permitted_link(request, label, UUID(problem.subject), problem.subject)
