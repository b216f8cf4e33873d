"""The business day is the lender's: an explicit date per shard that only the day close moves.

Method: the clock is read in one place, so it is replaced there and stepped across midnights and daylight
changes. Everything else runs in processes and sessions of five time zones, two of which are on different
calendar days at any moment, and must leave the same books.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from ledger import day_close, tasks
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_record import FactKind
from ledger.eventstore.business_date import BooksAlreadyOpen, business_date, open_books
from ledger.eventstore.processor import BooksNotOpen
from lending.commands.register_entity import RegisterEntity
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, restart_numbers, seller_with_line
from tests.builders.storage import content, fingerprint, taken_back

ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Marquesas"]
DAY = timedelta(days=1)
TRACES = ("day_close",)


@pytest.fixture
def sent(monkeypatch, settings):
    """Return a function that rings the close at a moment, in a zone, and says through which date."""
    groups = []
    monkeypatch.setattr(tasks.close_shards, "delay", lambda *arguments: groups.append(arguments))
    monkeypatch.setattr(day_close, "shards_behind", lambda *, through: list(range(256)))

    def ring(moment: str, zone: str) -> date:
        groups.clear()
        settings.LOANBOOK_BUSINESS_ZONE = zone
        now = datetime.fromisoformat(moment).astimezone(UTC)

        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return now.astimezone(tz)

        monkeypatch.setattr(tasks, "datetime", Clock)
        tasks.close_passed_days()
        assert sorted((first, last) for first, last, _ in groups) == [(n, n) for n in range(256)]
        (through,) = {through for *_, through in groups}
        return date.fromisoformat(through)

    return ring


class TestTheDayThatHasPassed:
    # The moment in UTC, the lender's zone, and the last date that is over there.
    MOMENTS = [
        ("2024-03-10T15:59:59+00:00", "Asia/Shanghai", date(2024, 3, 9)),
        ("2024-03-10T16:00:00+00:00", "Asia/Shanghai", date(2024, 3, 10)),
        ("2024-02-29T15:59:59+00:00", "Asia/Shanghai", date(2024, 2, 28)),
        ("2024-02-29T16:00:00+00:00", "Asia/Shanghai", date(2024, 2, 29)),
        ("2023-12-31T15:59:59+00:00", "Asia/Shanghai", date(2023, 12, 30)),
        ("2023-12-31T16:00:00+00:00", "Asia/Shanghai", date(2023, 12, 31)),
        # Berlin: clocks forward on 31 March, back on 27 October.
        ("2024-03-30T22:59:59+00:00", "Europe/Berlin", date(2024, 3, 29)),
        ("2024-03-30T23:00:00+00:00", "Europe/Berlin", date(2024, 3, 30)),
        ("2024-03-31T21:59:59+00:00", "Europe/Berlin", date(2024, 3, 30)),
        ("2024-03-31T22:00:00+00:00", "Europe/Berlin", date(2024, 3, 31)),
        ("2024-10-27T22:59:59+00:00", "Europe/Berlin", date(2024, 10, 26)),
        ("2024-10-27T23:00:00+00:00", "Europe/Berlin", date(2024, 10, 27)),
        ("2024-11-03T04:00:00+00:00", "America/New_York", date(2024, 11, 2)),
        ("2024-11-04T04:59:59+00:00", "America/New_York", date(2024, 11, 2)),
        ("2024-11-04T05:00:00+00:00", "America/New_York", date(2024, 11, 3)),
        ("2024-01-01T09:59:59+00:00", "Pacific/Kiritimati", date(2023, 12, 31)),
        ("2024-01-01T10:00:00+00:00", "Pacific/Kiritimati", date(2024, 1, 1)),
    ]

    @pytest.mark.parametrize(("moment", "zone", "last"), MOMENTS)
    def test_is_the_lenders_and_not_the_servers(self, sent, moment, zone, last):
        assert sent(moment, zone) == last

    @pytest.mark.parametrize("server_zone", ZONES)
    def test_does_not_depend_on_the_zone_of_the_process(self, sent, server_zone):
        with zone_of_the_process(server_zone):
            assert sent("2024-03-10T15:59:59+00:00", "Asia/Shanghai") == date(2024, 3, 9)
            assert sent("2024-03-10T16:00:00+00:00", "Asia/Shanghai") == date(2024, 3, 10)


class TestTheRingOfTheClose:
    def test_sends_one_task_for_each_shard_that_is_behind(self, books, monkeypatch):
        sent = []
        monkeypatch.setattr(tasks.close_shards, "delay", lambda *arguments: sent.append(arguments))
        monkeypatch.setattr(tasks, "_today", lambda: books + 2 * DAY)
        day_close.close_shards_through(shards=range(3, 256), through=books + DAY)
        tasks.close_passed_days()
        last = (books + DAY).isoformat()
        assert sent == [(0, 0, last), (1, 1, last), (2, 2, last)]
        for arguments in sent:
            tasks.close_shards(*arguments)
        sent.clear()
        tasks.close_passed_days()
        assert sent == []
        assert business_date().closed_through == books + DAY
        assert_books_hold()


class zone_of_the_process:  # noqa: N801 - reads as the statement it is
    """Let the process believe to be elsewhere."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.before = os.environ.get("TZ")

    def __enter__(self) -> None:
        self._set(self.zone)

    def __exit__(self, *failure: object) -> None:
        self._set(self.before)

    def _set(self, zone: str | None) -> None:
        if zone is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = zone
        time.tzset()


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def a_month_end_life():
    """Borrow on the last of January: due on 29 February, 31 March and 30 April."""
    restart_numbers()
    seller = seller_with_line()
    seller.close_through(date(2024, 1, 30))
    loan = seller.borrow(600_000)
    seller.receive(300_000).value()
    seller.receive(20_000, account=1).value()
    return seller, loan


