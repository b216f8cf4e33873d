"""The day close holds against losses what the categories of loans ask for, and releases it when they are gone."""

from __future__ import annotations

from datetime import timedelta

from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line

DAY = timedelta(days=1)
HELD = (
    "SELECT coalesce(sum(CASE side WHEN 'C' THEN amount_minor ELSE -amount_minor END), 0) FROM journal_line"
    " WHERE account = '1391'"
)


def held():
    return one("SELECT coalesce(sum(allowance_minor), 0) FROM provision")


class TestTheProvision:
    def test_is_one_percent_of_a_normal_loan_and_two_of_one_that_is_late(self, books):
        seller = seller_with_line()
        loan_id = seller.borrow(1_000_000, product="revolving-daily", term=30)
        seller.close_through(seller.today())
        assert (held(), one(HELD)) == (10_000, 10_000)
        due_on = one("SELECT next_due_on FROM loan WHERE id = %s", loan_id)
        seller.close_through(due_on)
        held_for = "SELECT allowance_minor FROM provision WHERE category = %s"
        assert (one(held_for, "normal"), one(held_for, "special_mention")) == (0, 20_000)
        assert one(HELD) == 20_000
        assert_books_hold()

    def test_is_released_when_the_last_loan_is_paid(self, books):
        seller = seller_with_line()
        loan_id = seller.borrow(1_000_000, product="revolving-daily", term=30)
        seller.close_through(seller.today())
        seller.receive(2_000_000)
        seller.repay(loan_id, kind="payoff").value()
        seller.close_through(seller.today())
        assert (held(), one(HELD)) == (0, 0)
        assert_books_hold()

    def test_is_posted_only_when_something_differs(self, books):
        seller = seller_with_line()
        seller.borrow(1_000_000, product="revolving-daily", term=30)
        seller.close_through(seller.today() + 4 * DAY)
        assert one("SELECT count(*) FROM es_event WHERE topic = 'provision.posted'") == 1
        assert_books_hold()
