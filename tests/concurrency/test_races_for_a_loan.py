"""Two commands that change one loan at the same moment leave what one of the two orders leaves.

Method: real commits and threads. Each race is run in books of its own and so are both orders; what is compared
is everything that money or a borrower can see: rows, payments, balances, and the ledger by account and date.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from django.db import connection, connections

from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.day_close import close_shards_through
from ledger.domain.loan_chart import LoanAlreadyCancelled, LoanAlreadyDisbursed
from ledger.domain.loan_record import FactKind
from ledger.domain.servicing.fact_order import FactReversedTwice
from ledger.eventstore.shards import entity_id_for, shard_of
from lending.commands.drawdown import ConfirmPayout, FailPayout
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.threads import Background, together

ROWS = """
SELECT name, due_on, fee_minor, interest_minor, principal_minor, paid_fee_minor, paid_interest_minor,
       paid_penalty_minor, paid_principal_minor, paid_on, superseded_by IS NULL
  FROM instalment WHERE loan_id = %s ORDER BY schedule_version, name
"""
PAID = """
SELECT kind, reason, value_date, effective_date, amount_minor, interest_minor, principal_minor, fee_minor
  FROM repayment WHERE loan_id = %s ORDER BY 5, 1, 2, 3, 4
"""
LEDGER = """
SELECT posting_date, account, sum(CASE WHEN side = 'D' THEN amount_minor ELSE -amount_minor END)
  FROM journal_line WHERE shard = %s GROUP BY 1, 2 ORDER BY 1, 2
