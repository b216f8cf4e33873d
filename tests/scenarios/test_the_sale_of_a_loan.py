"""8,000.00 at 14.4% a year over 360 days, due after 30 days: sold while it runs, overdue, and after a charge-off.

Interest is 3.20 a day and 96.00 in 30 days. From the due date, 1 February 2024, overdue principal costs 4.80 a day
(21.6%) and unpaid interest 21.6% of 96.00: 25 days later that is 120.00 and 1.44. Each amount below can be checked
by hand; D is debit and C is credit.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.loan_record import FactKind
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.standings import lines_of

SALE_WHILE_IT_RUNS = """
1002 | D | 7900.00 | the price, cash at bank
1301 | C | 8000.00 | principal
1321 | C |   48.00 | interest of 15 days
6702 | D |  148.00 | the loss: 8,048.00 less 7,900.00
1391 | C |  148.00 | is provided for
1391 | D |  148.00 | and taken from the allowance
"""
SALE_WHILE_OVERDUE = """
1002 | D | 5000.00 | the price
1301 | C | 8000.00 | principal
1321 | C |   96.00 | interest
1322 | C |  121.44 | penalty 120.00 and compound interest 1.44
6702 | D | 3217.44 | the loss: 8,217.44 less 5,000.00
1391 | C | 3217.44 | is provided for
1391 | D | 3217.44 | and taken from the allowance
"""
# 96.00 of interest were paid on the due date, which becomes known ten days after the sale. So no interest was
# overdue, the compound interest falls away, and 8,120.00 were sold for 5,000.00.
PAYMENT_OF_BEFORE_THE_SALE = """
2101 | D |   96.00 | from the borrower's settlement account
6012 | D |    1.44 | compound interest that was never earned
6702 | C |   97.44 | the loss is 3,120.00 and not 3,217.44
1391 | D |   97.44 |
1391 | C |   97.44 |
"""
CHARGE_OFF = """
1301 | C | 8000.00 | principal
1321 | C |   96.00 | interest
1322 | C |  121.44 | penalty and compound interest
6702 | D | 8217.44 | the loss
1391 | C | 8217.44 |
1391 | D | 8217.44 |
9003 | D | 8217.44 | the claim is kept in memo
9099 | C | 8217.44 |
"""
# Ten more days cost 48.00 of penalty and 0.58 of compound interest in memo: 8,266.02 in all (2.016 of compound
# interest in 35 days is 2.02).
SALE_AFTER_THE_CHARGE_OFF = """
1002 | D |  400.00 | the price
6051 | C |  400.00 | is a recovery
9003 | C | 8266.02 | the claim leaves the memo
9099 | D | 8266.02 |
"""
SALE_ABOVE_THE_CLAIM = """
1002 | D | 8100.00 | the price
1301 | C | 8000.00 | principal
1321 | C |   48.00 | interest of 15 days
6061 | C |   52.00 | the gain: 8,100.00 less 8,048.00
"""


def lent(until):
    """Return a seller who has no money, and 8,000.00 that were lent on 2 January 2024, on a day."""
    seller = seller_with_line()
    loan = seller.borrow(800_000, product="revolving-daily", term=30)
    seller.close_through(date.fromordinal(until.toordinal() - 1))
    return seller, loan


def sell(seller, loan, price, **more):
    return seller.tell(loan, FactKind.SOLD, price_minor=price, buyer="B-7", reason="portfolio", **more)


def latest_entry(loan):
    """Return the lines of the latest entry of the loan's own events: account, side, amount."""
    position = one("SELECT max(pos) FROM es_event WHERE originator_id = %s", loan)
    return sorted((line[4], line[5], line[6]) for line in lines_of(loan) if line[1] == position)


def table(text):
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return sorted((account, side, int(amount.replace(".", ""))) for account, side, amount, _ in rows)


class TestASale:
    def test_of_a_loan_that_runs(self, books):
        seller, loan = lent(date(2024, 1, 17))
        sell(seller, loan, 790_000)
        assert latest_entry(loan) == table(SALE_WHILE_IT_RUNS)
        assert_books_hold()

    def test_above_what_the_loan_is_shown_at(self, books):
        seller, loan = lent(date(2024, 1, 17))
        sell(seller, loan, 810_000)
        assert latest_entry(loan) == table(SALE_ABOVE_THE_CLAIM)
        assert_books_hold()

    def test_of_an_overdue_loan_and_a_payment_of_before_it(self, books):
        seller, loan = lent(date(2024, 2, 26))
        sell(seller, loan, 500_000)
        assert latest_entry(loan) == table(SALE_WHILE_OVERDUE)
        seller.close_through(date(2024, 3, 6))
        seller.receive(9_600, value_date=date(2024, 2, 1)).value()
        account = seller.accounts[0]
        said = {"amount_minor": 9_600, "value_date": date(2024, 2, 1), "source_account_id": account}
        seller.tell(loan, FactKind.PAYMENT_RECEIVED, **said)
        assert latest_entry(loan) == table(PAYMENT_OF_BEFORE_THE_SALE)
        assert (one("SELECT status FROM loan"), seller.balance()) == ("sold", 0)
        assert_books_hold()

    def test_of_a_loan_that_was_charged_off(self, books):
        seller, loan = lent(date(2024, 2, 26))
        seller.tell(loan, FactKind.CHARGED_OFF)
        assert latest_entry(loan) == table(CHARGE_OFF)
        seller.close_through(date(2024, 3, 6))
        sell(seller, loan, 40_000)
        assert latest_entry(loan) == table(SALE_AFTER_THE_CHARGE_OFF)
        assert_books_hold()

    def test_that_is_undone_posts_the_same_the_other_way(self, books):
        seller, loan = lent(date(2024, 2, 26))
        sale = sell(seller, loan, 500_000)
        seller.tell(loan, FactKind.SALE_UNDONE, of=sale, reason="not as warranted")
        other = {"D": "C", "C": "D"}
        mirrored = sorted(
            (account, other[side], amount) for account, side, amount in table(SALE_WHILE_OVERDUE)
        )
        assert latest_entry(loan) == mirrored
        assert one("SELECT status FROM loan") == "overdue"
        assert_books_hold()
