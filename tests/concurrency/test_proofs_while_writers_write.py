"""Proofs are taken while the product is in use: verification and rebuild see one moment of it.

Method: writers in several threads never stop while the proof runs; the proof must neither find a problem
that is not there nor lose what is written meanwhile.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.db import connection

from ledger.eventstore.followers import follow_all
from ledger.eventstore.rebuilding import NotIdentical, rebuild, rebuilt_tables
from ledger.eventstore.verifying import verify
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.sellers import one, pay_outs, seller_with_line
from tests.builders.storage import content, fingerprint
from tests.builders.threads import Background, Held

WRITERS = 3


@contextmanager
def writing(*, following=True):
    """Have sellers draw, receive and repay, and a follower follow, until the block ends."""
    sellers = [seller_with_line(reference=f"W-{number}") for number in range(WRITERS)]
    stopped = threading.Event()
    done = []

    def write(seller):
        while not stopped.is_set():
            loan = seller.borrow(200_000, product="revolving-daily", term=30)
            while one("SELECT status FROM loan WHERE id = %s", loan) == "requested":
                pay_outs()  # another writer holds the message and has not booked it yet
            seller.receive(300_000).value()
            seller.repay(loan, 50_000).value()
            seller.repay(loan, kind="payoff").value()
            done.append(loan)

    def keep_following():
        while following and not stopped.is_set():
            follow_all()

    workers = [Background(lambda seller=seller: write(seller)) for seller in sellers]
    workers.append(Background(keep_following))
    try:
        yield done
    finally:
        stopped.set()
        for worker in workers:
            worker.finish()


class TestVerification:
    def test_finds_nothing_while_writers_write(self, committed_books):
        short_life()
        with writing() as done:
            for _ in range(8):
                assert [str(problem) for problem in verify()] == []
        assert done
        assert_books_hold()

    def test_sees_one_moment_although_a_command_commits_in_the_middle_of_it(self, committed_books):
        seller, *_ = short_life()
        with Held(lambda: [str(problem) for problem in verify()], before="FROM es_event") as proof:
            seller.receive(1_00).value()
        assert proof.finish() == []
        assert_books_hold()


class TestARebuildBeside:
    def test_is_identical_while_writers_write(self, committed_books):
        short_life()
        with writing() as done:
            for _ in range(4):
                assert [proof.table for proof in rebuild() if not proof.identical] == []
        assert done
        assert_books_hold()

    def test_does_not_make_a_writer_wait(self, committed_books):
        seller, *_ = short_life()
        with Held(rebuild, before="DROP TABLE pg_temp") as rebuilding:
            assert seller.receive(1_00).attempts == 1
            follow_all()
        assert all(proof.identical for proof in rebuilding.finish())
        assert_books_hold()


class TestARebuildThatReplaces:
    def test_puts_the_same_rows_in_place(self, committed_books):
        short_life()
        follow_all()
        before, numbers = fingerprint(attempts=True), {table: place(table) for table in rebuilt_tables()}
        assert all(proof.identical for proof in rebuild(replace=True))
        assert fingerprint(attempts=True) == before
        assert all(place(table) != numbers[table] for table in rebuilt_tables() if numbers[table])
        assert_books_hold()

    def test_loses_nothing_that_is_written_meanwhile(self, committed_books):
        short_life()
        with writing() as done:
            for _ in range(3):
                assert all(proof.identical for proof in rebuild(replace=True))
        assert done
        assert_books_hold()

    def test_loses_nothing_that_is_followed_meanwhile(self, committed_books):
        seller, *_ = short_life()
        follow_all()
        seller.receive(1_00).value()
        with Held(lambda: rebuild(replace=True), before="TRUNCATE") as rebuilding:
            following = Background(follow_all)
            assert following.is_waiting_for_a_lock()
        assert all(proof.identical for proof in rebuilding.finish())
        following.finish()
        assert one("SELECT sum(events) FROM portfolio_day") == one("SELECT count(*) FROM es_event")
        assert_books_hold()

    def test_makes_a_command_wait_and_then_go_through(self, committed_books):
        seller, *_ = short_life()
        with Held(lambda: rebuild(replace=True), before="TRUNCATE") as rebuilding:
            receiving = Background(lambda: seller.receive(1_00))
            assert receiving.is_waiting_for_a_lock()
        rebuilding.finish()
        assert receiving.finish().refusal is None
        assert_books_hold()

    @pytest.mark.parametrize("table", ["loan", "credit_line", "journal_line", "accrual_row", "portfolio_day"])
    def test_finds_a_row_that_was_tampered_with_and_replaces_nothing(self, committed_books, table):
        short_life()
        follow_all()
        column = {"loan": "grace_days", "credit_line": "limit_minor", "portfolio_day": "events"}.get(
            table, "amount_minor"
        )
        row = tamper(table, column, +1)
        tampered = content()
        with pytest.raises(NotIdentical, match=table):
            rebuild(replace=True)
        assert content() == tampered
        assert [proof.table for proof in rebuild() if not proof.identical] == [table]
        tamper(table, column, -1, row=row)
        assert_books_hold()

    def test_finds_a_row_too_few_and_a_row_too_many(self, committed_books):
        short_life()
        follow_all()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS TABLE receipt")
            cursor.execute("UPDATE receipt SET reference = 'another'")
            (proof,) = [proof for proof in rebuild() if not proof.identical]
            cursor.execute("DELETE FROM receipt; INSERT INTO receipt SELECT * FROM kept; DROP TABLE kept")
        assert (proof.table, proof.missing, proof.surplus) == ("receipt", 1, 1)
        assert_books_hold()


def place(table):
    """Return where on disk a table's first row lies; a replaced table lies elsewhere."""
    return one(f"SELECT pg_relation_filenode('{table}')::text || min(xmin::text) FROM {table}")


def tamper(table, column, by, *, row=None):
    """Change one value behind the guards' back and return which row it was."""
    row = row or one(f"SELECT max(ctid)::text FROM {table} WHERE {column} > 0")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"UPDATE {table} SET {column} = {column} + {by} WHERE ctid = '{row}' RETURNING ctid::text"
        )
        row = cursor.fetchone()[0]
        cursor.execute("SET session_replication_role = origin")
    return row
