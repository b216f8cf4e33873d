"""A seller stocks up for a season: a loan of 30,000.00 that is called in parts, and a rest that lapses.

Interest every month at 13.8% by exact days over 360, principal at the end; the rest may be called for 30 days.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from lending.positions import line_position
from tests.builders.books import assert_books_hold
from tests.builders.sellers import offer_parts, one, pay_outs, seller_with_line

ON_ACCOUNT = (
    "SELECT coalesce(sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END), 0)::bigint"
    " FROM journal_line WHERE account = %s AND loan_id = %s"
)


def rows(loan):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_on, interest_minor, principal_minor FROM instalment"
            " WHERE loan_id = %s AND superseded_by IS NULL ORDER BY due_on",
            (loan,),
        )
        return cursor.fetchall()


def held_and_drawn(seller):
    line = line_position(line_id=seller.line_id)
    return line.reserved_minor, line.drawn_minor


class TestALoanForASeason:
    def test_from_the_first_part_to_the_last_instalment(self, books):
        seller = seller_with_line()
        product = offer_parts(like="interest-only", availability_days=30)

        # 2 January: 30,000.00 are agreed, 12,000.00 are paid out. The line holds the other 18,000.00.
        loan = seller.borrow(3_000_000, product=product, term=3, first_part_minor=1_200_000)
        assert held_and_drawn(seller) == (1_800_000, 1_200_000)
        # 31, 29 and 31 days of 4.60 each.
        assert rows(loan) == [
            (date(2024, 2, 2), 14_260, 0),
            (date(2024, 3, 2), 13_340, 0),
            (date(2024, 4, 2), 14_260, 1_200_000),
        ]
        assert_books_hold()

        # 12 January: 9,000.00 more. From here on a day costs 8.05.
        seller.close_through(date(2024, 1, 11))
        assert one(ON_ACCOUNT, "1321", loan) + one("SELECT sum(amount_minor) FROM accrual_row") == 10 * 460
        seller.call_part(loan, 900_000).value()
        pay_outs()
        assert held_and_drawn(seller) == (900_000, 2_100_000)
        # Ten days of 4.60 and 21 of 8.05; then 29 and 31 days of 8.05, rounded once a row.
        assert rows(loan) == [
            (date(2024, 2, 2), 4_600 + 16_905, 0),
            (date(2024, 3, 2), 23_345, 0),
            (date(2024, 4, 2), 24_955, 2_100_000),
        ]
        assert one(ON_ACCOUNT, "1301", loan) == 2_100_000
        assert_books_hold()

        # 1 February is the last day on which the rest could be called; that night it goes back to the line.
        seller.close_through(date(2024, 1, 31))
        assert held_and_drawn(seller) == (900_000, 2_100_000)
        seller.close_through(date(2024, 2, 1))
        assert held_and_drawn(seller) == (0, 2_100_000)
        assert_books_hold()

        # Everything is debited on its day: 215.05 + 233.45 + 249.55 of interest, and 21,000.00.
        seller.receive(2_200_000)
        seller.close_through(date(2024, 4, 2))
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "settled"
        assert seller.balance() == 2_200_000 - 2_100_000 - 21_505 - 23_345 - 24_955
        assert held_and_drawn(seller) == (0, 0)
        assert_books_hold()
