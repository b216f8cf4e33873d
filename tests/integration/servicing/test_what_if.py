"""What if: the answer is what would really happen, and asking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.loan_record import FactKind
from ledger.loan_fact_queries import loan_account
from ledger.loan_fact_reports import ReportedFact
from ledger.loan_figures import payoff_quote
from ledger.loan_positions import position_shown
from ledger.what_if import Payment, StepDateTooFar, what_if
from tests.builders.books import assert_books_hold
from tests.builders.storage import fingerprint


def fact(kind, *, value_date=None, **details):
    return ReportedFact(
        kind=kind, reason="what if", value_date=value_date, source_account_id=None, details=details, plan=None
    )


def ask(history, *steps):
    today = history.seller.today()
    return what_if(loan=loan_account(history.loan_id), steps=steps, open_date=today)


class TestWhatIf:
    def test_foretells_what_a_waiver_and_a_payment_then_do(self, history):
        before = fingerprint(attempts=True)
        foretold = ask(history, fact(FactKind.INTEREST_WAIVED, amount_minor=500), Payment(kind="instalment"))
        assert fingerprint(attempts=True) == before
        history.fact(FactKind.INTEREST_WAIVED, amount_minor=500)
        history.pay(None)
        real = position_shown(loan_id=history.loan_id)
        assert (foretold.after.books, foretold.after.due_minor) == (real.books, real.due_minor)
        assert [row.paid for row in foretold.after.rows] == [row.paid for row in real.rows]
        assert_books_hold()

    def test_tells_the_difference_of_each_row_and_balance(self, history):
        found = ask(history, fact(FactKind.INTEREST_WAIVED, amount_minor=500))
        assert found.books == {"interest_receivable": -500, "waiver_expense": 500}
        assert [one.after.waived.interest_minor - one.before.waived.interest_minor for one in found.rows] == [
            500
        ]
        assert found.figures["outstanding_minor"] == 0
        assert found.figures["due_minor"] == -500

    def test_of_nothing_new_differs_in_nothing(self, history):
        added = fact(FactKind.CHARGE_ADDED, amount_minor=700, due_on=history.seller.today())
        found = ask(history, added, fact(FactKind.CHANGE_UNDONE, of="what-if-0"))
        assert (found.books, found.rows, set(found.figures.values())) == ({}, (), {0})

    def test_looks_ahead_and_foretells_what_a_later_day_will_bring(self, history):
        later = history.seller.today() + timedelta(days=9)
        quoted = payoff_quote(loan_id=history.loan_id, on=later)
        foretold = ask(history, Payment(kind="payoff", value_date=later))
        assert foretold.before.payoff_minor == quoted.total_minor
        assert foretold.after.outstanding_minor == 0
        history.seller.close_through(later - timedelta(days=1))
        history.pay(quoted.total_minor, kind="payoff")
        real = position_shown(loan_id=history.loan_id)
        assert foretold.after.books == real.books
        assert_books_hold()

    def test_refuses_what_the_loan_refuses_and_names_the_step(self, history):
        from ledger.domain.loan_rules import RefundAboveOverpayment

        with pytest.raises(RefundAboveOverpayment) as refused:
            ask(history, Payment(kind="instalment"), fact(FactKind.REFUNDED, amount_minor=1))
        assert refused.value.details["step"] == 1

    def test_does_not_look_further_than_a_year(self, history):
        with pytest.raises(StepDateTooFar):
            ask(history, Payment(kind="payoff", value_date=history.seller.today() + timedelta(days=367)))


class TestAPayoffQuote:
    @pytest.mark.parametrize("ahead", [0, 1, 12])
    def test_that_is_paid_on_its_day_leaves_nothing(self, history, ahead):
        on = history.seller.today() + timedelta(days=ahead)
        quoted = payoff_quote(loan_id=history.loan_id, on=on)
        history.seller.close_through(on - timedelta(days=1))
        history.pay(quoted.total_minor, kind="payoff")
        left = position_shown(loan_id=history.loan_id)
        assert (left.status, left.outstanding_minor, left.owed.total_minor, left.payoff_minor) == (
            "settled",
            0,
            0,
            0,
        )
        assert_books_hold()
