"""The page of a running close, the tile that raises an alarm, and the section of a date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from config.admin.links import record_url
from config.identities import ACCOUNTANT, COLLECTOR
from ledger.eventstore.commands import HANDLERS
from lending.commands.repayment import DebitDueAmount
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line

DAY = timedelta(days=1)


@pytest.fixture
def set_aside(books, monkeypatch):
    """A loan that could not be debited on its due date."""
    seller = seller_with_line(accounts=1)
    loan = seller.borrow(100_000, product="revolving-daily", term=30)
    due_on = one("SELECT due_on FROM instalment")
    seller.close_through(due_on - DAY)
    seller.receive(50_000).value()
    with monkeypatch.context() as patch:

        def fails(command, work):
            raise ArithmeticError("no such rate")

        patch.setitem(HANDLERS, DebitDueAmount, fails)
        seller.close_through(due_on)
    return seller, loan, due_on


def page(client, name="progress", **query):
    return client.get(reverse(f"admin:ledger_dayrecord_{name}"), query)


class TestTheProgressPage:
    def test_shows_shards_steps_and_what_was_set_aside(self, staff, set_aside):
        _, loan, due_on = set_aside
        text = page(staff(ACCOUNTANT), date=due_on.isoformat()).content.decode()
        assert f"Close of {due_on}" in text
        assert "1 of 256 shards closed" in text
        assert "not closed" in text
        assert str(loan) in text
        assert "no such rate" in text
        assert f"?date={due_on}" in text
        assert_books_hold()

    def test_sends_only_the_changing_part_to_the_refresh(self, staff, set_aside):
        _, loan, due_on = set_aside
        text = page(staff(ACCOUNTANT), "progress_now", date=due_on.isoformat()).content.decode()
        assert "<html" not in text
        assert "255 behind" in text
        assert str(loan) in text

    def test_carries_no_script_of_its_own(self, staff, set_aside):
        """The policy of the page runs only scripts that this server sends as files."""
        client = staff(ACCOUNTANT)
        part = page(client, "progress_now").content.decode()
        assert "<script" not in part
        assert "onload" not in part

    def test_is_for_who_may_see_the_closes(self, staff, set_aside):
        for name in ("progress", "progress_now"):
            assert page(staff(COLLECTOR), name).status_code == 403

    def test_knows_no_date_that_is_none(self, staff, set_aside):
        assert page(staff(ACCOUNTANT), date="yesterday").status_code == 404
        assert page(staff(ACCOUNTANT), date="2024-02-30").status_code == 404

    def test_of_books_that_are_not_open_says_so(self, staff, db):
        assert "have not been opened" in page(staff(ACCOUNTANT)).content.decode()


class TestTheAlarm:
    def test_counts_what_is_set_aside_until_it_works_again(self, staff, set_aside):
        seller, _, due_on = set_aside
        client = staff(ACCOUNTANT)
        assert "1 set aside" in client.get(reverse("admin:index")).content.decode()
        seller.close_through(due_on + DAY)
        assert "0 set aside" in client.get(reverse("admin:index")).content.decode()
        assert "resolved" in page(client, date=due_on.isoformat()).content.decode()
        assert_books_hold()


class TestThePageOfADate:
    def test_lists_its_problems(self, staff, set_aside):
        _, loan, due_on = set_aside
        text = staff(ACCOUNTANT).get(record_url("ledger.dayrecord", due_on.isoformat())).content.decode()
        assert 'id="section-problems"' in text
        assert str(loan) in text
