"""A server's clock that is set back reorders nothing, changes no answer about the past, and is reported.

Method: the clock of the machine cannot be set, so the books are told that they have seen a later time: to them
it is the same. What was answered before about moments up to then has to be answered again, word for word.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from ledger.account_balances import trial_balance
from ledger.book_moment import BookMoment, KnownAtInFuture
from ledger.eventstore.recorded_time import note, seconds_behind
from ledger.eventstore.verifying import verify
from ledger.loan_positions import position_shown
from ledger.queries import EVERYTHING
from ledger.statements.asking import loan_statement
from ledger.statements.sheets import Period
from ledger.tasks import note_time
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.sellers import one
from tests.builders.simulation import rows_of

LATEST = "SELECT max(recorded_at) FROM es_event"
BACKWARDS = """
SELECT count(*) FROM (SELECT recorded_at < lag(recorded_at) OVER (PARTITION BY shard ORDER BY pos) AS earlier
                        FROM es_event) e WHERE earlier
"""


def set_back(hours=1):
    """Have the clock be behind what the books have seen."""
    note()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE es_clock SET seen_at = seen_at + make_interval(hours => %s)", (hours,))
    return one("SELECT seen_at FROM es_clock")


def statement_now(loan_id, *, moment=None):
    period = Period(date(2023, 12, 1), date(2025, 1, 1))
    return loan_statement(scope=EVERYTHING, loan_id=loan_id, period=period, moment=moment)


def moments_until(latest):
    return [BookMoment(known_at=latest - timedelta(minutes=minutes)) for minutes in (0, 5, 30, 59, 600)]


class TestAClockThatIsSetBack:
    def test_takes_nothing_behind_what_was_recorded(self, books):
        seller, loan, _ = short_life()
        seen_at = set_back()
        before = one("SELECT max(pos) FROM es_event WHERE shard = %s", seller.shard)
        seller.receive(400_000).value()
        seller.repay(loan, 300_000, kind="prepayment").value()
        seller.close_through(seller.today())
        later = "SELECT DISTINCT recorded_at FROM es_event WHERE shard = %s AND pos > %s ORDER BY 1"
        moments = [moment for (moment,) in rows_of(later, seller.shard, before)]
        assert len(moments) > 2
        assert seen_at < moments[0] <= moments[-1] < seen_at + timedelta(milliseconds=1)
        assert one(BACKWARDS) == 0
        assert list(verify()) == []
        assert_books_hold()

    def test_changes_no_answer_about_moments_that_had_passed(self, books):
        seller, *_ = short_life()
        set_back(hours=2)
        latest = one("SELECT clock_timestamp() + interval '1 hour'")
        before = {moment: trial_balance(moment=moment) for moment in moments_until(latest)}
        seller.receive(400_000).value()
        seller.close_through(seller.today())
        assert {moment: trial_balance(moment=moment) for moment in moments_until(latest)} == before
        assert trial_balance(moment=BookMoment()) != trial_balance(moment=BookMoment(known_at=latest))
        assert_books_hold()

    def test_changes_no_answer_given_meanwhile(self, books):
        seller, loan, _ = short_life()
        set_back()
        statements = []
        for _ in range(3):
            seller.receive(1_000).value()
            statements.append(statement_now(loan))
            seller.repay(loan, 100_000, kind="prepayment").value()
        for told in statements:
            assert statement_now(loan, moment=told.known_at) == told
        assert len({told.sheets for told in statements}) == 3
        assert_books_hold()

    def test_changes_no_answer_although_its_time_had_not_been_noted(self, books):
        seller, loan, _ = short_life()
        moment = one("SELECT clock_timestamp()")
        assert one("SELECT count(*) FROM es_clock") == 0
        before = position_shown(loan_id=loan, known_at=moment)
        # From the answer on nothing is recorded at its moment or before, whatever the clock says.
        assert one("SELECT seen_at FROM es_clock") >= moment
        seller.repay(loan, 100_000, kind="prepayment").value()
        assert position_shown(loan_id=loan, known_at=moment) == before
        assert_books_hold()

    def test_does_not_bring_the_future_nearer(self, books):
        ahead = set_back() + timedelta(minutes=1)
        with pytest.raises(KnownAtInFuture):
            trial_balance(moment=BookMoment(known_at=ahead))

    def test_takes_nothing_behind_the_last_event_although_no_time_was_noted_since(self, books):
        seller, *_ = short_life()
        seen_at = set_back()
        seller.receive(100_000).value()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM es_clock")
        seller.receive(100_000).value()
        assert seen_at < one(LATEST) < seen_at + timedelta(milliseconds=1)
        assert one(BACKWARDS) == 0
        assert_books_hold()

    def test_is_reported(self, db, caplog):
        assert (note_time(), seconds_behind()) == (0, 0)
        assert not caplog.records
        set_back()
        assert 3_590 < note_time() < 3_600.1
        assert "seconds behind the time of the books" in caplog.text
        assert Client().get("/readyz").json()["clock"]["set_back"] is True
