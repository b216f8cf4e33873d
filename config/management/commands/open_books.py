"""``manage.py open_books``: open the first business date. It happens once in the life of the books.

Owns: the command line. Refuses to know: how a date is opened.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.eventstore.business_date import BooksAlreadyOpen, open_books


class Command(BaseCommand):
    """Opens the books."""

    help = "Open the first business date in every shard."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the date."""
        parser.add_argument("--date", type=date.fromisoformat, required=True, help="such as 2026-01-01")

    def handle(self, **options: Any) -> None:
        """Open the date, or say that the books are open."""
        with running_database():
            try:
                open_books(on=options["date"])
            except BooksAlreadyOpen as refusal:
                raise CommandError(refusal.message) from refusal
        self.stdout.write(f"The books are open; the first business date is {options['date']}.")
