"""One seller borrows, repays, falls overdue, is collected from and is blacklisted."""

from datetime import date, timedelta

from lending.domain.credit_line_refusals import EntityIsBlacklisted
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line


class TestOneSellersLife:
    def test_from_the_first_draw_to_the_blacklist(self, books):
        seller = seller_with_line(accounts=3)
        limit = one("SELECT limit_minor FROM credit_line WHERE id = %s", seller.line_id)
        assert limit > 0

        loan = seller.borrow(6_000_000)
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "active"
        assert one("SELECT count(*) FROM instalment WHERE loan_id = %s", loan) == 3
        assert_books_hold()

        seller.receive(5_000_000)
        seller.close_through(date(2024, 2, 1))
        assert_books_hold()
        seller.close_through(date(2024, 2, 2))
        assert one("SELECT count(*) FROM repayment WHERE loan_id = %s AND reason = 'auto_debit'", loan) == 1
        assert_books_hold()

        revolving = seller.borrow(2_000_000, product="revolving-daily", term=30)
        seller.close_through(date(2024, 2, 12))
        assert_books_hold()
        seller.repay(revolving, 1_000_000).value()
        assert_books_hold()
        seller.repay(loan, 500_000, kind="prepayment").value()
        assert_books_hold()
        seller.close_through(date(2024, 3, 10))
        assert_books_hold()
        assert one("SELECT count(*) FROM loan WHERE status = 'overdue'") == 2

        seller.receive(300_000, account=2)
        seller.close_through(seller.today())
        assert one("SELECT count(*) FROM notice WHERE kind = 'linked_account_debited'") >= 1
        assert seller.balance(2) == 0
        assert_books_hold()

        seller.close_through(date(2024, 5, 20))
        assert_books_hold()
        assert one("SELECT count(*) FROM blacklist_entry") == 4
        assert isinstance(seller.draw(100_000).refusal, EntityIsBlacklisted)
        assert_books_hold()
        assert seller.today() == date(2024, 5, 20) + timedelta(days=1)
