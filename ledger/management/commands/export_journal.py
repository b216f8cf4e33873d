"""``manage.py export_journal``: write the journal of a period as CSV or in beancount's format.

Owns: the command line. Refuses to know: the formats, and the books behind them. Without dates the whole
journal is written. The file is that of one moment, even while others go on posting.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max, Min

from config.running_database import running_database
from ledger.eventstore.consistent_view import one_view
from ledger.exports.beancount import beancount_lines
from ledger.exports.journal_csv import write_csv
from ledger.exports.journal_lines import balances_before, exported_entries, exported_lines
from ledger.models import JournalEntry


class Command(BaseCommand):
    """Exports the journal."""

    help = "Write the journal of a period as CSV or beancount; bean-check accepts the latter."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the format, the period [from, until) and the file."""
        parser.add_argument("--format", choices=["csv", "beancount"], default="csv")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, help="the first posting date")
        parser.add_argument(
            "--until", dest="end", type=date.fromisoformat, help="the first date that is left out"
        )
        parser.add_argument("--out", type=Path, help="the file; standard output without it")

    def handle(self, *, out: Path | None, **options: Any) -> None:
        """Write the file, under its name only once it is whole."""
        with running_database(), one_view():
            if out is None:
                self._write(self.stdout, **options)  # type: ignore[arg-type]
                return
            unfinished = out.with_name(f"{out.name}.unfinished")
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                self._write(file, **options)
            unfinished.replace(out)

    def _write(self, to: TextIO, *, start: date | None, end: date | None, **options: Any) -> None:
        found = JournalEntry.objects.aggregate(first=Min("posting_date"), last=Max("posting_date"))
        if found["first"] is None:
            raise CommandError("The journal is empty.")
        start, end = start or found["first"], end or found["last"] + timedelta(days=1)
        if end <= start:
            raise CommandError("--until is the first date after the period, so it is later than --from.")
        if options["format"] == "csv":
            write_csv(exported_lines(start=start, end=end), to=to)
            return
        for line in beancount_lines(
            opened_on=start,
            opening=balances_before(start),
            entries=exported_entries(start=start, end=end),
            closed_on=end,
            closing=balances_before(end),
        ):
            to.write(f"{line}\n")
