"""``manage.py close_day``: close business dates in every shard, in this process.

Owns: the command line. Refuses to know: what a close does, and Celery; the worker does the same in
groups of shards when beat asks for it.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.day_close import close_shards_through
from ledger.eventstore.business_date import business_date
from ledger.eventstore.shards import SHARD_COUNT


class Command(BaseCommand):
    """Closes business dates."""

    help = "Close the open business date in every shard, or every date through the given one."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the last date to close."""
        parser.add_argument(
            "--through", type=date.fromisoformat, help="the last date to close (the open one)"
        )

    def handle(self, *, through: date | None, **_options: Any) -> None:
        """Close what is open, catching up shards that are behind."""
        with running_database():
            last = through or business_date().open_date
            if last is None:
                raise CommandError("The books have not been opened; use open_books.")
            closed = close_shards_through(shards=range(SHARD_COUNT), through=last)
            now = business_date()
        self.stdout.write(f"{closed} closes of a shard through {last}; the business date is {now.open_date}.")
