"""``manage.py import_loans``: take over a running loan book and say what became of every line.

Owns: the arguments and the exit status: 0 when every line was taken or is there already; 1 when lines were
refused; 2 when the files as a whole were refused. Refuses to know: how files are read.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.eventstore.commands import Actor
from ledger.kernel.refusals import Refusal
from lending.book_import.import_report import BookReport
from lending.book_import.importing import import_book

ACTOR = Actor("system:import", frozenset({"service"}))
LINES_REFUSED_STATUS = 1
REFUSED_STATUS = 2


class Command(BaseCommand):
    """Imports the loan book of one directory."""

    help = "Take over running loans of other books, check them against their balances, report every line."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the directory and how to take it over."""
        parser.add_argument("directory", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="do everything, then roll it back")
        parser.add_argument(
            "--tolerance", type=int, default=0, help="minor units by which a balance may differ (0)"
        )
        parser.add_argument("--report", type=Path, help="write what became of every line here, as CSV")

    def handle(self, *, directory: Path, dry_run: bool, tolerance: int, **options: Any) -> None:
        """Import and print the report."""
        if tolerance < 0:
            raise CommandError("A tolerance is not negative.", returncode=REFUSED_STATUS)
        with running_database():
            try:
                report = import_book(
                    directory=directory,
                    actor=ACTOR,
                    run=uuid4().hex,
                    tolerance_minor=tolerance,
                    is_dry=dry_run,
                )
            except Refusal as refusal:
                message = f"The files are refused: {refusal.message} [{refusal.code}]"
                raise CommandError(message, returncode=REFUSED_STATUS) from refusal
        self._tell(report, options["report"])

    def _tell(self, report: BookReport, path: Path | None) -> None:
        if path is not None:
            with path.open("w", encoding="utf-8", newline="") as stream:
                report.write(stream)
        self.stdout.write(report.as_text())
        if report.refused:
            raise CommandError(f"{len(report.refused)} lines are refused.", returncode=LINES_REFUSED_STATUS)
