"""A server's clock that is set back reorders nothing, changes no answer about the past, and is reported.

Method: the clock of the machine cannot be set, so the books are told that they have seen a later time: to them
it is the same. What was answered before about moments up to then has to be answered again, word for word.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from ledger.account_balances import trial_balance
from ledger.book_moment import BookMoment, KnownAtInFuture
from ledger.eventstore.recorded_time import note, seconds_behind
from ledger.eventstore.verifying import verify
from ledger.tasks import note_time
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.sellers import one

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
        later = "SELECT min(recorded_at), max(recorded_at) FROM es_event WHERE shard = %s AND pos > %s"
        with connection.cursor() as cursor:
            cursor.execute(later, (seller.shard, before))
            assert cursor.fetchone() == (seen_at, seen_at)
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
        assert one(LATEST) == seen_at
        assert one(BACKWARDS) == 0
        assert_books_hold()

    def test_is_reported(self, db, caplog):
        assert (note_time(), seconds_behind()) == (0, 0)
        assert not caplog.records
        set_back()
        assert 3_590 < note_time() < 3_600.1
        assert "seconds behind the time of the books" in caplog.text
        assert Client().get("/readyz").json()["clock"]["set_back"] is True
