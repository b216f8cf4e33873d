"""``manage.py import_loans``: take over a running loan book and say what became of every line.

Owns: the arguments and the exit status: 0 when every line was taken or is there already; 1 when lines were
refused; 2 when the files as a whole were refused or the report cannot be written. Refuses to know: how files are read.
"""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO
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
        """Import and print the report. A tolerance or a report that cannot be stops it before anything is read."""
        if tolerance < 0:
            raise CommandError("A tolerance is not negative.", returncode=REFUSED_STATUS)
        with _opened(options["report"]) as table:
            with running_database():
                report = _imported(directory=directory, is_dry=dry_run, tolerance_minor=tolerance)
            if table is not None:
                report.write(table)
        self.stdout.write(report.as_text())
        if report.refused:
            raise CommandError(f"{len(report.refused)} lines are refused.", returncode=LINES_REFUSED_STATUS)


def _opened(path: Path | None) -> AbstractContextManager[TextIO | None]:
    """Open the report before anything is read: a path that cannot be written is no news for after the import."""
    if path is None:
        return nullcontext()
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"The report cannot be written: {error}", returncode=REFUSED_STATUS) from error


def _imported(*, directory: Path, is_dry: bool, tolerance_minor: int) -> BookReport:
    try:
        return import_book(
            directory=directory,
            actor=ACTOR,
            run=uuid4().hex,
            tolerance_minor=tolerance_minor,
            is_dry=is_dry,
        )
    except Refusal as refusal:
        message = f"The files are refused: {refusal.message} [{refusal.code}]"
        raise CommandError(message, returncode=REFUSED_STATUS) from refusal
