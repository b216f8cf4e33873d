"""``manage.py issue_token``: a bearer token for a user of the API.

Owns: the command line. Refuses to know: how tokens are kept; only a hash of the token is.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.identities import issue_token

DAYS_DEFAULT = 30
DAYS_MAX = 366


class Command(BaseCommand):
    """Prints the token once, alone on standard output, so that it can be piped."""

    help = "Issue a bearer token for a user of the API and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user and how long the token is good for."""
        parser.add_argument("--user", required=True, help="the name the user signs in with")
        parser.add_argument("--days", type=int, default=DAYS_DEFAULT, help=f"1 to {DAYS_MAX}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Issue the token."""
        if not 1 <= options["days"] <= DAYS_MAX:
            raise CommandError(f"--days is a number from 1 to {DAYS_MAX}.")
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']}.")
        self.stdout.write(issue_token(user=user, days=options["days"]))
