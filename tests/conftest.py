"""Starts the database of the suite and offers the fixtures every kind of test needs.

The suite has a cluster of its own (or a test database on the server that DATABASE_URL names), so it never
touches the data of a demo or of a served book. Properties try the same examples in every run of the suite, so
that a change is judged by what it changed; ``make explore`` tries others.
"""

from __future__ import annotations

import os
from datetime import date

import pytest
from hypothesis import settings

from config.database import embedded_cluster

FIRST_DAY = date(2024, 1, 2)

settings.register_profile("suite", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("suite")


def _cluster():
    from config.settings.test import TEST_DATA_DIR

    # Each test leaves dead rows behind; by the default of a minute they pile up, and some queries crawl over them.
    swept = {"autovacuum_naptime": "5s"}
    return embedded_cluster(os.environ, data_dir=TEST_DATA_DIR, durable=False, extra_settings=swept)


def pytest_configure(config):
    cluster = _cluster()
    if cluster is not None:
        cluster.ensure()


def pytest_sessionstart(session):
    from tests.builders.kept_connection import keep_the_connection

    keep_the_connection()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes long, so that no process is left with it when the others are done."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("processes", "slow"))))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    from tests.builders.kept_connection import have_twins_ready

    have_twins_ready()


def pytest_unconfigure(config):
    is_worker = hasattr(config, "workerinput")
    cluster = _cluster()
    if cluster is not None and not is_worker:
        cluster.stop()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_modify_db_settings, django_db_keepdb, django_db_blocker
):
    """Create the test database for whoever asks; the plugin's own fixture counts only tests that use ``db``."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        config = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb, aliases={"default"})
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(config, verbosity=0)


@pytest.fixture
def books(db):
    """Open books on the first business day, inside the test's transaction."""
    from ledger.eventstore.business_date import open_books

    open_books(on=FIRST_DAY)
    return FIRST_DAY


@pytest.fixture
def committed_books(django_db_setup, django_db_blocker):
    """Open books in a database whose commits are real, for concurrency and crash tests."""
    from tests.builders.storage import committed

    with committed(django_db_blocker, on=FIRST_DAY):
        yield FIRST_DAY
