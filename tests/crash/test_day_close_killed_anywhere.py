"""Killed at any statement of the day close, the close goes on where it stopped: nothing lost, nothing twice.

Method: as in ``test_killed_anywhere``; the act is the close of one business date on which every step has
something to do: a debit, the accrual, ageing, a deduction, the blacklist and the provision.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.day_close import step_names
from tests.builders.books import assert_books_hold
from tests.builders.sellers import Seller, one, seller_with_line
from tests.builders.storage import content
from tests.crash.test_killed_anywhere import killed_everywhere  # noqa: F401

pytestmark = pytest.mark.processes


def on_the_eve_of_the_blacklist() -> Seller:
    """A seller whose third instalment passes its grace days today, with a little money on two accounts."""
    seller = seller_with_line(accounts=3)
    seller.borrow(600_000)
    last_due = one("SELECT max(due_on) FROM instalment")
    seller.close_through(last_due + timedelta(days=2))
    assert one("SELECT count(*) FROM overdue_instalment") == 3
    seller.receive(20_000, account=0).value()
    seller.receive(50_000, account=2).value()
    return seller


class TestTheDayClose:
    def test_killed_anywhere_goes_on_where_it_stopped(self, killed_everywhere, monkeypatch):  # noqa: F811
        # A sign of life depends on how long things take; the moments must be the same in every run.
        monkeypatch.setattr("ledger.day_close_running.SIGN_OF_LIFE_SECONDS", float("inf"))
        seller = on_the_eve_of_the_blacklist()
        day = seller.today()
        before = {kind: one("SELECT count(*) FROM es_event WHERE topic = %s", kind) for kind in EXPECTED}
        # Which commands found nothing to do depends on where the close was interrupted; no fact does.
        killed_everywhere(
            lambda: seller.close_through(day), moments_min=40, has_key=False, without=("es_command",)
        )
        after = {kind: one("SELECT count(*) FROM es_event WHERE topic = %s", kind) for kind in EXPECTED}
        assert [kind for kind in EXPECTED if after[kind] == before[kind]] == []
        steps = "SELECT array_agg(step ORDER BY step) FROM day_close WHERE business_date = %s AND done > 0"
        assert one(steps, day) == sorted(step_names())

    def test_finished_twice_changes_nothing(self, committed_books):
        seller = on_the_eve_of_the_blacklist()
        day = seller.today()
        seller.close_through(day)
        closed = content()
        seller.close_through(day)
        assert content() == closed
        assert_books_hold()


# What the close of that day must have done, or the test above has proved nothing about it.
EXPECTED = (
    "settlement.debited",
    "accrual.run_posted",
    "loan.aged",
    "settlement.deducted",
    "entity.blacklisted",
    "line.blacklisted",
    "provision.posted",
)
