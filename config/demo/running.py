"""A whole demonstration, from an order file to the proofs.

Owns: the order of the phases and the report. Refuses to know: the command line and serving.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from tqdm import tqdm

from config.demo.database import application_login, recreate_database
from config.demo.figures import read_figures
from config.demo.orders import DemoOrders, group_sellers
from config.demo.phases import Phases
from config.demo.proofs import (
    Proof,
    all_hold,
    prove_balance,
    prove_chain,
    prove_followers,
    prove_rebuild,
)
from config.demo.simulation import ACTOR, World, live
from ledger.eventstore.business_date import open_books
from lending.orders.import_report import ImportReport
from lending.orders.importing import import_orders

# A file of nothing but mistakes must not bury the figures; the JSON report and the import name every line.
REFUSED_LINES_SHOWN = 500
WORKING_PHASES = ("import", "applications", "business days")


@dataclass(frozen=True, kw_only=True)
class DemoTerms:
    """What a demonstration is asked to do."""

    orders: DemoOrders
    entities: int
    days: int
    seed: int
    sampling_factor: int
    currency: str


@dataclass(frozen=True)
class DemoReport:
    """What a demonstration led to."""

    figures: dict[str, Any]
    proofs: tuple[Proof, ...]
    performance: dict[str, Any]
    imported: ImportReport

    @property
    def succeeded(self) -> bool:
        """Say whether every proof holds."""
        return all_hold(self.proofs)

    def as_json(self, terms: DemoTerms) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "terms": {
                "orders": terms.orders.path.name,
                "first_day": terms.orders.first_day.isoformat(),
                "last_day": (terms.orders.first_day + timedelta(days=terms.days - 1)).isoformat(),
                "entities": terms.entities,
                "days": terms.days,
                "seed": terms.seed,
                "sampling_factor": terms.sampling_factor,
            },
            "import": _import_json(self.imported),
            "figures": self.figures,
            "proofs": {proof.name: proof.as_json() for proof in self.proofs},
            "succeeded": self.succeeded,
            "performance": self.performance,
        }


def run_demo(terms: DemoTerms, *, say: Callable[[str], None]) -> DemoReport:
    """Make the books anew, import, apply, live the days, and prove the result."""
    phases = Phases(say)
    with phases.phase("database and migrations"):
        recreate_database()
        call_command("migrate", interactive=False, verbosity=0)
        open_books(on=terms.orders.first_day)
    with application_login():
        with phases.phase("import"):
            imported = _import(terms, say=say)
        say(imported.as_text(rows_max=REFUSED_LINES_SHOWN))
        _live(terms, phases)
        with phases.phase("verification"):
            proofs = [prove_balance(), prove_chain(), prove_followers()]
        figures = read_figures()
    with phases.phase("rebuild"):
        proofs.append(prove_rebuild())
    performance = phases.performance(figures["counts"], working=WORKING_PHASES)
    return DemoReport(figures, tuple(proofs), performance, imported)


def _import(terms: DemoTerms, *, say: Callable[[str], None]) -> ImportReport:
    grouping = {}
    if not terms.orders.names_entities:
        grouping = group_sellers(terms.orders.sellers, entities=terms.entities, seed=terms.seed)
        say(
            f"The file names no entities: its {len(terms.orders.sellers)} sellers are grouped by the seed"
            f" into {len(set(grouping.values()))} entities of 1 to 120 accounts. The grouping is made up."
        )
    return import_orders(
        source=terms.orders.path,
        file_name=terms.orders.path.name,
        as_of=terms.orders.first_day,
        actor=ACTOR,
        currency=terms.currency,
        sampling_factor=terms.sampling_factor,
        grouping=grouping,
    )


def _live(terms: DemoTerms, phases: Phases) -> None:
    world = World(seed=terms.seed, day=terms.orders.first_day)
    world.open_bank()
    with phases.phase("applications"):
        world.apply_all()
    with phases.phase("business days"):
        # Without a terminal there is nobody to watch a bar.
        for day in (bar := tqdm(live(world, days=terms.days), total=terms.days, unit="day", disable=None)):
            bar.set_postfix_str(str(day))


def _import_json(report: ImportReport) -> dict[str, Any]:
    return {
        "lines": report.lines,
        "taken": report.taken,
        "refused": len(report.refused),
        "reasons": report.reasons,
        "refused_lines": [row.as_json() for row in report.refused],
        "entities": report.entities,
        "shop_accounts": report.accounts,
        "file_sha256": report.file_sha256,
    }
