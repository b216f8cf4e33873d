"""The application does all its work with its own rights, which let it change no history.

Method: the suite logs in as the owner; here the same life is lived as the application's role, in which every
command, the day close, the outbox and the followers have to get by with what the role is granted.
"""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from config.embedded_postgres import APP_ROLE
from ledger.eventstore.followers import follow_all
from tests.builders.books import assert_books_hold
from tests.builders.lives import troubled_life
from tests.builders.sellers import one


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


class TestALifeAsTheApplication:
    def test_needs_no_right_that_the_role_does_not_have(self, books):
        run(f"SET LOCAL ROLE {APP_ROLE}")
        seller, *_ = troubled_life()
        follow_all()
        assert one("SELECT current_user") == APP_ROLE
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run("UPDATE es_event SET pos = pos")
        run("RESET ROLE")
        assert one("SELECT count(*) FROM blacklist_entry") == 1 + len(seller.accounts)
        assert_books_hold()
