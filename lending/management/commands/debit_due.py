"""``manage.py debit_due``: make one attempt of the automatic debit, in this process.

Owns: the command line. Refuses to know: what an attempt does, and Celery; beat makes the attempts at the times
of the plan.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.eventstore.business_date import business_date
from ledger.eventstore.shards import SHARD_COUNT
from lending.automatic_debit import try_shards
from lending.debit_counts import attempts_of
from lending.policies.debit_plan import debit_plan_on
from lending.tasks import latest_attempt


class Command(BaseCommand):
    """Debits what is due on the open date."""

    help = (
        "Take what is due on the open business date from the borrowers' accounts, as one attempt of the plan."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of the attempt."""
        parser.add_argument(
            "--attempt", type=int, help="which attempt of the plan (the latest that is due now)"
        )

    def handle(self, *, attempt: int | None, **_options: Any) -> None:
        """Make the attempt in every shard that has not made it, and say what became of the loans."""
        with running_database():
            day = business_date().open_date
            if day is None:
                raise CommandError("The books have not been opened; use open_books.")
            plan = debit_plan_on(day)
            number = latest_attempt()[1] if attempt is None else attempt
            if not 1 <= number < plan.closing_attempt:
                times = ", ".join(f"{n} ({plan.name_of(n)})" for n in range(1, plan.closing_attempt))
                raise CommandError(f"The attempts of {day} are {times or 'the day close alone'}.")
            given = try_shards(shards=range(SHARD_COUNT), day=day, attempt=number)
            made = [line for line in attempts_of(day) if line.attempt == number]
        self.stdout.write(f"Attempt {number} of {day} ({plan.name_of(number)}): {given} commands given.")
        for line in made:
            self.stdout.write(line.as_text())
