"""``manage.py reconcile``: compare a bank's statement with the books of a period.

Owns: the command line and the exit status: 1 when anything does not match, 2 when the file is refused.
Refuses to know: how lines are matched. Reads only; the same file and books give the same answer.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.running_database import running_database
from ledger.domain.reconciliation import Tolerance, reconcile
from ledger.eventstore.consistent_view import one_view
from ledger.kernel.refusals import Refusal
from ledger.reconciliation.book_side import book_movements
from ledger.reconciliation.report import as_document, as_text
from ledger.reconciliation.sandbox_statement import FAULTS, made_up_statement, write_statement
from ledger.reconciliation.statement_file import read_statement

BREAKS_FOUND, FILE_REFUSED = 1, 2


class Command(BaseCommand):
    """Reconciles the bank account."""

    help = "Compare a bank's statement with the books and list every break once."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the period [from, until) and the tolerances."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True)
        parser.add_argument("--until", dest="end", type=date.fromisoformat, required=True)
        parser.add_argument("--tolerance-minor", type=int, default=0, help="minor units an amount may differ")
        parser.add_argument("--tolerance-days", type=int, default=0, help="days a value date may differ")
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--make-sandbox", action="store_true", help="write FILE from the books instead of reading it"
        )
        parser.add_argument("--fault", action="append", choices=sorted(FAULTS), default=[])
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, file: Path, make_sandbox: bool, **options: Any) -> None:
        """Compare, or make a statement up."""
        with running_database(), one_view():
            books = book_movements(start=options["start"], end=options["end"])
        if make_sandbox:
            made_up = made_up_statement(books, faults=options["fault"], seed=options["seed"])
            with file.open("w", encoding="utf-8", newline="") as to:
                write_statement(made_up, to=to)
            return
        try:
            with file.open(encoding="utf-8-sig", newline="") as text:
                bank = list(read_statement(text))
        except (Refusal, OSError, UnicodeDecodeError) as refusal:
            self.stderr.write(f"{file.name}: {refusal}")
            sys.exit(FILE_REFUSED)
        tolerance = Tolerance(options["tolerance_minor"], options["tolerance_days"])
        findings = reconcile(bank=bank, books=books, tolerance=tolerance)
        lines = [json.dumps(as_document(findings), indent=1)] if options["json"] else as_text(findings)
        for line in lines:
            self.stdout.write(line)
        if any(found.is_break for found in findings):
            sys.exit(BREAKS_FOUND)
