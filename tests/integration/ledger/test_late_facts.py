"""Facts that arrive late: the books end as if each had been known in time, and say so on the open date only.

Method: a seller learns something late, another one learns the same in time; what the books say of both loans
is held together. Entries that were there before the late fact must be there afterwards, unchanged.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from ledger.commands.save_product import SaveProductVersion
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind
from ledger.eventstore.unit_of_work import replay
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_pricing import PricingTerms
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.standings import balances_of, lines_of, standing_of
from tests.conftest import FIRST_DAY

AMOUNT = 1_200_000
DAY = timedelta(days=1)
DUE = date(2024, 2, 2)
# Three rows of 12,000.00 at 14.4%: the first asks for 409,638.
INSTALMENT = 409_638


def borrower(reference="E-1"):
    """Return a seller and a loan of three monthly rows, the first due on 2 February."""
    seller = seller_with_line(reference=reference)
    loan = seller.borrow(AMOUNT)
    assert one("SELECT next_due_on FROM loan WHERE id = %s", loan) == DUE
    return seller, loan


class TestAPaymentReportedLate:
    def late(self):
        """Overdue and penalised since 2 February, paid on that day, known on the 12th."""
        seller, loan = borrower()
        seller.close_through(date(2024, 2, 11))
        assert one("SELECT status FROM loan") == "overdue"
        assert balances_of(loan)["6012"] < 0
        seller.receive(INSTALMENT)
        return seller, loan

    def test_leaves_the_loan_as_if_it_had_been_known_in_time(self, books):
        seller, loan = self.late()
        paid = seller.repay(loan, value_date=DUE).value()
        assert (paid["applied_minor"], paid["status"]) == (INSTALMENT, "active")
        punctual, same = borrower("E-2")
        punctual.close_through(DUE - DAY)
        punctual.receive(INSTALMENT)
        punctual.repay(same).value()
        punctual.close_through(date(2024, 2, 11))
        assert standing_of(loan) == standing_of(same)
        for each in (seller, punctual):
            each.close_through(date(2024, 2, 20))
        assert standing_of(loan) == standing_of(same)
        assert_books_hold()

    def test_withdraws_the_penalty_and_the_history_of_arrears(self, books):
        seller, loan = self.late()
        assert one("SELECT count(*) FROM overdue_instalment") == 1
        seller.repay(loan, value_date=DUE).value()
        assert one("SELECT count(*) FROM overdue_instalment") == 0
        assert one("SELECT overdue_since FROM loan") is None
        assert not {"1322", "6012"} & set(balances_of(loan))
        # That it was sent cannot be undone.
        assert one("SELECT count(*) FROM notice WHERE kind = 'instalment_overdue'") == 1
        assert_books_hold()

    def test_posts_only_the_difference_and_on_the_open_date(self, books):
        seller, loan = self.late()
        before, penalty = lines_of(loan), -balances_of(loan)["6012"]
        today = seller.today()
        seller.repay(loan, value_date=DUE).value()
        after = lines_of(loan)
        assert after[: len(before)] == before
        posted = {(account, side): amount for _, _, _, _, account, side, amount in after[len(before) :]}
        assert {on for _, _, _, on, *_ in after[len(before) :]} == {today}
        assert posted[("2101", "D")] == INSTALMENT
        assert posted[("6012", "D")] == posted[("1322", "C")] == penalty
        assert posted[("1301", "C")] + posted[("1321", "C")] == INSTALMENT
        assert one("SELECT value_date FROM repayment") == DUE
        assert_books_hold()

    def test_changes_the_split_of_a_payment_that_was_made_after_it_under_the_same_id(self, books):
        """Two hundred in between, spent on the penalty first; in truth there was no penalty."""
        seller, loan = self.late()
        later = seller.repay(loan, 20_000).value()["payment_id"]
        assert one("SELECT penalty_minor FROM repayment") > 0
        seller.repay(loan, INSTALMENT - 20_000, value_date=DUE).value()
        shown = "SELECT {} FROM repayment WHERE payment_id = %s"
        assert one(shown.format("amount_minor"), later) == 20_000
        assert one(shown.format("value_date"), later) == date(2024, 2, 12)
        # Ten days of penalty on the last 200.00 only.
        assert 0 < one(shown.format("penalty_minor + compound_minor"), later) < 200
        assert_books_hold()


def test_the_worked_amounts_of_a_payment_a_month_late(books):
    """100,000.00 at 18% from 1 February; 9,000.00 on 1 April, then 30,000.00 valued 2 March comes to light."""
    revolving = next(product for product in CATALOGUE if product.code == "revolving-daily")
    own = replace(
        revolving,
        code="own-revolving",
        currency="CNY",
        effective_from=FIRST_DAY,
        pricing=PricingTerms(annual_rate_e8=18_000_000),
    )
    give(SaveProductVersion(terms=own)).value()
    seller = seller_with_line(monthly_minor=100_000_000)
    seller.close_through(date(2024, 1, 31))
    loan = seller.borrow(10_000_000, product="own-revolving", term=90)
    seller.close_through(date(2024, 3, 31))
    seller.receive(3_900_000)
    known = seller.repay(loan, 900_000).value()["payment_id"]
    assert one("SELECT outstanding_minor FROM loan") == 9_400_000
    seller.close_through(date(2024, 4, 1))
    late = seller.repay(loan, 3_000_000, value_date=date(2024, 3, 2)).value()["payment_id"]
    split = "SELECT array[interest_minor, principal_minor] FROM repayment WHERE payment_id = %s"
    assert one(split, late) == [150_000, 2_850_000]
    assert one(split, known) == [107_250, 792_750]
    assert one("SELECT outstanding_minor FROM loan") == 6_357_250
    assert balances_of(loan)["1301"] == 6_357_250
    assert one("SELECT drawn_minor FROM credit_line") == 6_357_250
    assert_books_hold()


class TestAPaymentThatBounces:
    def test_six_weeks_later_has_never_been(self, books):
        seller, loan = borrower()
        seller.close_through(DUE - DAY)
        seller.receive(INSTALMENT)
        payment = seller.repay(loan).value()["payment_id"]
        seller.close_through(date(2024, 3, 17))
        names = list(replay(LoanAccount, loan).state.rows)
        before = lines_of(loan)
        seller.tell(loan, FactKind.PAYMENT_REVERSED, of=payment)
        assert lines_of(loan)[: len(before)] == before
        assert seller.balance() == INSTALMENT

        never, same = borrower("E-2")
        never.close_through(date(2024, 3, 17))
        never.receive(INSTALMENT)
        assert standing_of(loan) == standing_of(same)
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "overdue"
        assert list(replay(LoanAccount, loan).state.rows) == names
        assert one("SELECT reversed_on FROM repayment WHERE payment_id = %s", payment) == seller.today()
        # Both are debited for their arrears by the next close, and stay alike.
        for each in (seller, never):
            each.close_through(date(2024, 3, 20))
        assert standing_of(loan) == standing_of(same)
        assert seller.balance() == never.balance() == 0
        assert_books_hold()

    def test_of_a_linked_account_goes_back_to_where_it_came_from(self, books):
        seller, loan = borrower()
        seller.receive(INSTALMENT, account=1)
        seller.close_through(DUE - DAY)
        payment = seller.repay(loan, account=1).value()["payment_id"]
        seller.tell(loan, FactKind.PAYMENT_REVERSED, of=payment)
        assert (seller.balance(0), seller.balance(1)) == (0, INSTALMENT)
        assert_books_hold()

    def test_that_had_settled_the_loan_revives_it(self, books):
        seller, loan = borrower()
        seller.receive(2 * AMOUNT)
        payment = seller.repay(loan, kind="payoff").value()["payment_id"]
        assert one("SELECT drawn_minor FROM credit_line") == 0
        seller.close_through(date(2024, 1, 20))
        seller.tell(loan, FactKind.PAYMENT_REVERSED, of=payment)
        never, same = borrower_since(seller)
        assert standing_of(loan) == standing_of(same)
        assert one("SELECT drawn_minor FROM credit_line WHERE id = %s", seller.line_id) == AMOUNT
        assert never.today() == seller.today()
        assert_books_hold()


def borrower_since(seller):
    """Return another seller with the same loan, on the same open date."""
    other, loan = borrower("E-2")
    other.close_through(seller.today() - DAY)
    return other, loan


FACTS = (
    (FactKind.PAYMENT_RECEIVED, date(2024, 1, 20), {"amount_minor": 100_000, "instruction": "shorten"}),
    (FactKind.PAYMENT_RECEIVED, date(2024, 2, 4), {"amount_minor": 350_000}),
    (FactKind.CHARGE_ADDED, date(2024, 1, 25), {"amount_minor": 5_000, "due_on": DUE}),
    (FactKind.RATE_CHANGED, date(2024, 1, 28), {"rate_e8": 12_000_000}),
    (FactKind.INTEREST_PAUSED, date(2024, 1, 10), {"until": date(2024, 1, 15)}),
)
ORDERS = [order for number, order in enumerate(permutations(range(len(FACTS)))) if number % 29 == 7]


class TestTheOrderOfArrival:
    def told(self, reference, order):
        """Tell the facts on five open dates, one a day, then let a fortnight pass."""
        seller, loan = borrower(reference)
        seller.close_through(date(2024, 2, 7))
        for at in order:
            kind, value_date, said = FACTS[at]
            amount = said["amount_minor"] if kind is FactKind.PAYMENT_RECEIVED else 0
            account = seller.accounts[0] if amount else None
            if amount:
                seller.receive(amount)
            seller.tell(loan, kind, value_date=value_date, source_account_id=account, **said)
            seller.close_through(seller.today())
        seller.close_through(date(2024, 2, 24))
        return loan

    def test_leaves_no_trace_in_what_the_books_say(self, books):
        loans = [self.told(f"E-{number}", order) for number, order in enumerate(ORDERS)]
        first, *others = [standing_of(loan) for loan in loans]
        assert len(others) >= 3
        for other in others:
            assert other == first
        assert len({len(lines_of(loan)) for loan in loans}) > 1, "no order posted otherwise than another"
        assert_books_hold()
