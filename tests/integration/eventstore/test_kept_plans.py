"""A statement that comes often is planned once, and means the same as before.

Method: the same statements run with and without kept plans, and the server is asked which it has prepared.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from ledger.eventstore import kept_plans
from ledger.eventstore.round_trip import send, send_together
from tests.builders.books import assert_books_hold
from tests.builders.sellers import restart_numbers, seller_with_line
from tests.builders.storage import content, taken_back


def prepared() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE from_sql")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def nothing_kept(db):
    """Begin and end with a connection that has prepared nothing."""
    forget()
    yield
    forget()


def forget():
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    kept_plans._PLANS.clear()


def ask(sql, params, times=1):
    with connection.cursor() as cursor:
        for _ in range(times):
            send(cursor, sql, params)
        return cursor.fetchall()


@pytest.mark.usefixtures("nothing_kept")
class TestAStatement:
    def test_is_prepared_when_it_comes_often_enough(self):
        sql = "SELECT %s + shard FROM es_shard WHERE shard = %s"
        assert ask(sql, (1, 7), times=2) == [(8,)]
        assert prepared() == set()
        assert ask(sql, (2, 7)) == [(9,)]
        (name,) = prepared()
        assert name.startswith("from_es_shard_")
        assert ask(sql, (3, 9)) == [(12,)]
        assert prepared() == {name}

    def test_gets_every_kind_of_parameter(self):
        loan = UUID(int=1)
        sql = (
            "SELECT %(id)s::uuid, %(id)s::uuid = ANY(%(ids)s::uuid[]), %(day)s::date, %(text)s::text,"
            " %(nothing)s::int, %(whole)s::bigint, 'a%%b'"
        )
        params = {
            "id": loan, "ids": [loan], "day": date(2024, 2, 29), "text": "it's; $1 %s \\", "nothing": None,
            "whole": 10**15,
        }  # fmt: skip
        plain = ask(sql, params)
        assert plain == [(loan, True, date(2024, 2, 29), "it's; $1 %s \\", None, 10**15, "a%b")]
        assert ask(sql, params, times=5) == plain
        assert len(prepared()) == 1

    def test_whose_parameters_have_no_clear_type_is_planned_each_time(self):
        for _ in range(5):
            assert ask("SELECT %s IS NULL, pg_typeof(%s)::text", (None, 5)) == [(True, "integer")]
        assert prepared() == set()

    def test_is_planned_anew_after_a_while(self, monkeypatch):
        sql = "SELECT count(*) FROM es_shard WHERE shard < %s"
        ask(sql, (3,), times=4)
        monkeypatch.setattr(kept_plans, "KEPT_SECONDS_MAX", 0.0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            before = cursor.fetchall()
        assert ask(sql, (3,)) == [(3,)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
            assert (len(before), cursor.fetchall()) == (1, [(1,)])

    def test_is_not_prepared_where_temporary_tables_hide_others(self):
        for _ in range(5):
            with connection.cursor() as cursor:
                send_together(cursor, [("SELECT %s::int", (1,))], keeps_plans=False)
        assert prepared() == set()

    def test_is_not_prepared_when_the_setting_is_off(self, settings):
        settings.LOANBOOK_KEEP_PLANS = False
        ask("SELECT %s::int", (1,), times=5)
        assert prepared() == set()


def a_life():
    restart_numbers()
    seller = seller_with_line()
    loan = seller.borrow(600_000)
    seller.receive(300_000).value()
    seller.close_through(date(2024, 2, 5))
    seller.repay(loan, 50_000, kind="prepayment").value()


@pytest.mark.usefixtures("nothing_kept")
class TestALife:
    def test_leaves_the_same_books_with_kept_plans_and_without(self, books, monkeypatch, settings):
        kept = []
        for uses, is_on in ((1, True), (3, True), (1, False)):
            monkeypatch.setattr(kept_plans, "KEPT_AFTER_USES", uses)
            settings.LOANBOOK_KEEP_PLANS = is_on
            forget()
            with taken_back():
                a_life()
                assert bool(prepared()) is is_on
                kept.append(content())
                assert_books_hold()
        assert kept == [kept[0]] * 3


class TestASessionThatIsSharedWithOthers:
    @pytest.mark.parametrize("loss", ["DEALLOCATE ALL", "names that others took"])
    def test_makes_the_command_try_again_and_the_process_plan_each_time(
        self, committed_books, loss, monkeypatch
    ):
        monkeypatch.setattr(kept_plans._Process, "shares_sessions", False)
        seller = seller_with_line()
        for _ in range(5):
            seller.receive(1_00).value()
        assert prepared()
        with connection.cursor() as cursor:
            if loss == "DEALLOCATE ALL":
                cursor.execute(loss)
            else:
                kept_plans._PLANS.clear()
        outcomes = [seller.receive(1_00) for _ in range(5)]
        assert all(outcome.refusal is None for outcome in outcomes)
        assert max(outcome.attempts for outcome in outcomes) == 2
        assert kept_plans._Process.shares_sessions
        assert seller.balance() == 10 * 1_00
        assert_books_hold()
