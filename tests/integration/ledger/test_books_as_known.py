"""What was known then stays known: balances as of any date, as known at any moment, are those of the events.

Method: a life with several commands a day is asked for its trial balance on a grid of (date x moment of
recording). Each answer is compared with a plain sum over the postings of the events that were recorded by then, and
answers that were given in the middle of the life with those that are given at its end.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import msgspec
import pytest
from django.db import connection

from ledger.account_balances import currency_totals, general_ledger, trial_balance
from ledger.book_moment import BookMoment, DateKind, KnownAtInFuture
from ledger.eventstore.codec import build_event
from ledger.eventstore.processor import Busy
from ledger.postings import legs_for
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.sellers import Seller, one
from tests.integration.ledger.raw_sql import as_owner

DAYS = [date(2024, 1, day) for day in range(1, 11)]
LATE = timedelta(days=3)


@pytest.fixture(autouse=True)
def late_receipts(monkeypatch):
    """Have money that arrives count three days before it is booked, as a bank that confirms late has it."""
    receive = Seller.receive
    monkeypatch.setattr(
        Seller,
        "receive",
        lambda seller, amount: receive(seller, amount, value_date=seller.today() - LATE),
    )


def moments(count: int = 8):
    """Return moments of recording spread over the events, the first before any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded_at FROM es_event ORDER BY recorded_at")
        recorded = [moment for (moment,) in cursor.fetchall()]
    step = max(1, len(recorded) // count)
    return [recorded[0] - timedelta(microseconds=1), *recorded[::step], recorded[-1]]


def naive(moment: BookMoment) -> dict[tuple[str, str], int]:
    """Add the postings of the events up, one by one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT originator_id, originator_version, topic, state::text, recorded_at FROM es_event"
        )
        rows = cursor.fetchall()
    sums: Counter[tuple[str, str]] = Counter()
    for stream, version, topic, state, recorded_at in rows:
        event = build_event(topic, stream, version, msgspec.json.decode(state))
        counted_on = event.effective_date
        if moment.by is DateKind.VALUE:
            counted_on = getattr(event, "value_date", None) or counted_on
        if counted_on > moment.as_of or recorded_at > moment.known_at:
            continue
        for leg in legs_for(event):
            sums[leg.account, leg.currency] += leg.amount_minor * (1 if leg.side == "D" else -1)
            sums[leg.account, leg.currency] += 0
    return dict(sums)


def answered(moment: BookMoment) -> dict[tuple[str, str], int]:
    return {(row.account, row.currency): row.balance_minor for row in trial_balance(moment=moment)}


def grid(known):
    return [BookMoment(day, moment, by) for day in DAYS for moment in known for by in DateKind]


class TestTheTrialBalance:
    def test_is_the_sum_of_the_events_at_every_date_as_known_at_every_moment(self, books):
        short_life()
        cells = grid(moments())
        found = {cell: answered(cell) for cell in cells}
        assert found == {cell: naive(cell) for cell in cells}
        assert len({tuple(sorted(sums.items())) for sums in found.values()}) > 10
        for cell in cells:
            assert all(total.difference_minor == 0 for total in currency_totals(trial_balance(moment=cell)))
        assert_books_hold()

    def test_is_answered_the_same_whatever_is_posted_later(self, books):
        seller, instalment, _ = short_life()
        cells = grid([*moments(4), one("SELECT clock_timestamp()")])
        before = {cell: trial_balance(moment=cell) for cell in cells}
        ledgers = {cell: general_ledger(start=date(2024, 1, 4), moment=cell) for cell in cells}
        seller.receive(400_000).value()
        seller.repay(instalment, 300_000, kind="prepayment").value()
        seller.close_through(date(2024, 1, 10))
        seller.borrow(100_000)
        assert {cell: trial_balance(moment=cell) for cell in cells} == before
        assert {cell: general_ledger(start=date(2024, 1, 4), moment=cell) for cell in cells} == ledgers
        assert trial_balance(moment=BookMoment()) != before[cells[-1]]
        assert_books_hold()

    def test_counts_a_late_fact_on_its_value_date_and_posts_it_on_the_open_one(self, books):
        seller, *_ = short_life()
        bank = lambda day, by: answered(BookMoment(day, None, by)).get(("1002", "CNY"), 0)  # noqa: E731
        before = {by: bank(date(2024, 1, 6), by) for by in DateKind}
        seller.receive(123_456).value()
        assert seller.today() == date(2024, 1, 9)
        assert bank(date(2024, 1, 6), DateKind.POSTING) == before[DateKind.POSTING]
        assert bank(date(2024, 1, 6), DateKind.VALUE) == before[DateKind.VALUE] + 123_456
        assert one("SELECT count(*) FROM journal_entry WHERE value_date <> posting_date") > 0
        assert_books_hold()


class TestTheGeneralLedger:
    def test_leads_from_the_balance_before_the_period_to_the_one_at_its_end(self, books):
        short_life()
        for by in DateKind:
            start, end = date(2024, 1, 4), date(2024, 1, 7)
            rows = general_ledger(start=start, moment=BookMoment(end, None, by))
            before = answered(BookMoment(start - timedelta(days=1), None, by))
            after = answered(BookMoment(end, None, by))
            opening = {(row.account, row.currency): row.opening_minor for row in rows}
            assert {key: minor for key, minor in opening.items() if minor} == {
                key: minor for key, minor in before.items() if minor
            }
            assert {(row.account, row.currency): row.closing_minor for row in rows} == after
            assert all(total.difference_minor == 0 for total in currency_totals(rows))
            assert sum(row.debit_minor for row in rows) > 0
        assert_books_hold()


class TestAMomentOfKnowledge:
    def test_that_has_not_come_is_refused(self, books):
        later = one("SELECT clock_timestamp() + interval '1 minute'")
        with pytest.raises(KnownAtInFuture) as refused:
            trial_balance(moment=BookMoment(None, later))
        assert refused.value.field == "known_at"

    def test_of_just_now_waits_for_those_who_are_writing(self, committed_books):
        """What they write has its time already and is not seen yet; an answer without it would change later."""
        now = BookMoment(None, one("SELECT clock_timestamp()"))
        with as_owner() as writer:
            writer.execute("SELECT es_lock_shard(7::smallint)")
            with pytest.raises(Busy):
                trial_balance(moment=now)
            long_ago = BookMoment(None, now.known_at - timedelta(hours=2))
            assert trial_balance(moment=long_ago) == []
            writer.rollback()
        assert trial_balance(moment=now) == []

    def test_of_one_shard_waits_for_its_own_writers_only(self, committed_books):
        now = BookMoment(None, one("SELECT clock_timestamp()"))
        with as_owner() as writer:
            writer.execute("SELECT es_lock_shard(7::smallint)")
            with pytest.raises(Busy):
                now.settle(shard=7)
            now.settle(shard=8)
            writer.rollback()
        now.settle(shard=7)
