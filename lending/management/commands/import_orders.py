"""``manage.py import_orders``: take in an order file and say what became of every line.

Owns: the arguments and the exit status: 0 when the file was read, whatever lines it refused; 2 when the
file as a whole was refused. Refuses to know: how a file is read.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.eventstore.business_date import business_date
from ledger.eventstore.commands import Actor
from ledger.kernel.refusals import Refusal
from lending.orders.importing import PLATFORM_DEFAULT, import_orders

ACTOR = Actor("system:import", frozenset({"service"}))
REFUSED_STATUS = 2


class Command(BaseCommand):
    """Imports one order file."""

    help = "Import an order file: link its shops, count its sales, and report every refused line."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to read it."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="count sales through this date (the open one)"
        )
        parser.add_argument("--currency", default="BRL", help="where the file names none (BRL)")
        parser.add_argument("--platform", default=PLATFORM_DEFAULT, help="where the file names none")
        parser.add_argument(
            "--sampling-factor", type=int, default=1, help="N when about one order in N is in the file (1)"
        )

    def handle(self, *, file: Path, as_of: date | None, **options: Any) -> None:
        """Import and print the report."""
        with running_database():
            try:
                report = import_orders(
                    source=file,
                    file_name=file.name,
                    as_of=as_of or business_date().open_date or date.max,
                    actor=ACTOR,
                    currency=options["currency"],
                    platform=options["platform"],
                    sampling_factor=options["sampling_factor"],
                )
            except Refusal as refusal:
                message = f"The file is refused: {refusal.message} [{refusal.code}]"
                raise CommandError(message, returncode=REFUSED_STATUS) from refusal
            except OSError as error:
                message = f"The file cannot be read: {error.strerror}: {file}"
                raise CommandError(message, returncode=REFUSED_STATUS) from error
        self.stdout.write(report.as_text())
