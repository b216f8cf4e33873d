"""``manage.py close_period``: close a month of the books for good.

Owns: the command line, and that the one who is named is an accountant. Refuses to know: which month can be closed.
Each run has a key of its own, since a refusal of today is not the answer of tomorrow; a month is closed once anyway.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from config.identities import ACCOUNTANT, actor_of
from config.running_database import running_database
from ledger.commands.close_period import ClosePeriod
from ledger.eventstore.commands import Actor
from ledger.eventstore.processor import execute


class Command(BaseCommand):
    """Closes a month."""

    help = "Close a month (YYYY-MM) for good; nothing is posted in it or before it any more."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the month and the accountant, and whether it is only tried."""
        parser.add_argument("month", help="the month, written YYYY-MM")
        parser.add_argument("--by", required=True, metavar="NAME", help="the accountant who closes it")
        parser.add_argument("--key", help="the idempotency key; a new one without it")
        parser.add_argument("--dry-run", action="store_true", help="do everything and undo it")

    def handle(self, *, month: str, by: str, key: str | None, dry_run: bool, **_options: Any) -> None:
        """Close the month, or say by name why not."""
        with running_database():
            outcome = execute(
                ClosePeriod(month=month),
                actor=_accountant(by),
                key=key or f"close_period:{month}:{uuid4()}",
                dry_run=dry_run,
            )
        if outcome.refusal is not None:
            raise CommandError(f"{outcome.refusal.message} ({outcome.refusal.code})")
        result = outcome.result
        closed = "would be closed" if dry_run else "is closed"
        self.stdout.write(
            f"{result['month']} {closed}, on a trial balance of {result['accounts']} sums with the digest"
            f" {result['trial_balance_hash']}."
        )


def _accountant(name: str) -> Actor:
    user = User.objects.filter(username=name, is_active=True).first()
    actor = actor_of(user) if user is not None else None
    if actor is None or ACCOUNTANT not in actor.roles:
        raise CommandError(f"{name} is no accountant; only an accountant closes a month.")
    return actor
