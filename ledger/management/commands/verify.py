"""``manage.py verify``: list everything that is wrong with the books.

Owns: the command line and the exit status: 1 when anything is wrong. Refuses to know: the checks.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.eventstore.verifying import verify


class Command(BaseCommand):
    """Verifies the books."""

    help = "Verify hash chains, stored answers, journal, sub-ledger and balances; list every problem."
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        """Print problems as they are found."""
        count = 0
        with running_database():
            for problem in verify():
                count += 1
                self.stdout.write(str(problem))
        if count:
            raise CommandError(f"{count} problems were found.")
        self.stdout.write("The books verify: no problem was found.")
