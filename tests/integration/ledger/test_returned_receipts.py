"""Money that counts from an earlier day, and money that its channel takes back, in the books."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from ledger.commands.record_receipt import RecordReceipt
from ledger.eventstore.commands import fingerprint_of
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, register_seller, seller_with_line
from tests.builders.storage import fingerprint
from tests.builders.world_laws import assert_laws_hold
from tests.conftest import FIRST_DAY

BALANCE = "SELECT balance_minor FROM settlement_account WHERE id = %s"


def row(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


@pytest.fixture
def seller(books):
    return register_seller(monthly_minor=0)


class TestAReturnedReceipt:
    @pytest.mark.parametrize("returned", [500, 120])
    def test_leaves_the_account_and_the_bank_and_is_remembered(self, seller, returned):
        seller.receive(500, reference="R-1").value()
        seller.receive(70, reference="R-2").value()
        seller.close_through(FIRST_DAY)
        answer = seller.return_receipt(returned, of="R-1", reference="B-1").value()
        assert answer == {"account_id": str(seller.accounts[0]), "balance_minor": 570 - returned}
        assert row(
            "SELECT returned_on, returned_minor, return_reference FROM receipt WHERE reference = 'R-1'"
        ) == (FIRST_DAY + timedelta(days=1), returned, "B-1")
        assert row("SELECT returned_on, returned_minor FROM receipt WHERE reference = 'R-2'") == (None, 0)
        assert one(
            "SELECT sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)"
            " FROM journal_line WHERE account = '1002'"
        ) == (570 - returned)
        assert_laws_hold()
        assert_books_hold()

    def test_is_answered_alike_under_the_same_key_and_taken_once(self, seller):
        seller.receive(500, reference="R-1").value()
        first = seller.return_receipt(200, of="R-1", reference="B-1", key="back")
        again = seller.return_receipt(200, of="R-1", reference="B-1", key="back")
        assert (again.replayed, again.value()) == (True, first.value())
        assert row(BALANCE, seller.accounts[0]) == (300,)
        assert_books_hold()

    def test_as_a_preview_changes_nothing(self, seller):
        seller.receive(500, reference="R-1").value()
        before = fingerprint(attempts=True)
        assert seller.return_receipt(500, of="R-1", dry_run=True).value()["balance_minor"] == 0
        assert fingerprint(attempts=True) == before
        assert_books_hold()

    def test_is_returned_once_even_by_hand(self, seller):
        seller.receive(500, reference="R-1").value()
        seller.return_receipt(500, of="R-1").value()
        with pytest.raises(IntegrityError, match="no_more_than_arrived"), transaction.atomic():
            row("UPDATE receipt SET returned_minor = returned_minor + 1 RETURNING 1")
        assert_books_hold()

    def test_waits_until_its_money_is_back(self, books):
        seller = seller_with_line()
        loan = seller.borrow(600_000)
        seller.receive(600_000, reference="R-1").value()
        seller.repay(loan, kind="payoff").value()
        before = fingerprint()
        refusal = seller.return_receipt(600_000, of="R-1", reference="B-1").refusal
        assert (refusal.code, refusal.details["available_minor"]) == ("LEDGER_FUNDS_NOT_AVAILABLE", 0)
        assert fingerprint() == before
        seller.receive(600_000, reference="R-2").value()
        seller.return_receipt(600_000, of="R-1", reference="B-1").value()
        assert_laws_hold()
        assert_books_hold()


class TestAReceiptWithAValueDate:
    def test_is_posted_today_and_counts_from_that_day(self, seller):
        seller.receive(500, reference="R-1", value_date=FIRST_DAY - timedelta(days=4)).value()
        seller.receive(500, reference="R-2").value()
        dates = "SELECT effective_date, value_date FROM receipt WHERE reference = %s"
        assert row(dates, "R-1") == (FIRST_DAY, FIRST_DAY - timedelta(days=4))
        assert row(dates, "R-2") == (FIRST_DAY, FIRST_DAY)
        assert row("SELECT DISTINCT posting_date FROM journal_entry") == (FIRST_DAY,)
        assert_books_hold()

    def test_keeps_without_one_the_fingerprint_it_had_before_there_were_any(self, seller):
        asked = {
            "account_id": seller.accounts[0],
            "amount_minor": 500,
            "currency": "CNY",
            "channel": "platform",
            "reference": "R-1",
        }
        command = RecordReceipt(**asked)
        assert command.fingerprint() == fingerprint_of("record_receipt", asked)
        dated = RecordReceipt(**asked, value_date=FIRST_DAY)
        assert dated.fingerprint() != command.fingerprint()
        assert give(command, key="k").value() == give(command, key="k").value()
        assert give(dated, key="k").refusal.code == "LEDGER_IDEMPOTENCY_KEY_REUSED"
        assert_books_hold()
