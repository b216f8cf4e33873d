"""``manage.py follow``: bring every asynchronous read model up to date, in this process.

Owns: the command line. Refuses to know: what a follower computes.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.running_database import running_database
from ledger.eventstore.followers import FOLLOWERS, follow


class Command(BaseCommand):
    """Runs the followers until there is nothing more."""

    help = "Apply what has been committed to every asynchronous read model."
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        """Follow and say how many events each follower applied."""
        with running_database():
            for name in FOLLOWERS:
                self.stdout.write(f"{name}: {follow(name)} events applied")
