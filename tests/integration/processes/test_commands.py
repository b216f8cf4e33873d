"""The commands that look after the books, on the suite's own database."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.eventstore.business_date import business_date
from ledger.eventstore.followers import follow_all
from lending.models import OrderLine
from tests.builders.sellers import give
from tests.conftest import FIRST_DAY

ORDERS = "seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state\n"


def run(*arguments, **options) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def an_entity(books):
    from lending.commands.register_entity import RegisterEntity

    give(RegisterEntity(reference="E-1", country="CN", currency="CNY")).value()
    return books


class TestOpenBooks:
    def test_opens_the_first_date_once(self, db):
        assert "2024-01-02" in run("open_books", "--date", "2024-01-02")
        assert business_date().open_date == FIRST_DAY
        with pytest.raises(CommandError, match="opened before"):
            run("open_books", "--date", "2024-02-02")
        assert business_date().open_date == FIRST_DAY


class TestCloseDay:
    def test_closes_the_open_date_in_every_shard(self, an_entity):
        assert "256 closes" in run("close_day")
        assert business_date().open_date == FIRST_DAY + timedelta(days=1)

    def test_catches_up_through_a_date_and_then_has_nothing_to_do(self, an_entity):
        run("close_day", "--through", "2024-01-04")
        assert business_date().open_date == FIRST_DAY + timedelta(days=3)
        assert run("close_day", "--through", "2024-01-04").startswith("0 closes")

    def test_refuses_books_that_were_never_opened(self, db):
        with pytest.raises(CommandError, match="not been opened"):
            run("close_day")


class TestVerify:
    def test_finds_nothing_in_sound_books(self, an_entity):
        assert "no problem" in run("verify")

    def test_lists_what_was_altered_and_fails(self, an_entity):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE es_event DISABLE TRIGGER guard_append_only")
            cursor.execute('UPDATE es_event SET state = state || \'{"country": "US"}\'')
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 problems"):
            call_command("verify", stdout=out)
        assert out.getvalue().startswith("es_event ")


class TestRebuild:
    def test_prints_a_proof_for_each_table(self, an_entity):
        follow_all()
        printed = run("rebuild", "--beside")
        assert "legal_entity" in printed
        assert "surplus" not in printed

    def test_fails_when_a_read_model_is_not_what_the_events_give(self, an_entity):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE legal_entity SET country = 'US'")
        out = io.StringIO()
        with pytest.raises(CommandError, match="not what the events give"):
            call_command("rebuild", "--beside", stdout=out)
        assert "1 missing, 1 surplus" in out.getvalue()

    def test_replaces_nothing_that_differs(self, an_entity):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE legal_entity SET country = 'US'")
        with pytest.raises(CommandError, match="Nothing was replaced; these tables differ: legal_entity"):
            run("rebuild")


class TestFollow:
    def test_says_how_far_it_came(self, an_entity):
        assert "portfolio: 1 events applied" in run("follow")
        assert "portfolio: 0 events applied" in run("follow")


class TestImportOrders:
    def test_prints_the_account_of_a_file(self, books, tmp_path):
        path = tmp_path / "orders.csv"
        path.write_text(f"{ORDERS}s1,o1,1,2023-10-05,10.00,0,SP\ns1,o2,1,2023-02-30,1.00,0,SP\n")
        printed = run("import_orders", str(path))
        assert "lines 2, taken 1, refused 1" in printed
        assert "line 3: shipped_by" in printed
        assert OrderLine.objects.count() == 1

    @pytest.mark.parametrize("content", [None, "", "a,b\n1,2\n"])
    def test_fails_with_status_2_when_the_file_as_a_whole_is_refused(self, books, tmp_path, content):
        path = tmp_path / "orders.csv"
        if content is not None:
            path.write_text(content)
        with pytest.raises(CommandError) as caught:
            run("import_orders", str(path))
        assert caught.value.returncode == 2
        assert not OrderLine.objects.exists()
