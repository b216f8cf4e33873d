"""The automatic debit comes several times a date, takes nothing twice, and says what it could not take.

Method: the clock is replaced where the task reads it; everything else is the product's own commands.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lending import automatic_debit, tasks
from lending.debit_counts import attempts_of
from lending.policies import debit_plan
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.storage import content

DAY = timedelta(days=1)
DUE = 101_200  # 1,000.00 at 14.4% over 30 days


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.fixture
def due(books):
    """A seller with a daily loan that is due on the open date, and nothing on its account."""
    return due_seller()


def due_seller():
    seller = seller_with_line(accounts=1)
    loan = seller.borrow(100_000, product="revolving-daily", term=30)
    due_on = one("SELECT due_on FROM instalment")
    seller.close_through(due_on - DAY)
    return seller, loan, due_on


@pytest.fixture
def ring(monkeypatch, settings):
    """Return a function that lets beat ring at a moment of the lender's day, and does what was sent out."""
    settings.LOANBOOK_BUSINESS_ZONE = "Asia/Shanghai"
    sent = []
    monkeypatch.setattr(tasks.debit_shard, "delay", lambda *arguments: sent.append(arguments))

    def at(day: date, clock: str) -> list:
        hour, minute = map(int, clock.split(":"))
        now = datetime.combine(day, time(hour, minute), tzinfo=UTC) - timedelta(hours=8)

        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return now.astimezone(tz)

        monkeypatch.setattr(tasks, "datetime", Clock)
        sent.clear()
        tasks.debit_due()
        for arguments in sent:
            tasks.debit_shard(*arguments)
        return list(sent)

    return at


@pytest.fixture
def all_or_nothing(monkeypatch):
    """A plan, in force from the first day, that takes no part."""
    plan = replace(debit_plan.PLANS[0], version=2, takes_part=False)
    monkeypatch.setattr(automatic_debit, "debit_plan_on", lambda on: plan)


class TestAnAttempt:
    def test_is_made_when_its_time_has_come_in_the_lenders_zone(self, due, ring):
        seller, _, due_on = due
        seller.receive(DUE).value()
        assert ring(due_on, "09:55") == []
        assert seller.balance() == DUE
        assert ring(due_on, "10:00") == [(seller.shard, due_on.isoformat(), 1)]
        assert seller.balance() == 0
        assert rows("SELECT reason, effective_date, amount_minor FROM repayment") == [
            ("auto_debit", due_on, DUE)
        ]
        assert_books_hold()

    def test_that_finds_no_money_is_counted_and_the_next_one_takes_it(self, due, ring):
        seller, _, due_on = due
        ring(due_on, "10:00")
        seller.receive(DUE).value()
        assert ring(due_on, "15:55") == []
        assert seller.balance() == DUE
        ring(due_on, "16:01")
        assert seller.balance() == 0
        first, second = attempts_of(due_on)
        assert (first.planned_at, first.due, first.without_money, first.collected) == ("10:00", 1, 1, 0)
        assert (second.planned_at, second.due, second.without_money, second.collected) == ("16:00", 1, 0, 1)
        assert (first.taken_minor, second.taken_minor) == ({}, {"CNY": DUE})
        assert_books_hold()

    def test_takes_a_part_and_later_only_the_rest(self, due, ring):
        seller, _, due_on = due
        seller.receive(50_000).value()
        ring(due_on, "10:00")
        seller.receive(200_000).value()
        ring(due_on, "22:00")
        first, third = attempts_of(due_on)
        assert (first.in_part, first.taken_minor) == (1, {"CNY": 50_000})
        assert (third.attempt, third.collected, third.taken_minor) == (3, 1, {"CNY": DUE - 50_000})
        assert one("SELECT sum(amount_minor) FROM repayment") == DUE
        assert seller.balance() == 250_000 - DUE
        assert_books_hold()

    def test_is_not_made_twice_however_often_it_is_asked_for(self, due, ring):
        seller, _, due_on = due
        seller.receive(50_000).value()
        ring(due_on, "10:00")
        seller.receive(50_000).value()
        before = content()
        for clock in ("10:00", "10:05", "15:59"):
            assert ring(due_on, clock) == []
        tasks.debit_shard(seller.shard, due_on.isoformat(), 1)
        assert content() == before
        # Even without its record, the keys of its commands are answered from the books.
        rows("DELETE FROM debit_attempt RETURNING 1")
        tasks.debit_shard(seller.shard, due_on.isoformat(), 1)
        assert seller.balance() == 50_000
        assert one("SELECT count(*) FROM repayment") == 1
        assert_books_hold()

    def test_that_was_missed_is_left_to_the_later_one(self, due, ring):
        seller, _, due_on = due
        seller.receive(DUE).value()
        assert [sent[2] for sent in ring(due_on, "17:30")] == [2]
        assert ring(due_on, "18:00") == []
        assert_books_hold()

    def test_is_not_made_for_a_date_that_is_not_open(self, due, ring):
        seller, _, due_on = due
        seller.receive(DUE).value()
        before = content()
        assert ring(due_on + DAY, "10:00") == []
        assert ring(due_on - DAY, "10:00") == []
        tasks.debit_shard(seller.shard, (due_on - DAY).isoformat(), 1)
        assert content() == before
        assert_books_hold()

    def test_has_its_last_turn_in_the_day_close(self, due, ring):
        seller, _, due_on = due
        ring(due_on, "22:00")
        seller.receive(30_000).value()
        seller.close_through(due_on)
        third, last = attempts_of(due_on)
        assert (third.attempt, third.without_money) == (3, 1)
        assert (last.attempt, last.planned_at, last.in_part) == (4, "day close", 1)
        assert one("SELECT array_agg(reason) FROM repayment") == ["auto_debit"]
        assert_books_hold()

    def test_sets_aside_a_loan_that_cannot_be_debited(self, due, ring, monkeypatch):
        from ledger.eventstore.commands import HANDLERS
        from lending.commands.repayment import DebitDueAmount

        seller, loan, due_on = due
        seller.receive(DUE).value()
        with monkeypatch.context() as patch:

            def fails(command, work):
                raise ArithmeticError("no")

            patch.setitem(HANDLERS, DebitDueAmount, fails)
            ring(due_on, "10:00")
        assert rows("SELECT step, subject FROM day_close_problem WHERE resolved_at IS NULL") == [
            ("debit", str(loan))
        ]
        assert [count.set_aside for count in attempts_of(due_on)] == [1]
        ring(due_on, "16:00")
        assert one("SELECT count(*) FROM day_close_problem WHERE resolved_at IS NULL") == 0
        assert seller.balance() == 0
        assert_books_hold()


