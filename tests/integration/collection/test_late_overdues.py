"""Overdues that become known late count for the blacklist like those that are seen as they happen."""

from __future__ import annotations

from datetime import date

from ledger.domain.loan_record import FactKind
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.simulation import rows_of


class TestPaymentsThatBounceLate:
    def bounce(self, seller, loan):
        paid = "SELECT payment_id, effective_date FROM repayment WHERE loan_id = %s AND reversed_on IS NULL"
        for payment, on in rows_of(paid + " ORDER BY effective_date, sequence", loan):
            seller.tell(loan, FactKind.PAYMENT_REVERSED, of=payment, value_date=on)

    def test_blacklist_the_entity_though_every_overdue_lies_weeks_back(self, books):
        seller = seller_with_line(accounts=1)
        loan = seller.borrow(6_000_000)
        seller.receive(9_000_000)
        seller.close_through(date(2024, 4, 20))
        assert one("SELECT count(*) FROM repayment WHERE loan_id = %s", loan) >= 3
        self.bounce(seller, loan)
        seller.close_through(date(2024, 4, 21))
        listed = one("SELECT blacklisted_on FROM legal_entity WHERE id = %s", seller.entity_id)
        assert listed is not None
        assert_books_hold()