class TestACommand:
    @pytest.mark.parametrize("zone", ZONES)
    def test_books_on_the_open_date_whatever_the_local_date_is(self, books, zone):
        """Kiritimati and the Marquesas never share a calendar day, so one of them is not on the server's."""
        with zone_of_the_process(zone), taken_back():
            run(f"SET LOCAL TIME ZONE '{zone}'")
            a_month_end_life()
            assert one("SELECT disbursed_on FROM loan") == date(2024, 1, 31)
            assert (
                one(
                    "SELECT count(*) FROM es_event WHERE effective_date NOT IN ('2024-01-02', '2024-01-31')"
                    " AND topic <> 'accrual.run_posted'"
                )
                == 0
            )
            assert one("SELECT count(*) FROM journal_entry WHERE posting_date <> effective_date") == 0
            run("SET LOCAL TIME ZONE 'UTC'")
            assert_books_hold()

    def test_leaves_the_same_books_in_every_zone(self, books):
        kept = []
        for zone in ZONES:
            with zone_of_the_process(zone), taken_back():
                run(f"SET LOCAL TIME ZONE '{zone}'")
                seller, loan = a_month_end_life()
                seller.close_through(date(2024, 2, 29))
                seller.repay(loan, 90_000, kind="prepayment").value()
                run("SET LOCAL TIME ZONE 'UTC'")
                kept.append(content())
                assert_books_hold()
        assert kept == [kept[0]] * len(ZONES)

    def test_is_refused_before_the_books_are_open_and_not_remembered(self, db):
        command = RegisterEntity(reference="E-1", country="CN", currency="CNY")
        assert isinstance(give(command, key="early").refusal, BooksNotOpen)
        open_books(on=date(2024, 1, 2))
        assert one("SELECT count(*) FROM es_event") == 0

    def test_books_on_the_new_date_from_the_moment_of_the_cut_off(self, books):
        seller = seller_with_line()
        seller.receive(1_00).value()
        seller.close_through(books)
        seller.receive(2_00).value()
        dates = (
            "SELECT array_agg(effective_date ORDER BY pos) FROM es_event WHERE topic = 'settlement.received'"
        )
        assert one(dates) == [books, books + DAY]
        assert_books_hold()


class TestTheOpenDate:
    def test_is_opened_once(self, books):
        before = fingerprint(attempts=True)
        with pytest.raises(BooksAlreadyOpen):
            open_books(on=books + DAY)
        assert fingerprint(attempts=True) == before

    def test_of_the_lender_is_the_earliest_of_all_shards(self, books):
        seller = seller_with_line()
        seller.close_through(books + DAY)
        assert business_date().open_date == books
        day_close.close_shards_through(shards=range(256), through=books)
        assert business_date().open_date == books + DAY
        assert business_date().closed_through == books
        assert_books_hold()


def closed_through(last, *, how):
    """Return the books after a life was closed in one way; a refusal or a missed day shows in them."""
    with taken_back():
        seller, loan = a_month_end_life()
        other = seller.borrow(300_000, product="revolving-daily", term=30)
        how(seller, last)
        assert seller.today() == last + DAY
        assert one("SELECT closed_through FROM es_shard WHERE shard = %s", seller.shard) == last
        assert loan != other
        assert_books_hold()
        return content(without=TRACES)


def day_by_day(seller, last):
    while seller.today() <= last:
        seller.close_through(seller.today())


def in_one_go(seller, last):
    seller.close_through(last)


def three_days_late(seller, last):
    while seller.today() <= last:
        seller.close_through(min(seller.today() + 3 * DAY, last))


def each_day_twice(seller, last):
    while seller.today() <= last:
        day = seller.today()
        seller.close_through(day)
        day_close.close_shard(shard=seller.shard, day=day)


def each_day_twice_without_its_record(seller, last):
    while seller.today() <= last:
        day = seller.today()
        seller.close_through(day)
        run("DELETE FROM day_close")
        day_close.close_shard(shard=seller.shard, day=day)


UNDISTURBED: dict[date, dict[str, str]] = {}


def undisturbed(last):
    """Return the books after a close every night, worked out once."""
    if last not in UNDISTURBED:
        UNDISTURBED[last] = closed_through(last, how=day_by_day)
    return UNDISTURBED[last]


