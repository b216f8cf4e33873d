"""A follower sees every event once and in order, however commits overlap.

Method: a follower that only writes down what it is shown. An early event is held between its append and
its commit while later ones go ahead, in the same shard and in others; then everything is hammered at once.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from ledger.eventstore.followers import FOLLOWERS, Follower, follow
from ledger.eventstore.shards import SHARD_COUNT
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, register_seller
from tests.builders.threads import Background, Held, together

NAME = "witness"
WRITE_DOWN = (
    "INSERT INTO witnessed (shard, pos, topic) SELECT e.shard, e.pos, e.topic FROM span"
    " JOIN es_event e ON e.shard = span.shard AND e.pos > span.after AND e.pos <= span.upto"
    " ORDER BY e.shard, e.pos"
)


@pytest.fixture
def witness(committed_books):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE witnessed (seen bigserial, shard smallint, pos bigint, topic text)")
    FOLLOWERS[NAME] = Follower(name=NAME, tables={}, apply_sql=WRITE_DOWN)
    yield
    del FOLLOWERS[NAME]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE witnessed")


def seen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT shard, pos FROM witnessed ORDER BY seen")
        return cursor.fetchall()


def committed():
    with connection.cursor() as cursor:
        cursor.execute("SELECT shard, pos FROM es_event ORDER BY shard, pos")
        return cursor.fetchall()


def assert_every_event_was_seen_once_and_in_order():
    assert sorted(seen()) == committed()
    for shard in range(SHARD_COUNT):
        positions = [pos for at, pos in seen() if at == shard]
        assert positions == list(range(1, len(positions) + 1))


@pytest.mark.usefixtures("witness")
class TestAFollower:
    def test_waits_for_no_early_event_of_its_own_shard_because_later_ones_cannot_overtake_it(self):
        seller = register_seller(monthly_minor=0, accounts=2)
        follow(NAME)
        known = len(seen())
        with Held(lambda: seller.receive(1_00, account=0), after="es_append") as early:
            later = Background(lambda: seller.receive(2_00, account=1))
            assert later.is_waiting_for_a_lock()
            assert follow(NAME) == 0
            assert len(seen()) == known
        assert early.finish().refusal is None
        assert later.finish().refusal is None
        assert follow(NAME) == 2
        assert one("SELECT count(*) FROM witnessed WHERE topic = 'settlement.received'") == 2
        assert_every_event_was_seen_once_and_in_order()
        assert_books_hold()

    def test_sees_an_early_event_of_a_slow_shard_after_later_ones_of_another(self):
        slow, fast = register_seller(reference="E-1"), register_seller(reference="E-2")
        assert slow.shard != fast.shard
        follow(NAME)
        with Held(lambda: slow.receive(1_00), after="es_append"):
            fast.receive(2_00).value()
            assert follow(NAME) == 1
            assert seen()[-1][0] == fast.shard
        assert follow(NAME) == 1
        assert seen()[-1][0] == slow.shard
        assert_every_event_was_seen_once_and_in_order()
        assert_books_hold()

    def test_never_sees_an_event_that_is_rolled_back(self):
        seller = register_seller(monthly_minor=0)
        follow(NAME)
        with Held(lambda: seller.receive(1_00, dry_run=True), after="es_append"):
            assert follow(NAME) == 0
        assert follow(NAME) == 0
        seller.receive(2_00).value()
        assert follow(NAME) == 1
        assert_every_event_was_seen_once_and_in_order()
        assert_books_hold()

    @pytest.mark.parametrize("batch", [1, 3, 1000])
    def test_shares_the_work_with_another_worker_while_writers_write(self, batch):
        sellers = [register_seller(reference=f"E-{number}", monthly_minor=0) for number in range(3)]
        writing = threading.Event()

        def write(seller):
            return [seller.receive(1 + number, account=number % 2).refusal for number in range(15)]

        def keep_following():
            while not writing.is_set():
                follow(NAME, batch=batch)
            follow(NAME, batch=batch)

        followers = [Background(keep_following) for _ in range(2)]
        try:
            answers = together(*(lambda seller=seller: write(seller) for seller in sellers * 2))
        finally:
            writing.set()
        for follower in followers:
            follower.finish()
        follow(NAME, batch=batch)
        assert answers == [[None] * 15] * 6
        assert_every_event_was_seen_once_and_in_order()
        assert_books_hold()

    def test_that_dies_in_the_middle_of_a_batch_starts_it_again(self):
        seller = register_seller(monthly_minor=0)
        broken = Follower(name=NAME, tables={}, apply_sql=WRITE_DOWN + "; SELECT 1 / 0")
        FOLLOWERS[NAME], whole = broken, FOLLOWERS[NAME]
        with pytest.raises(Exception, match="division by zero"):
            follow(NAME)
        connections.close_all()
        assert seen() == []
        FOLLOWERS[NAME] = whole
        follow(NAME)
        assert_every_event_was_seen_once_and_in_order()
        assert seller.balance() == 0
        assert_books_hold()
