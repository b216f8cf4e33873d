"""One committed life per module, for tests whose attempts all fail and change nothing."""

import pytest

from ledger.eventstore.followers import follow_all
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.storage import committed, fingerprint
from tests.conftest import FIRST_DAY


@pytest.fixture(scope="module")
def committed_life(django_db_setup, django_db_blocker):
    with committed(django_db_blocker, on=FIRST_DAY):
        life = short_life()
        follow_all()
        before = fingerprint(attempts=True)
        yield life
        assert fingerprint(attempts=True) == before
        assert_books_hold()
