"""The ground every benchmark stands on: its own cluster and database, and facts about the machine.

Owns: starting the benchmark's cluster, the slow-disk mode, and emptying the books between questions.
Refuses to know: what is measured.
"""

from __future__ import annotations

import os
import platform
import subprocess
from contextlib import contextmanager
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DATA_DIR = REPOSITORY / ".var" / "bench-postgres"
DATABASE = "test_bench"  # the name marks it as a database that may be emptied
FIRST_DAY = date(2024, 1, 2)
# One millisecond is added before each WAL flush, as a real volume would; group commit stays possible.
SLOW_FLUSH = {"commit_delay": "1000", "commit_siblings": "0"}


def prepare() -> None:
    """Start the cluster, set Django up and bring the tables to their present shape."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings.base",
        LOANBOOK_DATA_DIR=str(DATA_DIR),
        LOANBOOK_DATABASE_ROLE="owner",
        LOANBOOK_DATABASE_NAME=DATABASE,
        LOANBOOK_NUDGE="none",
        LOANBOOK_LOG_LEVEL="ERROR",
    )
    from config.database import embedded_cluster, ensure_database_running
    from config.embedded_postgres import OWNER_ROLE

    ensure_database_running()
    embedded_cluster(os.environ).ensure_database(DATABASE, OWNER_ROLE)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def open_empty_books() -> None:
    """Throw everything away and open the first business date."""
    from ledger.eventstore.business_date import open_books
    from tests.builders.storage import empty_the_books

    empty_the_books()
    open_books(on=FIRST_DAY)
    _sql("CHECKPOINT")


@contextmanager
def slow_disk():
    """Have every WAL flush take a millisecond longer."""
    _settings(SLOW_FLUSH)
    try:
        yield
    finally:
        _settings(dict.fromkeys(SLOW_FLUSH))


def _settings(values) -> None:
    for name, value in values.items():
        _sql(f"ALTER SYSTEM SET {name} = {value}" if value else f"ALTER SYSTEM RESET {name}")
    _sql("SELECT pg_reload_conf()")


def _sql(text: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text)


def machine_facts() -> dict:
    """Return what a reader needs to place the figures."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average_before": os.getloadavg(),
        "postgresql": server,
        "commit": _git("rev-parse", "--short", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain")),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.strip()
