"""One connection of the suite for many tests, with the twins of a rebuild made once.

Owns: that a test's end rolls back and does not disconnect, and the tables that ``assert_books_hold`` rebuilds into.
Refuses to know: tests. Making some fifty tables took longer than most tests that end with such a proof.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.testcases import TestCase

from ledger.eventstore.rebuilding import rebuilt_tables, twins

# Rows of tests that were rolled back stay in the twins, unseen, until a truncation takes them out.
TESTS_BETWEEN_TRUNCATIONS = 40
_kept: dict[str, Any] = {"connection": None, "tests": 0}


def keep_the_connection() -> None:
    """Have Django roll back at the end of a test, and leave the connection open."""

    def tear_down(cls: type[TestCase]) -> None:
        if cls._databases_support_transactions():
            cls._rollback_atomics(cls.cls_atomics)
        super(TestCase, cls).tearDownClass()

    TestCase.tearDownClass = classmethod(tear_down)


def have_twins_ready() -> None:
    """Make the twins on a connection that is open and idle between two tests, and empty them now and then."""
    raw = connection.connection
    if raw is None or raw.closed or connection.in_atomic_block:
        return
    if raw is not _kept["connection"]:
        _kept.update(connection=raw, tests=0)
        raw.execute(twins())
    _kept["tests"] += 1
    if _kept["tests"] % TESTS_BETWEEN_TRUNCATIONS == 0:
        raw.execute(f"TRUNCATE {', '.join(f'pg_temp.{table}' for table in rebuilt_tables())}")