WAYS = [in_one_go, three_days_late, each_day_twice, each_day_twice_without_its_record]


class TestCatchingUp:
    @pytest.mark.parametrize("how", WAYS, ids=lambda how: how.__name__)
    def test_gives_the_books_of_a_close_every_night(self, books, how):
        """Over 29 February and a month end, with a debit, two instalments overdue and a penalty."""
        last = date(2024, 4, 6)
        assert closed_through(last, how=how) == undisturbed(last)

    def test_over_the_end_of_a_year_gives_the_same(self, db):
        open_books(on=date(2023, 12, 30))
        books = []
        for how in (day_by_day, in_one_go):
            with taken_back():
                restart_numbers()
                seller = seller_with_line()
                loan = seller.borrow(600_000, product="revolving-daily", term=30)
                how(seller, date(2024, 1, 2))
                assert one("SELECT count(*) FROM accrual_run") == 4
                # 0.40 yuan a day a thousand: 600,000 fen at 14.4 % over 360 are 240 fen a day.
                assert one("SELECT sum(amount_minor) FROM accrual_row WHERE loan_id = %s", loan) == 4 * 240
                assert_books_hold()
                books.append(content(without=TRACES))
        assert books[0] == books[1]


class TestAShardWhoseOnlyLoanWasPaidInAdvance:
    def test_is_not_idle_while_the_interest_is_being_earned(self, books):
        seller = seller_with_line()
        loan_id = seller.borrow(1_000_000)
        seller.receive(2_000_000)
        give(
            RecordLoanFact(
                loan_id=loan_id,
                line_id=seller.line_id,
                kind=FactKind.PAYMENT_RECEIVED,
                account_ids=(seller.accounts[0],),
                source_account_id=seller.accounts[0],
                amount_minor=1_500_000,
                payment="instalment",
                instruction="next",
            )
        ).value()
        assert one("SELECT status FROM loan WHERE id = %s", loan_id) == "overpaid"
        seller.close_through(books + timedelta(days=9))
        # Ten days at 14.4% in twelfths, of which January has 31 days.
        earned = one("SELECT sum(amount_minor) FROM accrual_row WHERE loan_id = %s", loan_id)
        assert earned == 3_871
        assert_books_hold()


class Interruption(Exception):
    """The worker is gone."""


class TestAnInterruptedClose:
    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("name", day_close.step_names())
    def test_goes_on_where_it_stopped(self, books, monkeypatch, name, moment):
        last = date(2024, 3, 1)  # a day on which every step but the blacklist has something to do

        def interrupted(seller, last):
            day_by_day(seller, last - DAY)
            with monkeypatch.context() as patch:
                patch.setattr(day_close, "_STEPS", [broken(step, name, moment) for step in day_close._STEPS])
                with pytest.raises((Interruption, ExceptionGroup)):
                    seller.close_through(last)
            seller.close_through(last)

        assert closed_through(last, how=interrupted) == undisturbed(last)

    def test_tries_no_debit_of_the_closed_date_after_its_cut_off(self, books, monkeypatch):
        """Money that came after the cut-off is for the steps of the new date, as it would have been."""
        seller = seller_with_line(accounts=1)
        seller.borrow(600_000, product="revolving-daily", term=30)
        due_on = one("SELECT due_on FROM instalment")
        seller.close_through(due_on - DAY)
        with monkeypatch.context() as patch:
            patch.setattr(
                day_close, "_STEPS", [broken(step, "ageing", "before") for step in day_close._STEPS]
            )
            with pytest.raises((Interruption, ExceptionGroup)):
                seller.close_through(due_on)
        seller.receive(50_000).value()
        seller.close_through(due_on)
        assert one("SELECT array_agg(reason) FROM repayment") == ["linked_deduction"]
        assert_books_hold()

    def test_takes_no_offence_at_money_that_came_before_it_went_on(self, books, monkeypatch):
        """The deduction was made before the interruption; now it would be made from another account."""
        seller = seller_with_line(accounts=2)
        seller.borrow(600_000, product="revolving-daily", term=30)
        due_on = one("SELECT due_on FROM instalment")
        seller.receive(10_000, account=1).value()
        seller.close_through(due_on - DAY)
        with monkeypatch.context() as patch:
            steps = [broken(step, "linked-account deduction", "after") for step in day_close._STEPS]
            patch.setattr(day_close, "_STEPS", steps)
            with pytest.raises((Interruption, ExceptionGroup)):
                seller.close_through(due_on)
        assert seller.balance(1) == 0
        seller.receive(5_000, account=0).value()
        seller.close_through(due_on)
        assert seller.today() == due_on + DAY
        assert seller.balance(0) == 5_000
        seller.close_through(due_on + DAY)
        assert seller.balance(0) == 0
        assert_books_hold()


def broken(step, name, moment):
    """Return a step that is interrupted before it begins, or after its last command and before its record."""
    if step.name != name:
        return step

    def run_step(shard, day):
        if moment == "after":
            step.run(shard, day)
        raise Interruption

    return day_close.Step(step.order, step.name, run_step)
