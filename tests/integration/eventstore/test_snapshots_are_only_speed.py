"""A snapshot is a head row that saves reading the stream; without it, or from any version, all is the same.

Method: for every version of every stream that a real life left behind, the state as a snapshot would hold
it is read back and the rest of the stream is folded on top. Then the head rows are taken away or aged, and
the same commands must leave the same books.
"""

from __future__ import annotations

import json

from django.db import connection

from ledger.domain.loan_account import LoanAccount
from ledger.eventstore.codec import restore, state_to_json
from ledger.eventstore.recorder import EVENT_STORE
from ledger.eventstore.unit_of_work import load, replay
from ledger.kernel.aggregate import AGGREGATES, EVENTS
from lending.commands.manage_line import FreezeLine
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life, troubled_life
from tests.builders.sellers import give, one, restart_numbers
from tests.builders.storage import content, taken_back

HOT = {name: cls for name, cls in AGGREGATES.items() if cls.hot}


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def streams(aggregate_class):
    topics = [topic for topic, event in EVENTS.items() if event.aggregate_class is aggregate_class]
    return [
        row[0] for row in run("SELECT DISTINCT originator_id FROM es_event WHERE topic = ANY (%s)", topics)
    ]


def through_json(aggregate):
    """Return the aggregate as a snapshot of this version would bring it back."""
    state = json.loads(json.dumps(state_to_json(aggregate)))
    return restore(type(aggregate), aggregate.id, aggregate.version, state)


class TestASnapshotOfAnyVersion:
    def test_with_the_rest_of_the_stream_is_the_full_replay(self, books):
        troubled_life()
        checked = 0
        for name, cls in AGGREGATES.items():
            for identifier in streams(cls):
                whole = replay(cls, identifier)
                for version in range(1, whole.version + 1):
                    part = through_json(replay(cls, identifier, version=version))
                    for event in EVENT_STORE.get(identifier, gt=version):
                        part = event.mutate(part)
                    assert (part.state, part.version) == (whole.state, whole.version), (name, version)
                    checked += 1
        assert checked == one("SELECT count(*) FROM es_event")
        assert_books_hold()


class TestALongStream:
    def test_is_read_from_its_kept_state_and_the_events_after_it(self, books, monkeypatch):
        monkeypatch.setattr(LoanAccount, "snapshot_every", 3)
        troubled_life()
        kept = dict(run("SELECT originator_id, version FROM es_snapshot"))
        loans = [identifier for identifier in streams(LoanAccount) if identifier in kept]
        assert loans
        for identifier in loans:
            whole, read = replay(LoanAccount, identifier), load(LoanAccount, identifier)
            assert (read.state, read.version) == (whole.state, whole.version)
            assert 0 <= whole.version - kept[identifier] < 3
        assert_books_hold()

    def test_is_read_whole_when_what_was_kept_is_of_another_schema(self, books, monkeypatch):
        monkeypatch.setattr(LoanAccount, "snapshot_every", 3)
        troubled_life()
        run("UPDATE es_snapshot SET schema_version = 99, state = '{}'")
        for identifier in streams(LoanAccount):
            assert load(LoanAccount, identifier).state == replay(LoanAccount, identifier).state
        assert_books_hold()


class TestTheHeadRows:
    def test_hold_what_replay_gives_for_every_hot_stream(self, books):
        troubled_life()
        heads = {
            row[0]: row[1:] for row in run("SELECT originator_id, version, state::text FROM es_snapshot")
        }
        expected = {identifier: cls for name, cls in HOT.items() for identifier in streams(cls)}
        assert set(heads) == set(expected)
        for identifier, cls in expected.items():
            whole = replay(cls, identifier)
            version, state = heads[identifier]
            assert version == whole.version
            assert restore(cls, identifier, version, json.loads(state)).state == whole.state
        assert_books_hold()

    def test_may_be_deleted_at_any_time(self, books):
        assert self.after("DELETE FROM es_snapshot") == self.after("SELECT 1")

    def test_of_another_schema_version_are_not_used(self, books):
        nonsense = "UPDATE es_snapshot SET schema_version = 99, state = '{\"limit_minor\": 1}'"
        assert self.after(nonsense) == self.after("SELECT 1")

    def test_that_were_deleted_come_back_with_the_next_command(self, books):
        seller, *_ = short_life()
        run("DELETE FROM es_snapshot")
        seller.receive(1_00).value()
        assert run("SELECT originator_id, version FROM es_snapshot") == [
            (
                seller.accounts[0],
                one("SELECT count(*) FROM es_event WHERE originator_id = %s", seller.accounts[0]),
            )
        ]
        assert_books_hold()

    def after(self, sql):
        """Return the books after a life in which the head rows were treated like this between commands."""
        restart_numbers()
        with taken_back():
            seller, instalment, revolving = short_life()
            run(sql)
            seller.receive(2_500_000).value()
            run(sql)
            seller.repay(revolving, 300_000).value()
            run(sql)
            seller.repay(instalment, kind="payoff").value()
            run(sql)
            seller.draw(400_000, key="one more").value()
            run(sql)
            give(FreezeLine(line_id=seller.line_id, reason="audit")).value()
            for number, _ in enumerate(seller.accounts):
                seller.receive(1, account=number).value()
            assert_books_hold()
            return content()
