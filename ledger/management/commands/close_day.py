"""``manage.py close_day``: close business dates in every shard, in this process, or show how far a close is.

Owns: the command line and its exit status. Refuses to know: what a close does, and Celery; the worker does the
same, shard by shard, when beat asks for it.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.day_close import close_shards_through
from ledger.day_close_progress import CloseState, close_state, day_in_progress, open_problem_count
from ledger.eventstore.business_date import business_date
from ledger.eventstore.shards import SHARD_COUNT

STOPPED = 1
SET_ASIDE = 3


class Command(BaseCommand):
    """Closes business dates."""

    help = "Close the open business date in every shard, or every date through the given one."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the last date to close, or the date to show."""
        parser.add_argument(
            "--through", type=date.fromisoformat, help="the last date to close (the open one)"
        )
        parser.add_argument("--status", action="store_true", help="only show how far the close of a date is")
        parser.add_argument(
            "--date", type=date.fromisoformat, help="with --status: which date (the one being closed)"
        )

    def handle(self, *, through: date | None, status: bool, date: date | None, **_options: Any) -> None:
        """Close what is open, catching up shards that are behind."""
        with running_database():
            opened = business_date().open_date
            if opened is None:
                raise CommandError("The books have not been opened; use open_books.")
            if status:
                self._show(close_state(date or day_in_progress() or opened))
                return
            self._close(through or opened)

    def _close(self, last: date) -> None:
        stopped = 0
        try:
            closed = close_shards_through(shards=range(SHARD_COUNT), through=last)
        except ExceptionGroup as failures:
            closed, stopped = 0, len(failures.exceptions)
        waiting = open_problem_count()
        if stopped:
            self._show(close_state(last))
            raise CommandError(
                f"The close stopped in {stopped} shards; the log says why.", returncode=STOPPED
            )
        now = business_date().open_date
        self.stdout.write(f"{closed} closes of a shard through {last}; the business date is {now}.")
        if waiting:
            self._show(close_state(last))
            raise CommandError(
                f"{last} is closed; {waiting} subjects are set aside and wait.", returncode=SET_ASIDE
            )

    def _show(self, state: CloseState) -> None:
        closed = "closed" if state.is_closed else f"not closed: {state.shards_behind} shards behind"
        self.stdout.write(f"{state.day}: {closed}; {state.shards_closed} of {SHARD_COUNT} shards closed")
        if state.seconds is not None:
            pace = f", {state.per_second:,.0f} loans a second" if state.per_second else ""
            self.stdout.write(f"began {state.began_at:%Y-%m-%d %H:%M:%S} UTC, {state.seconds:.1f} s{pace}")
        for step in state.steps:
            self.stdout.write(
                f"  {step.name:26} {step.shards:3} shards {step.done:9,} loans"
                f" {step.took_ms / 1000:9.1f} s {step.problems:4} problems"
            )
        for shard in state.running:
            silent = f", silent for {shard.silent_seconds} s" if shard.is_silent else ""
            self.stdout.write(
                f"  shard {shard.shard} by {shard.worker}: {shard.step or 'begun'}"
                f" {shard.given} of {shard.total}{silent}"
            )
        for problem in state.problems:
            ended = (
                "resolved" if problem.resolved_at else f"{problem.attempts} tries since {problem.first_date}"
            )
            self.stdout.write(
                f"  {problem.step} of {problem.subject} in shard {problem.shard}: {problem.error}"
                f" {problem.message} ({ended})"
            )
