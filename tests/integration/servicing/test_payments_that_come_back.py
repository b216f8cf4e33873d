"""A bank takes a payment back, weeks after loans have used its money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lending.commands.return_payment import ReturnPayment
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.storage import fingerprint
from tests.conftest import FIRST_DAY


@pytest.fixture
def paid(books):
    """A loan whose first instalment was paid with money of its own receipt."""
    seller = seller_with_line()
    loan_id = seller.borrow(600_000)
    seller.close_through(FIRST_DAY + timedelta(days=30))
    due = one(
        "SELECT principal_minor + interest_minor FROM instalment WHERE loan_id = %s AND number = 1", loan_id
    )
    seller.receive(due, reference="in-1").value()
    seller.repay(loan_id).value()
    return seller, loan_id, due


def back(seller, amount, **changes):
    said = {
        "account_id": seller.accounts[0],
        "line_ids": (seller.line_id,),
        "amount_minor": amount,
        "currency": "CNY",
        "channel": "platform",
        "reference": "back-1",
        "of_reference": "in-1",
        "reason": "objected to the debit",
    }
    return ReturnPayment(**(said | changes))


class TestAPaymentThatComesBack:
    def test_is_undone_45_days_later_with_line_account_and_receipt_in_one_commit(self, paid):
        seller, loan_id, due = paid
        principal = one("SELECT principal_minor FROM repayment WHERE loan_id = %s", loan_id)
        drawn = one("SELECT drawn_minor FROM credit_line WHERE id = %s", seller.line_id)
        seller.close_through(FIRST_DAY + timedelta(days=75))
        result = give(back(seller, due)).value()
        assert [undone["amount_minor"] for undone in result["reversed"]] == [due]
        assert result["balance_minor"] == 0
        assert one("SELECT status FROM loan WHERE id = %s", loan_id) == "overdue"
        assert one("SELECT outstanding_minor FROM loan WHERE id = %s", loan_id) == 600_000
        assert one("SELECT drawn_minor FROM credit_line WHERE id = %s", seller.line_id) == drawn + principal
        assert one("SELECT reversed_on FROM repayment WHERE loan_id = %s", loan_id) == seller.today()
        assert one("SELECT returned_minor FROM receipt WHERE reference = 'in-1'") == due
        assert (
            one("SELECT count(DISTINCT recorded_at) FROM es_event WHERE meta->>'command' = 'return_payment'")
            == 1
        )
        # Overdue since its own due date, as if the payment had never been.
        due_on = one("SELECT due_on FROM instalment WHERE loan_id = %s AND number = 1", loan_id)
        assert one("SELECT overdue_since FROM loan WHERE id = %s", loan_id) == due_on
        assert_books_hold()

    def test_reverses_nothing_while_the_account_still_has_the_money(self, paid):
        seller, loan_id, due = paid
        seller.receive(due, reference="in-2").value()
        assert give(back(seller, due)).value()["reversed"] == []
        assert one("SELECT reversed_on FROM repayment WHERE loan_id = %s", loan_id) is None
        assert_books_hold()

    def test_reverses_the_newest_payments_first_and_only_as_many_as_needed(self, paid):
        seller, loan_id, _ = paid
        seller.receive(50_000, reference="in-2").value()
        seller.repay(loan_id, 50_000, kind="prepayment").value()
        newest = one(
            "SELECT payment_id FROM repayment WHERE loan_id = %s ORDER BY sequence DESC LIMIT 1", loan_id
        )
        result = give(back(seller, 40_000)).value()
        assert [undone["payment_id"] for undone in result["reversed"]] == [newest]
        assert result["balance_minor"] == 10_000
        assert_books_hold()

    def test_can_be_limited_to_named_payments(self, paid):
        seller, loan_id, _ = paid
        first = one("SELECT payment_id FROM repayment WHERE loan_id = %s", loan_id)
        seller.receive(50_000, reference="in-2").value()
        seller.repay(loan_id, 50_000, kind="prepayment").value()
        result = give(back(seller, 40_000, payment_ids=(first,))).value()
        assert [undone["payment_id"] for undone in result["reversed"]] == [first]
        assert_books_hold()

    def test_of_several_loans_undoes_those_of_each(self, paid):
        seller, loan_id, due = paid
        other = seller.borrow(300_000, product="revolving-daily", term=30)
        seller.receive(100_000, reference="in-2").value()
        seller.repay(other, 100_000, kind="prepayment").value()
        result = give(back(seller, due)).value()
        assert [undone["loan_id"] for undone in result["reversed"]] == [str(other), str(loan_id)]
        assert_books_hold()


class TestARefusal:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"payment_ids": ("nobody",)}, "LENDING_PAYMENT_NOT_OF_RECEIPT"),
            ({"of_reference": "never"}, "LEDGER_NOT_FOUND"),
            ({"currency": "USD"}, "LEDGER_RECEIPT_CURRENCY_MISMATCH"),
            ({"amount_minor": 10**9}, "LEDGER_RETURN_EXCEEDS_RECEIPT"),
            ({"value_date": FIRST_DAY + timedelta(days=900)}, "LEDGER_VALUE_DATE_AHEAD"),
        ],
    )
    def test_changes_nothing(self, paid, changes, code):
        seller, _, due = paid
        before = fingerprint()
        refusal = give(back(seller, due, **({"amount_minor": due} | changes))).refusal
        assert (refusal.code, fingerprint()) == (code, before)
        assert_books_hold()

    def test_comes_when_the_named_payments_do_not_free_enough(self, paid):
        seller, loan_id, due = paid
        seller.receive(50_000, reference="in-2").value()
        seller.repay(loan_id, 50_000, kind="prepayment").value()
        newest = one("SELECT payment_id FROM repayment ORDER BY sequence DESC LIMIT 1")
        before = fingerprint()
        refusal = give(back(seller, due, payment_ids=(newest,))).refusal
        assert (refusal.code, fingerprint()) == ("LENDING_PAYMENTS_NOT_ENOUGH", before)
        assert_books_hold()

    def test_is_given_for_a_second_return_of_the_same_receipt(self, paid):
        seller, _, due = paid
        give(back(seller, due)).value()
        before = fingerprint()
        refusal = give(back(seller, due, reference="back-2")).refusal
        assert (refusal.code, fingerprint()) == ("LEDGER_RECEIPT_ALREADY_RETURNED", before)
        assert_books_hold()
