"""``manage.py up``: everything that serves, from the database to the scheduler, until Ctrl-C.

Owns: the order of the start: database, tables, first business date, children. Refuses to know: how
children are supervised and what they do.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from config.child_process import ChildDied
from config.embedded_postgres import EmbeddedPostgresError
from config.processes import NotReady, interrupted_by_every_stop_signal
from config.running_database import running_database
from config.serving import LOG_DIR, PORT_DEFAULT, NoFreePort, serve
from ledger.eventstore.business_date import business_date, open_books


class Command(BaseCommand):
    """Serves until it is stopped; ends with status 1 when a part of it died."""

    help = "Start the database, apply migrations, and run web, worker and beat until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port and the place for logs."""
        parser.add_argument("--port", type=int, default=PORT_DEFAULT, help="or the next free one (8000)")
        parser.add_argument("--log-dir", type=Path, default=LOG_DIR, help="where web, worker and beat log")

    def handle(self, *, port: int, log_dir: Path, **_options: Any) -> None:
        """Start, serve, stop."""
        try:
            with interrupted_by_every_stop_signal(), running_database(stop_always=True):
                call_command("migrate", interactive=False, verbosity=0)
                self._open_books()
                serve(port=port, log_dir=log_dir, say=self.stdout.write)
        except KeyboardInterrupt:
            sys.exit(130)
        except OperationalError as failure:
            raise CommandError(f"The database does not answer: {failure}") from failure
        except (ChildDied, NotReady, NoFreePort, EmbeddedPostgresError) as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write("Stopped.")

    def _open_books(self) -> None:
        """Open today's date in the lender's zone, unless a date is open already."""
        if business_date().open_date is None:
            today = datetime.now(ZoneInfo(settings.LOANBOOK_BUSINESS_ZONE)).date()
            open_books(on=today)
            self.stdout.write(f"The books are open; the first business date is {today}.")
