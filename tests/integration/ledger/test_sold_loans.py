"""What everything around a loan does once it is sold: the line, debits, notices, provisions, the bureau, questions.

Method: the sale is a command like any other, the days after it are closed by the day close, and the tables are asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from collection.bureau.snapshots import snapshots
from ledger.commands.propose_loan_fact import ProposeLoanFact
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_record import FactKind
from ledger.explanations import explanation
from ledger.loan_positions import position_shown
from ledger.models import Loan
from ledger.tie_out import tie_out
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.simulation import rows_of
from tests.builders.standings import balances_of, standing_of
from tests.builders.storage import fingerprint

AMOUNT = 1_200_000
DAY = timedelta(days=1)
LOANS = "SELECT outstanding_minor, next_due_on, wakes_on, overdue_since, settled_on FROM loan WHERE id = %s"


def unpaid(days_past_due):
    """Return a seller and a draw of 30 days that has been past due for so many days."""
    seller = seller_with_line()
    loan = seller.borrow(AMOUNT, product="revolving-daily", term=30)
    seller.close_through(one("SELECT due_on FROM instalment") + (days_past_due - 1) * DAY)
    return seller, loan


def sell(seller, loan, price=600_000, **more):
    return seller.tell(loan, FactKind.SOLD, price_minor=price, buyer="B-7", reason="portfolio", **more)


def refusal_of(seller, command):
    """Return the code of a refusal, and see that nothing changed."""
    before = fingerprint()
    code = give(command).refusal.code
    assert fingerprint() == before
    return code


class TestASoldLoan:
    @pytest.mark.parametrize("days", [-5, 10, 100])
    def test_has_left_the_books_and_does_not_grow(self, books, days):
        seller, loan = unpaid(days)
        sell(seller, loan)
        held = balances_of(loan)
        assert not {"1301", "1321", "1322", "1323", "9002", "9003"} & set(held)
        assert held["1002"] == 600_000 - AMOUNT
        seller.close_through(seller.today() + 3 * DAY)
        assert balances_of(loan) == held
        assert_books_hold()

    def test_is_nothing_that_a_day_close_looks_at(self, books):
        seller, loan = unpaid(10)
        sold_on = seller.today()
        notices = one("SELECT count(*) FROM notice")
        sell(seller, loan)
        assert one("SELECT count(*) FROM accrual_segment WHERE loan_id = %s AND ends_on IS NULL", loan) == 0
        seller.receive(5_000_000).value()
        seller.close_through(sold_on + 40 * DAY)
        nothing_left = (0, None, None, None, sold_on)
        assert rows_of(LOANS, loan) == [nothing_left]
        assert seller.balance() == 5_000_000
        assert one("SELECT count(*) FROM notice") == notices
        assert_books_hold()

    def test_makes_room_on_its_line_and_takes_it_again_when_it_is_given_back(self, books):
        seller, loan = unpaid(10)
        before = standing_of(loan)
        sale = sell(seller, loan)
        assert one("SELECT drawn_minor FROM credit_line") == 0
        seller.close_through(seller.today())
        seller.tell(loan, FactKind.SALE_UNDONE, of=sale, value_date=seller.today() - DAY)
        after = standing_of(loan)
        assert (after["line"], after["rows"]) == (before["line"], before["rows"])
        assert one("SELECT status FROM loan") == "overdue"
        assert balances_of(loan)["1322"] > before["books"]["1322"]
        assert_books_hold()

    def test_keeps_the_history_of_its_late_rows(self, books):
        seller, loan = unpaid(10)
        late = one("SELECT passed_grace_on FROM overdue_instalment")
        sold_on = seller.today()
        sell(seller, loan)
        assert rows_of("SELECT passed_grace_on, cured_on FROM overdue_instalment") == [(late, sold_on)]
        assert_books_hold()

    def test_needs_no_allowance(self, books):
        seller, loan = unpaid(10)
        sell(seller, loan)
        seller.close_through(seller.today())
        of_allowance = (
            "SELECT sum(CASE side WHEN 'C' THEN amount_minor ELSE -amount_minor END) FROM journal_line"
        )
        assert one(f"{of_allowance} WHERE account = '1391'") == 0
        assert_books_hold()

    def test_is_reported_to_the_bureau_as_ended_otherwise(self, books):
        seller, loan = unpaid(10)
        sell(seller, loan)
        month = seller.today().replace(day=1)
        while seller.today().month == month.month:
            seller.close_through(seller.today())
        ((_, snapshot),) = snapshots(shard=seller.shard, month=month)
        told = (snapshot.marks[-1], snapshot.balance_minor, snapshot.days_past_due)
        # As late as it was on the eve of the sale.
        assert told == ("G", 0, 9)
        assert list(snapshots(shard=seller.shard, month=(month + 31 * DAY).replace(day=1))) == []
        assert_books_hold()

    def test_can_be_asked_about_on_every_day(self, books):
        seller, loan = unpaid(10)
        sold_on = seller.today()
        sell(seller, loan)
        before, after = (position_shown(loan_id=loan, as_of=on) for on in (sold_on - DAY, sold_on))
        assert (before.status, before.sold_on, before.outstanding_minor) == ("overdue", None, AMOUNT)
        assert (after.status, after.sold_on, after.payoff_minor) == ("sold", sold_on, 0)
        for component in ("sale_price", "sale_gain", "principal"):
            why = explanation(loan=Loan.objects.get(id=loan), component=component)
            assert why.total_minor == why.balance_minor, component
        assert all(one.ties for one in tie_out())
        assert_books_hold()


class TestMoneyAfterTheSale:
    def test_stays_on_the_account_of_whoever_sent_it(self, books):
        seller, loan = unpaid(10)
        sell(seller, loan)
        seller.close_through(seller.today())
        seller.receive(100_000).value()
        before = fingerprint()
        assert seller.repay(loan, 100_000).refusal.code == "LEDGER_LOAN_SOLD"
        assert (fingerprint(), seller.balance()) == (before, 100_000)
        command = RecordLoanFact(
            loan_id=loan,
            line_id=seller.line_id,
            kind=FactKind.PAYMENT_RECEIVED,
            account_ids=tuple(seller.accounts),
            source_account_id=seller.accounts[0],
            amount_minor=100_000,
        )
        assert refusal_of(seller, command) == "LEDGER_LOAN_SOLD"
        assert_books_hold()

    def test_of_before_it_bounces_to_the_account_it_came_from(self, books):
        seller, loan = unpaid(10)
        seller.receive(100_000).value()
        paid = seller.repay(loan, 100_000).value()["payment_id"]
        sell(seller, loan)
        loss = balances_of(loan)["6702"]
        seller.tell(loan, FactKind.PAYMENT_REVERSED, of=paid)
        assert (seller.balance(), balances_of(loan)["6702"]) == (100_000, loss + 100_000)
        assert one("SELECT status FROM loan") == "sold"
        assert_books_hold()


class TestASaleThatBecomesKnownLate:
    def test_leaves_the_loan_as_if_it_had_been_known_in_time(self, books):
        sellers = [seller_with_line(reference=name) for name in ("E-1", "E-2")]
        in_time, late = [
            (seller, seller.borrow(AMOUNT, product="revolving-daily", term=30)) for seller in sellers
        ]
        sold_on = one("SELECT min(due_on) FROM instalment") + 10 * DAY
        for seller in sellers:
            seller.close_through(sold_on - DAY)
        sell(*in_time)
        for seller in sellers:
            seller.close_through(sold_on + 5 * DAY)
        sell(*late, value_date=sold_on)
        assert standing_of(late[1]) == standing_of(in_time[1])
        assert_books_hold()

    def test_is_refused_after_a_later_payment(self, books):
        seller, loan = unpaid(10)
        seller.receive(100_000).value()
        seller.repay(loan, 100_000).value()
        command = RecordLoanFact(
            loan_id=loan,
            line_id=seller.line_id,
            kind=FactKind.SOLD,
            account_ids=tuple(seller.accounts),
            value_date=seller.today() - DAY,
            price_minor=1,
            buyer="B-7",
        )
        assert refusal_of(seller, ProposeLoanFact(fact=command)) == "LEDGER_SALE_NOT_LAST"
        assert_books_hold()


class TestARequestOfBeforeSalesWereKnown:
    """What a fact does not say has no part in its digest, or open proposals could not be approved any more."""

    WISH = RecordLoanFact(
        loan_id=UUID(int=1),
        line_id=UUID(int=2),
        account_ids=(UUID(int=3),),
        kind=FactKind.WRITTEN_OFF,
        value_date=date(2024, 3, 1),
        reason="gone",
    )

    def test_keeps_its_fingerprint(self):
        assert self.WISH.fingerprint() == "b03e6d506a0d432ba706b1cfe865d4e699a059d1eb0d83a12e7390b95a6b0655"
        proposed = ProposeLoanFact(fact=self.WISH)
        assert proposed.fingerprint() == "0afc86f2583055645b382faa7b8ea1870ce8b409b070a2e04822585ad4d71696"

    def test_is_told_from_one_that_says_a_price(self):
        assert replace(self.WISH, price_minor=1).fingerprint() != self.WISH.fingerprint()
        assert replace(self.WISH, buyer="B-7").fingerprint() != self.WISH.fingerprint()
