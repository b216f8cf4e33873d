"""Free money of a settlement account that goes to the borrower's bank, whatever the bank answers."""

from __future__ import annotations

import pytest
from django.db import connection

from ledger.commands.post_accrual import PostAccrual
from ledger.reconciliation.book_side import book_movements
from lending.bank_rail import book_withdrawal
from lending.commands.withdrawal import ConfirmWithdrawal, MoneyDue
from lending.gateways.bank_rail import PayoutOutcome
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, pay_outs, register_seller, seller_with_line
from tests.builders.storage import fingerprint
from tests.builders.world_laws import assert_laws_hold
from tests.conftest import FIRST_DAY

BANK = (
    "SELECT sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)"
    " FROM journal_line WHERE account = '1002'"
)


def seller_at(bank: str):
    seller = register_seller(monthly_minor=0, accounts=1, external_ids=[f"shop-{bank}"])
    seller.receive(1_000).value()
    return seller


def row(reference):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT amount_minor, status, requested_on, decided_on, reason FROM withdrawal"
            " WHERE reference = %s",
            [reference],
        )
        return cursor.fetchone()


class TestAWithdrawal:
    def test_holds_its_amount_at_once_and_posts_nothing(self, books):
        seller = seller_at("pay")
        answer = seller.withdraw(700).value()
        assert (answer["balance_minor"], answer["available_minor"]) == (1_000, 300)
        assert (seller.balance(), seller.available()) == (1_000, 300)
        assert row(answer["withdrawal_id"]) == (700, "requested", FIRST_DAY, None, "")
        assert one(BANK) == 1_000
        assert_laws_hold()
        assert_books_hold()

    @pytest.mark.parametrize("bank", ["pay", "timeout-before", "timeout-after", "twice", "slow"])
    def test_leaves_account_and_bank_once_when_the_bank_has_paid(self, books, bank):
        seller = seller_at(bank)
        reference = seller.withdraw(700).value()["withdrawal_id"]
        pay_outs()
        assert (seller.balance(), seller.available()) == (300, 300)
        assert row(reference) == (700, "paid", FIRST_DAY, FIRST_DAY, "")
        assert one(BANK) == 300
        assert one("SELECT count(*) FROM sandbox_payment WHERE amount_minor = 700") == 1
        assert_laws_hold()
        assert_books_hold()

    @pytest.mark.parametrize("bank", ["fail", "slow-fail"])
    def test_is_free_money_again_when_the_bank_has_not_paid(self, books, bank):
        seller = seller_at(bank)
        reference = seller.withdraw(700).value()["withdrawal_id"]
        pay_outs()
        assert (seller.balance(), seller.available()) == (1_000, 1_000)
        assert row(reference) == (700, "failed", FIRST_DAY, FIRST_DAY, "account closed")
        assert one(BANK) == 1_000
        assert seller.withdraw(1_000).refusal is None
        assert_laws_hold()
        assert_books_hold()

    def test_stays_held_when_the_bank_never_answers(self, books):
        seller = seller_at("unreachable")
        reference = seller.withdraw(700).value()["withdrawal_id"]
        pay_outs()
        assert row(reference)[1] == "requested"
        assert seller.available() == 300
        assert one("SELECT state FROM es_outbox WHERE kind = 'withdrawal'") == "dead"  # a person looks
        assert_laws_hold()
        assert_books_hold()

    def test_is_made_once_under_a_key(self, books):
        seller = seller_at("pay")
        first, again = (seller.withdraw(700, key="once") for _ in range(2))
        assert (again.replayed, again.value()) == (True, first.value())
        pay_outs()
        assert seller.balance() == 300
        assert_books_hold()

    def test_as_a_preview_changes_nothing(self, books):
        seller = seller_at("pay")
        before = fingerprint(attempts=True)
        assert seller.withdraw(700, dry_run=True).value()["available_minor"] == 300
        assert fingerprint(attempts=True) == before
        assert_books_hold()

    def test_takes_the_banks_answer_once(self, books):
        seller = seller_at("pay")
        reference = seller.withdraw(700).value()["withdrawal_id"]
        pay_outs()
        again = book_withdrawal(
            account_id=seller.accounts[0],
            reference=reference,
            outcome=PayoutOutcome.PAID,
            bank_reference=one("SELECT bank_reference FROM withdrawal"),
            reason="",
        )
        assert again.replayed
        before = fingerprint()
        other = ConfirmWithdrawal(account_id=seller.accounts[0], reference=reference, bank_reference="B-2")
        assert give(other).refusal.code == "LEDGER_WITHDRAWAL_UNKNOWN"
        assert fingerprint() == before
        assert_books_hold()

    def test_is_known_to_the_reconciliation_by_the_banks_reference(self, books):
        seller = seller_at("pay")
        seller.withdraw(700).value()
        pay_outs()
        movements = book_movements(start=FIRST_DAY, end=FIRST_DAY.replace(day=28))
        paid = [line for line in movements if line.signed_minor < 0]
        assert [(line.signed_minor, line.reference) for line in paid] == [
            (-700, one("SELECT bank_reference FROM sandbox_payment"))
        ]
        assert_books_hold()


class TestAnEntityThatOwes:
    def test_withdraws_up_to_the_day_on_which_something_is_due_and_again_when_it_is_paid(self, books):
        seller = seller_with_line(accounts=2)
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        seller.receive(900_000, account=1).value()
        due_on = one("SELECT due_on FROM instalment")
        while seller.today() < due_on:
            assert seller.withdraw(100, account=1).refusal is None
            give(PostAccrual(shard=seller.shard, business_date=seller.today())).value()
        before = fingerprint()
        assert type(seller.withdraw(100, account=1).refusal) is MoneyDue
        assert fingerprint() == before
        seller.repay(loan, account=1).value()
        assert seller.withdraw(100, account=1).refusal is None
        pay_outs()
        assert_laws_hold()
        assert_books_hold()

    def test_has_held_money_kept_out_of_deductions(self, books):
        """What is on its way to the bank is no longer there to be collected."""
        seller = seller_with_line(accounts=2)
        seller.borrow(400_000, product="revolving-daily", term=30)
        seller.receive(500_000, account=1).value()
        seller.withdraw(450_000, account=1).value()
        seller.close_through(one("SELECT due_on FROM instalment"))
        assert (seller.balance(1), seller.available(1)) == (450_000, 0)
        pay_outs()
        assert seller.balance(1) == 0
        assert_laws_hold()
        assert_books_hold()
