"""The world that the tests of the API share: built once per module, rolled back after every test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from tests.api.callers import build_world
from tests.conftest import FIRST_DAY


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo everything at the end; commands may open their own transactions inside, as in Django's TestCase."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built_world(django_db_setup, django_db_blocker):
    from ledger.eventstore.business_date import open_books

    with django_db_blocker.unblock(), rolled_back():
        open_books(on=FIRST_DAY)
        yield build_world()


@pytest.fixture
def world(built_world, django_db_blocker):
    """Two sellers and a caller of every kind."""
    with django_db_blocker.unblock(), rolled_back():
        yield built_world