class TestAPartThatMayNotBeTaken:
    def test_by_the_plan_leaves_the_money_and_says_so(self, due, ring, all_or_nothing):
        seller, _, due_on = due
        seller.receive(DUE - 1).value()
        ring(due_on, "10:00")
        assert seller.balance() == DUE - 1
        (first,) = attempts_of(due_on)
        assert (first.short, first.collected, first.in_part, first.taken_minor) == (1, 0, 0, {})
        outcome = one("SELECT outcome FROM es_command WHERE key LIKE %s", f"debit:{due_on}:1:%")
        assert '"short_minor": 1' in str(outcome).replace("'", '"')
        assert one("SELECT count(*) FROM repayment") == 0
        seller.receive(1).value()
        ring(due_on, "16:00")
        assert seller.balance() == 0
        assert_books_hold()

    def test_of_a_product_leaves_the_other_products_alone(self, books, ring, monkeypatch):
        plan = replace(debit_plan.PLANS[0], version=2, whole_only=frozenset({"revolving-daily"}))
        monkeypatch.setattr(automatic_debit, "debit_plan_on", lambda on: plan)
        seller = seller_with_line(accounts=2)
        seller.borrow(300_000, product="instalment-monthly", term=3, account=1)
        seller.close_through(books)
        seller.borrow(100_000, product="revolving-daily", term=30, account=0)
        due_on = one("SELECT min(due_on) FROM instalment")
        assert one("SELECT count(*) FROM loan WHERE next_due_on = %s", due_on) == 2
        seller.close_through(due_on - DAY)
        for account in (0, 1):
            seller.receive(60_000, account=account).value()
        ring(due_on, "10:00")
        assert (seller.balance(0), seller.balance(1)) == (60_000, 0)
        (first,) = attempts_of(due_on)
        assert (first.due, first.short, first.in_part) == (2, 1, 1)
        assert_books_hold()


def run(*arguments) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class TestTheCommandLine:
    def test_makes_one_attempt_on_the_open_date_and_counts_it(self, due):
        seller, _, due_on = due
        from ledger.day_close import close_shards_through

        close_shards_through(shards=range(256), through=due_on - DAY)
        seller.receive(50_000).value()
        said = run("debit_due", "--attempt", "2")
        assert f"Attempt 2 of {due_on} (16:00): 1 commands given." in said
        assert "1 loans due: 0 collected, 1 in part" in said
        assert "taken 500.00 CNY" in said
        assert "0 commands given" in run("debit_due", "--attempt", "2")
        assert_books_hold()

    def test_refuses_an_attempt_that_is_not_in_the_plan(self, due):
        with pytest.raises(CommandError, match=r"are 1 \(10:00\), 2 \(16:00\), 3 \(22:00\)"):
            run("debit_due", "--attempt", "4")
        assert one("SELECT count(*) FROM debit_attempt") == 0
        assert_books_hold()