"""
LINE = "SELECT reserved_minor, drawn_minor FROM credit_line WHERE id = %s"
LOAN = (
    "SELECT status, outstanding_minor, overpaid_minor, next_due_on, schedule_version FROM loan WHERE id = %s"
)


def rows_of(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return tuple(cursor.fetchall())


def seen(seller, loan):
    """Return what can be seen of a seller and its loan, without names that differ from seller to seller."""
    balances = tuple(seller.balance(account) for account in range(len(seller.accounts)))
    parts = (rows_of(ROWS, loan), rows_of(PAID, loan), rows_of(LEDGER, seller.shard))
    return (*parts, rows_of(LINE, seller.line_id), rows_of(LOAN, loan), balances, seller.today())


def sellers_in_shards_of_their_own():
    """Yield sellers one after the other, each alone in its shard, so that each can be a race of its own."""
    used = set()
    for number in count():
        shard = shard_of(entity_id_for(f"race-{number}"))
        if shard not in used:
            used.add(shard)
            yield seller_with_line(reference=f"race-{number}")


def instalment_pair(seller):
    """A repayment of what is due, and one ahead of time from another account that makes the plan shorter."""
    loan = seller.borrow(3_000_000, term=6)
    seller.close_through(seller.today() + timedelta(days=30))
    seller.receive(600_000)
    seller.receive(900_000, account=1)
    return loan, (
        lambda: seller.repay(loan, 200_000),
        lambda: seller.repay(loan, 900_000, kind="prepayment", account=1),
    )


def late_pair(seller):
    """Two repayments of a draw, of which one counts from ten days ago."""
    loan = seller.borrow(3_000_000, product="revolving-daily", term=90)
    seller.close_through(seller.today() + timedelta(days=20))
    seller.receive(600_000)
    seller.receive(900_000, account=1)
    return loan, (
        lambda: seller.repay(loan, 500_000),
        lambda: seller.repay(loan, 900_000, account=1, value_date=seller.today() - timedelta(days=10)),
    )


def last_pair(seller):
    """A payoff, and a part of what it would take."""
    loan = seller.borrow(400_000, product="revolving-daily", term=30)
    seller.receive(500_000)
    seller.receive(100_000, account=1)
    return loan, (
        lambda: seller.repay(loan, kind="payoff"),
        lambda: seller.repay(loan, 100_000, account=1),
    )


class TestTwoDifferentRepayments:
    @pytest.mark.parametrize("pair", [instalment_pair, late_pair, last_pair])
    def test_at_once_leave_what_one_of_the_two_orders_leaves(self, committed_books, pair):
        sellers = sellers_in_shards_of_their_own()
        orders = []
        for turned in (1, -1):
            seller = next(sellers)
            loan, repayments = pair(seller)
            for repay in repayments[::turned]:
                repay()
            orders.append(seen(seller, loan))
        for _ in range(4):
            seller = next(sellers)
            loan, repayments = pair(seller)
            together(*repayments)
            assert seen(seller, loan) in orders
        assert_books_hold()


@pytest.mark.slow
class TestFiveHundredRepayments:
    def test_are_reversed_once_each_although_everybody_tries_twice(self, committed_books):
        sellers = sellers_in_shards_of_their_own()
        tries = []
        for seller in (next(sellers) for _ in range(25)):
            loan = seller.borrow(400_000, product="revolving-daily", term=30)
            seller.receive(100_000)
            for _ in range(20):
                paid = seller.repay(loan, 5_000).value()["payment_id"]
                back = RecordLoanFact(
                    loan_id=loan,
                    line_id=seller.line_id,
                    kind=FactKind.PAYMENT_REVERSED,
                    account_ids=tuple(seller.accounts),
                    of=paid,
                )
                tries += [back, back]

        def reverse(command):
            try:
                return give(command)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(20) as pool:
            outcomes = Counter(type(outcome.refusal) for outcome in pool.map(reverse, tries))
        assert outcomes == {type(None): 500, FactReversedTwice: 500}
        assert one("SELECT count(*) FROM repayment WHERE reversed_on IS NOT NULL") == 500
        assert one("SELECT sum(balance_minor) FROM settlement_account") == 25 * 100_000
        assert one("SELECT sum(drawn_minor) FROM credit_line") == 25 * 400_000
        assert_books_hold()


class TestAPayout:
    def answers(self, seller):
        loan = UUID(seller.draw(400_000).value()["loan_id"])
        said = {"loan_id": loan, "line_id": seller.line_id}
        paid = ConfirmPayout(**said, bank_reference="bank-1", paid_minor=400_000)
        return loan, paid, FailPayout(**said, reason="account closed")

    @pytest.mark.parametrize("is_paid_first", [True, False])
    def test_that_is_answered_both_ways_keeps_the_first_answer(self, committed_books, is_paid_first):
        seller = seller_with_line()
        loan, paid, failed = self.answers(seller)
        first, second = (paid, failed) if is_paid_first else (failed, paid)
        give(first).value()
        before = seen(seller, loan)
        for again in (second, first, second):
            refused = give(again).refusal
            assert type(refused) is (LoanAlreadyDisbursed if is_paid_first else LoanAlreadyCancelled)
        assert seen(seller, loan) == before
        assert rows_of(LINE, seller.line_id) == ((0, 400_000 if is_paid_first else 0),)
        assert_books_hold()

    def test_that_is_answered_both_ways_twice_at_once_is_resolved_once(self, committed_books):
        sellers = sellers_in_shards_of_their_own()
        for _ in range(6):
            seller = next(sellers)
            loan, paid, failed = self.answers(seller)
            outcomes = together(*[lambda said=said: give(said) for said in (paid, failed, paid, failed)])
            assert sum(outcome.refusal is None for outcome in outcomes) == 1
            is_paid = one("SELECT status FROM loan WHERE id = %s", loan) == "active"
            assert rows_of(LINE, seller.line_id) == ((0, 400_000 if is_paid else 0),)
        assert_books_hold()


class StopAt:
    """Stops a call before one of its statements, numbered from 1, and lets another have its way meanwhile.

    The other goes as far as it gets: to its end, or to a lock that the stopped call holds.
    """

    def __init__(self, number, other):
        self.number, self.other = number, other
        self.count = 0
        self.meanwhile, self.was_free = None, None

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.number:
            self.was_free = not connection.in_atomic_block
            self.meanwhile = Background(self.other)
            # Watched over another connection: this one may be in the middle of a transaction, which sees itself only.
            watch = Background(self.meanwhile.is_waiting_for_a_lock)
            watch.finish()
        return execute(sql, params, many, context)

    def run(self, call):
        """Return whether the call got as far as the statement."""
        with connection.execute_wrapper(self):
            call()
        if self.meanwhile:
            self.meanwhile.finish()
        return self.meanwhile is not None


class TestTheNightAndALivePayment:
    """A draw falls due today with money for half of it on its account; the borrower pays while the day closes."""

    def due_today(self, sellers):
        seller = next(sellers)
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        seller.close_through(seller.today())
        seller.tell(loan, FactKind.ACCELERATED, due_on=seller.today())
        seller.receive(150_000)
        seller.receive(70_000, account=1)
        today = seller.today()
        assert one("SELECT due_on FROM instalment WHERE loan_id = %s", loan) == today
        night = lambda: close_shards_through(shards=[seller.shard], through=today)  # noqa: E731
        payment = lambda: seller.repay(loan, 70_000, account=1)  # noqa: E731
        return seller, loan, night, payment

    def raced(self, sellers, number, *, night_is_stopped):
        """Return what is seen after a race that began at one statement, and whether no transaction was open."""
        seller, loan, night, payment = self.due_today(sellers)
        stopped, other = (night, payment) if night_is_stopped else (payment, night)
        stop = StopAt(number, other)
        return (seen(seller, loan), stop.was_free) if stop.run(stopped) else None

    def test_leave_the_same_books_as_one_after_the_other_wherever_they_meet(self, committed_books):
        sellers = sellers_in_shards_of_their_own()
        serial, races = [], []
        for first_is_night in (True, False):
            seller, loan, night, payment = self.due_today(sellers)
            for act in (night, payment) if first_is_night else (payment, night):
                act()
            serial.append(seen(seller, loan))
        for night_is_stopped in (True, False):
            for number in count(1):
                raced = self.raced(sellers, number, night_is_stopped=night_is_stopped)
                if raced is None:
                    break
                # Between two commands of the night nothing is open: that is an order as well.
                (serial if raced[1] else races).append(raced[0])
        assert len(races) > 12
        assert len(set(serial)) > 2
        assert all(books in serial for books in races)
        assert_books_hold()
