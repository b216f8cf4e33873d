"""``manage.py demo``: a seeded world lives some months, is proved, and is then served.

Owns: the command line and the exit status: 0 when every proof holds, 1 when one does not or a part of
the serving died, 2 when the order file is refused (nothing has been started then).
Refuses to know: what happens in the demonstration (``config.demo``).
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.child_process import ChildDied
from config.demo.database import DemoDatabaseRefused
from config.demo.orders import DemoOrders, OrdersUnusable, survey_orders, write_orders
from config.demo.printing import print_figures, print_performance, print_proofs
from config.demo.running import DemoReport, DemoTerms, run_demo
from config.demo.serving import demo_notes, pause_the_calendar
from config.embedded_postgres import EmbeddedPostgresError
from config.processes import NotReady, interrupted_by_every_stop_signal
from config.running_database import running_database
from config.serving import LOG_DIR, PORT_DEFAULT, NoFreePort, serve
from ledger.kernel.refusals import Refusal

ORDERS_DIR = LOG_DIR.parent / "demo"
REFUSED_STATUS = 2
# While it simulates nobody is nudged; while it serves a worker is.
SERVING = {"LOANBOOK_NUDGE": "celery"}


class Command(BaseCommand):
    """Runs the demonstration."""

    help = "Simulate sellers and a bank for some months on a fresh database, prove the books, and serve them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is simulated and what is served."""
        parser.add_argument("--orders", type=Path, help="an order file; without it one is made up")
        parser.add_argument("--currency", default="BRL", help="of an order file that names none (BRL)")
        parser.add_argument(
            "--sampling-factor", type=int, default=1, help="N when one order in N is in the file"
        )
        parser.add_argument("--entities", type=int, default=200, help="how many borrowers (200)")
        parser.add_argument("--days", type=int, default=120, help="how many business days (120)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures (1)")
        parser.add_argument("--report", type=Path, help="write every figure to this JSON file")
        parser.add_argument("--no-serve", action="store_true", help="end after the proofs")
        parser.add_argument("--port", type=int, default=PORT_DEFAULT, help="or the next free one (8000)")
        parser.add_argument("--log-dir", type=Path, default=LOG_DIR, help="where web, worker and beat log")

    def handle(self, **options: Any) -> None:
        """Survey the file, simulate, print, serve."""
        terms = _terms(options)
        try:
            with interrupted_by_every_stop_signal(), running_database(stop_always=not options["no_serve"]):
                report = run_demo(terms, say=self.stdout.write)
                self._print(report, terms, options["report"])
                if not report.succeeded:
                    raise CommandError("The books do not hold; see the proofs above.")
                if not options["no_serve"]:
                    self._serve(options)
        except KeyboardInterrupt:
            sys.exit(130)
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} [{refusal.code}]", returncode=REFUSED_STATUS) from refusal
        except (ChildDied, NotReady, NoFreePort, EmbeddedPostgresError, DemoDatabaseRefused) as failure:
            raise CommandError(str(failure)) from failure
        if not options["no_serve"]:
            self.stdout.write("Stopped.")

    def _print(self, report: DemoReport, terms: DemoTerms, path: Path | None) -> None:
        print_figures(report.figures, say=self.stdout.write)
        print_performance(report.performance, report.figures["counts"], say=self.stdout.write)
        print_proofs(report.proofs, say=self.stdout.write)
        if path is not None:
            text = json.dumps(report.as_json(terms), indent=2, ensure_ascii=False)
            path.write_text(f"{text}\n", encoding="utf-8")
            self.stdout.write(f"All figures: {path}")

    def _serve(self, options: dict[str, Any]) -> None:
        pause_the_calendar()
        serve(
            port=options["port"],
            log_dir=options["log_dir"],
            say=self.stdout.write,
            notes=demo_notes(),
            environment=SERVING,
        )


def _terms(options: dict[str, Any]) -> DemoTerms:
    """Check the numbers and read the order file, before anything is started."""
    for name in ("entities", "days", "sampling_factor"):
        if options[name] < 1:
            raise CommandError(f"--{name.replace('_', '-')} is 1 or more.", returncode=REFUSED_STATUS)
    _check_report(options["report"])
    return DemoTerms(
        orders=_orders(options),
        entities=options["entities"],
        days=options["days"],
        seed=options["seed"],
        sampling_factor=options["sampling_factor"],
        currency=options["currency"],
    )


def _check_report(path: Path | None) -> None:
    """Find out now, not after the simulation, that the report cannot be written."""
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    except OSError as error:
        message = f"The report cannot be written: {error.strerror}: {error.filename}"
        raise CommandError(message, returncode=REFUSED_STATUS) from error


def _orders(options: dict[str, Any]) -> DemoOrders:
    try:
        path = options["orders"] or write_orders(
            directory=ORDERS_DIR, seed=options["seed"], entities=options["entities"]
        )
        return survey_orders(path, currency=options["currency"])
    except Refusal as refusal:
        message = f"The order file is refused: {refusal.message} [{refusal.code}]"
        raise CommandError(message, returncode=REFUSED_STATUS) from refusal
    except OrdersUnusable as nothing:
        raise CommandError(f"The order file is refused: {nothing}", returncode=REFUSED_STATUS) from nothing
    except OSError as error:
        message = f"The order file cannot be read: {error.strerror}: {error.filename}"
        raise CommandError(message, returncode=REFUSED_STATUS) from error
