"""``manage.py export_bureau``: report a month to the credit bureau and write its file.

Owns: the command line. Refuses to know: what is reported, and the columns. A repeat writes the same file; after
a late fact it adds a correction to it.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from collection.bureau.month_file import month_rows
from collection.bureau.reporting import report_month
from config.documents.comma import csv_of
from config.running_database import running_database
from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class Command(BaseCommand):
    """Reports and writes."""

    help = "Report every loan of a month to the credit bureau, and write the month's records as CSV."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the month, how far back corrections are looked for, and the file."""
        parser.add_argument("--month", type=_month, required=True, help="the month, such as 2024-05")
        parser.add_argument("--since", type=_month, help="also report and write the months from this one on")
        parser.add_argument("--out", type=Path, help="the file; standard output without it")

    def handle(self, *, month: date, since: date | None, out: Path | None, **_options: Any) -> None:
        """Report month by month, then write all of them, under the file's name only once it is whole."""
        months = [since or month]
        while months[-1] < month:
            months.append(months_after(months[-1], months=1))
        if months[-1] > month:
            raise CommandError("--since is no later than --month.")
        with running_database():
            for one in months:
                self._report(one)
            content = csv_of(row for one in months for row in _rows(one, with_head=one == months[0]))
        if out is None:
            self.stdout.write(content.decode(), ending="")
            return
        unfinished = out.with_name(f"{out.name}.unfinished")
        unfinished.write_bytes(content)
        unfinished.replace(out)

    def _report(self, month: date) -> None:
        try:
            done = report_month(month=month)
        except Refusal as refusal:
            raise CommandError(f"{refusal.code}: {refusal.message}") from refusal
        told = f"{month:%Y-%m}: {done.first} first records, {done.corrected} corrections, {done.unchanged} unchanged"
        self.stderr.write(told)


def _rows(month: date, *, with_head: bool) -> Any:
    rows = month_rows(month=month)
    if not with_head:
        next(rows)
    return rows


def _month(text: str) -> date:
    found = _MONTH.fullmatch(text)
    if found is None:
        raise ArgumentTypeError("a month is written YYYY-MM")
    return date(int(found[1]), int(found[2]), 1)
