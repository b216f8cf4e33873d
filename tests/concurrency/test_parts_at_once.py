"""Commands about one loan that is paid out in parts, at the same moment.

Method: real commits, threads behind a barrier; the outcome must be the one some serial order gives.
"""

from __future__ import annotations

from ledger.domain.loan_account import LoanAccount
from ledger.eventstore.outbox import deliver_due
from ledger.eventstore.unit_of_work import replay
from lending.positions import line_position
from tests.builders.books import assert_books_hold
from tests.builders.sellers import offer_parts, one, seller_with_line
from tests.builders.threads import together

AGREED, FIRST, PART = 3_000_000, 1_000_000, 500_000


def lent():
    seller = seller_with_line()
    loan = seller.borrow(AGREED, product=offer_parts(), term=6, first_part_minor=FIRST)
    return seller, loan


def codes(outcomes):
    return sorted(outcome.refusal.code if outcome.refusal else "ok" for outcome in outcomes)


def held(seller):
    return line_position(line_id=seller.line_id).reserved_minor


class TestPartsOfOneLoan:
    def test_called_by_two_are_one_part_and_one_refusal(self, committed_books):
        seller, loan = lent()
        outcomes = together(*[lambda: seller.call_part(loan, PART)] * 2)
        assert codes(outcomes) == ["LEDGER_PART_UNDER_WAY", "ok"]
        assert {outcome.attempts for outcome in outcomes} == {1}
        assert one("SELECT count(*) FROM es_outbox WHERE payload ? 'loan_id'") == 1
        assert_books_hold()

    def test_called_and_given_up_end_like_in_one_of_the_two_orders(self, committed_books):
        seller, loan = lent()
        outcomes = together(lambda: seller.call_part(loan, PART), lambda: seller.give_up_rest(loan))
        parts = replay(LoanAccount, loan).state.parts
        assert parts.rest_minor == 0
        assert (codes(outcomes), held(seller)) in (
            (["ok", "ok"], PART),
            (["LEDGER_NOTHING_TO_CALL", "ok"], 0),
        )
        assert_books_hold()

    def test_are_paid_once_by_many_workers(self, committed_books):
        seller, loan = lent()
        seller.call_part(loan, PART).value()
        assert sum(together(*[lambda: deliver_due(now_offset_seconds=60)] * 5)) == 1
        assert one("SELECT outstanding_minor FROM loan") == FIRST + PART
        assert one("SELECT count(*) FROM es_event WHERE topic = 'loan.disbursed'") == 2
        assert_books_hold()

    def test_answered_while_the_loan_is_paid_off_are_owed_or_were_paid_with_it(self, committed_books):
        seller, loan = lent()
        seller.receive(4_000_000)
        seller.call_part(loan, PART).value()
        together(lambda: seller.repay(loan, kind="payoff"), lambda: deliver_due(now_offset_seconds=60))
        deliver_due(now_offset_seconds=7_200)
        assert one("SELECT outstanding_minor FROM loan") in (0, PART)
        assert one("SELECT sum(amount_minor)::bigint FROM sandbox_payment") == FIRST + PART
        assert_books_hold()
