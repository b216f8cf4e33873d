"""``manage.py tie_out``: compare the general ledger with its sub-ledgers.

Owns: the command line and the exit status: 1 when anything differs. Refuses to know: what is compared.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.domain.chart_of_accounts import CHART, SUB_ACCOUNT_MARK
from ledger.kernel.money import Money
from ledger.tie_out import TieOut, tie_out


class Command(BaseCommand):
    """Ties the accounts out."""

    help = "Compare each account with its sub-ledger, and name the first loans or accounts that differ."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the account."""
        accounts = sorted(code for code in CHART if SUB_ACCOUNT_MARK not in code)
        parser.add_argument("--account", choices=accounts, help="only this account")

    def handle(self, *, account: str | None, **_options: Any) -> None:
        """Print every comparison, and below it the owners that differ."""
        with running_database():
            rows = tie_out(account=account)
        for row in rows:
            for line in _lines(row):
                self.stdout.write(line)
        broken = sum(not row.ties for row in rows)
        if broken:
            raise CommandError(f"{broken} of {len(rows)} comparisons differ.")
        self.stdout.write(f"{len(rows)} comparisons, and all of them tie.")


def _lines(row: TieOut) -> Iterator[str]:
    books, owners = _text(row.ledger_minor, row.currency), _text(row.sub_ledger_minor, row.currency)
    says = "ties" if row.ties else "DIFFERS"
    yield f"{row.account} {row.currency}  {books:>20} {owners:>20}  {says}: {row.what}"
    for found in row.differences:
        parts = _text(found.ledger_minor, found.currency), _text(found.sub_ledger_minor, found.currency)
        yield f"    {found.owner}: {parts[0]} in the ledger, {parts[1]} in the sub-ledger"


def _text(minor: int, currency: str) -> str:
    return Money(minor, currency).as_text()
