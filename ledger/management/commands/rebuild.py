"""``manage.py rebuild``: replay all events and put the result in place of the read models.

Owns: the command line, the table of proofs, and the exit status: 1 when anything differs, and then
nothing is replaced. Refuses to know: how events are replayed.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.running_database import running_database
from ledger.eventstore.rebuilding import NotIdentical, TableProof, rebuild


class Command(BaseCommand):
    """Rebuilds the read models."""

    help = "Replay the events into fresh read models, prove them identical, and put them in place."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to replace."""
        parser.add_argument("--beside", action="store_true", help="compare only; writers are not disturbed")
        parser.add_argument("--mend", action="store_true", help="replace even tables that differ, and say so")

    def handle(self, *, beside: bool, mend: bool, **_options: Any) -> None:
        """Rebuild, print the proofs, fail on a difference."""
        with running_database():
            try:
                proofs = rebuild(replace=not beside, mend=mend)
            except NotIdentical as difference:
                raise CommandError(f"Nothing was replaced; these tables differ: {difference}") from difference
        for line in proof_lines(proofs):
            self.stdout.write(line)
        if mend and not beside:
            self.stdout.write("Every table now holds what the events give.")
        elif not all(proof.identical for proof in proofs):
            raise CommandError("The read models are not what the events give.")


def proof_lines(proofs: Iterable[TableProof]) -> Iterable[str]:
    """Give one line per table, the heading first."""
    yield f"{'table':22} {'rows':>9}  {'result':28} digest"
    for proof in proofs:
        result = "identical" if proof.identical else f"{proof.missing} missing, {proof.surplus} surplus"
        yield f"{proof.table:22} {proof.rows:>9}  {result:28} {proof.digest}"
