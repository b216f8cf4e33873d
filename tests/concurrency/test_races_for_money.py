"""Commands that want the same money, limit or account at the same moment.

Method: real commits, threads behind a barrier; the outcome must be the one some serial order gives, and
no command may need a second attempt where it can wait for a lock instead.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from collection.commands.deduct import DeductFromLinkedAccounts
from ledger.commands.age_loan import AgeLoan
from ledger.commands.record_receipt import RecordReceipt
from ledger.domain.settlement_account import FundsNotAvailable
from ledger.eventstore.outbox import deliver_due
from ledger.kernel.refusals import Refusal
from lending.commands.apply import SubmitApplication
from lending.commands.manage_line import FreezeLine
from lending.commands.register_entity import LinkAccount, RegisterEntity
from lending.domain.credit_line_refusals import LimitExceeded, LineIsFrozen
from lending.domain.entity_refusals import AccountAlreadyLinked, EntityAlreadyRegistered
from lending.projections.credit import ApplicationInProgress
from lending.projections.entities import AccountLinkedElsewhere
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, pay_outs, register_seller, seller_with_line
from tests.builders.threads import Background, Held, repeated, together

LIMIT = "SELECT limit_minor FROM credit_line"


def refusals(outcomes):
    return Counter(type(outcome.refusal) for outcome in outcomes)


def attempts(outcomes):
    return {outcome.attempts for outcome in outcomes}


def forget_heads():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM es_snapshot")


class TestTheFirstTouch:
    def test_of_an_account_by_two_receipts_adds_both(self, committed_books):
        seller = register_seller(monthly_minor=0)
        outcomes = together(lambda: seller.receive(1_00), lambda: seller.receive(2_00))
        assert refusals(outcomes) == {type(None): 2}
        assert seller.balance() == 3_00
        assert_books_hold()

    def test_of_a_limit_by_two_draws_of_more_than_half_refuses_one(self, committed_books):
        seller = seller_with_line()
        amount = one(LIMIT) * 6 // 10
        outcomes = repeated(lambda: seller.draw(amount), 2)
        assert refusals(outcomes) == {type(None): 1, LimitExceeded: 1}
        assert attempts(outcomes) == {1}
        assert_books_hold()

    def test_of_a_limit_without_a_head_row_still_refuses_one(self, committed_books):
        """Without a row to lock the version number in the key decides, and the loser tries again."""
        seller = seller_with_line()
        amount = one(LIMIT) * 6 // 10
        forget_heads()
        outcomes = repeated(lambda: seller.draw(amount), 2)
        assert refusals(outcomes) == {type(None): 1, LimitExceeded: 1}
        assert_books_hold()

    def test_of_an_account_by_two_repayments_refuses_one(self, committed_books):
        seller = seller_with_line(accounts=1)
        loans = [seller.borrow(400_000, product="revolving-daily", term=30) for _ in range(2)]
        seller.receive(300_000)
        outcomes = together(*(lambda loan=loan: seller.repay(loan, 300_000) for loan in loans))
        assert refusals(outcomes) == {type(None): 1, FundsNotAvailable: 1}
        assert seller.balance() == 0
        assert_books_hold()

    def test_of_an_account_by_many_withdrawals_never_overdraws_it(self, committed_books):
        seller = register_seller(monthly_minor=0)
        seller.receive(1_000).value()
        outcomes = repeated(lambda: seller.withdraw(300), 8)
        assert refusals(outcomes) == {type(None): 3, FundsNotAvailable: 5}
        assert attempts(outcomes) == {1}
        assert (seller.balance(), seller.available()) == (1_000, 100)
        together(*[lambda: deliver_due(now_offset_seconds=7200)] * 4)
        assert (seller.balance(), seller.available()) == (100, 100)
        assert one("SELECT count(*) FROM sandbox_payment WHERE outcome = 'paid'") == 3
        assert_books_hold()

    def test_of_an_account_by_a_withdrawal_and_a_repayment_refuses_one(self, committed_books):
        seller = seller_with_line(accounts=1)
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        seller.receive(300_000)
        outcomes = together(lambda: seller.repay(loan, 300_000), lambda: seller.withdraw(300_000))
        assert refusals(outcomes) == {type(None): 1, FundsNotAvailable: 1}
        assert seller.available() == 0
        assert_books_hold()

    def test_of_an_entity_by_two_registrations_refuses_one(self, committed_books):
        command = RegisterEntity(reference="E-1", country="CN", currency="CNY")
        outcomes = repeated(lambda: give(command), 8)
        assert refusals(outcomes) == {type(None): 1, EntityAlreadyRegistered: 7}
        assert_books_hold()

    def test_of_a_shop_by_two_links_refuses_one(self, committed_books):
        seller = register_seller(monthly_minor=0)
        command = link(seller, "shop-x")
        outcomes = repeated(lambda: give(command), 4)
        assert refusals(outcomes) == {type(None): 1, AccountAlreadyLinked: 3}
        assert_books_hold()

    def test_of_a_shop_by_two_entities_refuses_one(self, committed_books):
        sellers = [register_seller(reference=f"E-{number}", monthly_minor=0) for number in range(4)]
        outcomes = together(*(lambda seller=seller: give(link(seller, "shop-x")) for seller in sellers))
        assert refusals(outcomes) == {type(None): 1, AccountLinkedElsewhere: 3}
        assert_books_hold()

    def test_of_a_channel_reference_by_two_accounts_credits_one(self, committed_books):
        sellers = [register_seller(reference=f"E-{number}", monthly_minor=0) for number in range(4)]
        calls = (lambda seller=seller: seller.receive(5_00, reference="R-1") for seller in sellers)
        outcomes = together(*calls)
        assert sum(outcome.refusal is None for outcome in outcomes) == 1
        assert sum(seller.balance() for seller in sellers) == 5_00
        assert_books_hold()

    def test_by_two_applications_of_one_entity_keeps_one(self, committed_books):
        seller = register_seller()
        command = SubmitApplication(
            entity_id=seller.entity_id,
            industry_code="general",
            requested_minor=None,
            debt_ratio_bps=2000,
            clean_record=True,
        )
        outcomes = repeated(lambda: give(command), 4)
        assert refusals(outcomes) == {type(None): 1, ApplicationInProgress: 3}
        together(*[lambda: deliver_due(now_offset_seconds=7200)] * 4)
        assert one("SELECT count(*) FROM credit_line") == 1
        assert_books_hold()


def link(seller, external_id):
    day = committed_day()
    return LinkAccount(
        entity_id=seller.entity_id,
        platform="taobao",
        external_id=external_id,
        role="sub",
        opened_on=day,
        consent_granted_on=day,
    )


def committed_day():
    return one("SELECT min(open_date) FROM es_shard")


class TestFiftyDrawsOnOneLine:
    def test_never_pass_the_limit_and_never_need_a_second_attempt(self, committed_books):
        seller = seller_with_line()
        amount = one(LIMIT) // 20 // 100 * 100
        outcomes = repeated(lambda: seller.draw(amount), 50)
        assert refusals(outcomes) == {type(None): 20, LimitExceeded: 30}
        assert attempts(outcomes) == {1}
        assert one("SELECT reserved_minor FROM credit_line") == 20 * amount <= one(LIMIT)
        together(*[pay_outs] * 4)
        assert one("SELECT drawn_minor FROM credit_line") == 20 * amount
        assert one("SELECT count(*) FROM loan WHERE status = 'active'") == 20
        assert_books_hold()

    def test_stop_at_the_moment_of_a_freeze(self, committed_books):
        seller = seller_with_line()
        freeze = FreezeLine(line_id=seller.line_id, reason="audit")
        draws = [lambda: seller.draw(200_000)] * 15
        outcomes = together(*draws, lambda: give(freeze), *draws)
        assert outcomes[15].refusal is None
        assert {type(outcome.refusal) for outcome in outcomes} <= {type(None), LineIsFrozen}
        assert attempts(outcomes) == {1}
        frozen_at = one("SELECT pos FROM es_event WHERE topic = 'line.frozen'")
        assert one("SELECT count(*) FROM es_event WHERE topic = 'line.reserved' AND pos > %s", frozen_at) == 0
        assert_books_hold()


class TestOppositeDeductions:
    @pytest.fixture
    def crossed(self, committed_books):
        """Two accounts, each with an overdue loan that the other account can pay."""
        seller = seller_with_line(accounts=2)
        loans = [
            seller.borrow(400_000, account=number, product="revolving-daily", term=30) for number in (0, 1)
        ]
        seller.close_through(one("SELECT max(due_on) FROM instalment"))
        return seller, loans

    def test_hammered_lose_nothing_and_wait_for_each_other_briefly(self, crossed):
        seller, loans = crossed
        slowest = []

        def hammer(loan, accounts, name):
            outcomes = []
            for number in range(12):
                started = time.monotonic()
                seller.receive(5_000, account=number % 2)
                command = DeductFromLinkedAccounts(
                    loan_id=loan, line_id=seller.line_id, entity_id=seller.entity_id, account_ids=accounts
                )
                outcomes.append(give(command, key=f"{name}-{number}"))
                slowest.append(time.monotonic() - started)
            return outcomes

        a, b = seller.accounts
        ways = [(loans[0], (a, b)), (loans[1], (b, a)), (loans[0], (b, a)), (loans[1], (a, b))]
        results = together(*(lambda way=way, name=name: hammer(*way, name) for name, way in enumerate(ways)))
        outcomes = [outcome for result in results for outcome in result]
        assert refusals(outcomes) == {type(None): 48}
        assert attempts(outcomes) == {1}
        deducted = sum(outcome.value()["deducted_minor"] for outcome in outcomes)
        assert deducted + seller.balance(0) + seller.balance(1) == 48 * 5_000
        assert max(slowest) < 5
        assert_books_hold()

    def test_of_one_debt_by_two_workers_take_it_once(self, crossed):
        seller, (loan, _) = crossed
        seller.receive(10_000_000, account=1)
        owed = one("SELECT outstanding_minor FROM loan WHERE id = %s", loan)
        command = DeductFromLinkedAccounts(
            loan_id=loan,
            line_id=seller.line_id,
            entity_id=seller.entity_id,
            account_ids=tuple(seller.accounts),
        )
        outcomes = repeated(lambda: give(command), 6)
        takings = [outcome.refusal or outcome.value()["deducted_minor"] for outcome in outcomes]
        assert [taken > 0 for taken in takings if not isinstance(taken, Refusal)].count(True) == 1
        assert owed <= 10_000_000 - seller.balance(1) < owed * 11 // 10
        assert one("SELECT status FROM loan WHERE id = %s", loan) == "settled"
        assert_books_hold()


class TestALoan:
    def test_is_aged_once_by_many_workers(self, committed_books):
        seller = seller_with_line()
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        due_on = one("SELECT due_on FROM instalment")
        without_steps_after_the_cut_off(seller, through=due_on)
        outcomes = repeated(lambda: give(AgeLoan(loan_id=loan)), 10)
        assert refusals(outcomes) == {type(None): 10}
        assert one("SELECT count(*) FROM es_event WHERE topic = 'loan.aged'") == 1
        assert_books_hold()

    def test_is_paid_off_once_by_two_payoffs(self, committed_books):
        seller = seller_with_line()
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        seller.receive(2_000_000)
        outcomes = repeated(lambda: seller.repay(loan, kind="payoff"), 2)
        assert sorted(outcome.refusal is None for outcome in outcomes) == [False, True]
        assert seller.balance() == 1_600_000
        assert_books_hold()

    def test_is_paid_off_while_it_is_aged_like_in_one_of_the_two_orders(self, committed_books):
        seller = seller_with_line()
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        seller.receive(2_000_000)
        without_steps_after_the_cut_off(seller, through=one("SELECT due_on FROM instalment"))
        with Held(lambda: seller.repay(loan, kind="payoff"), after="es_append") as paying:
            ageing = Background(lambda: give(AgeLoan(loan_id=loan)))
            assert ageing.is_waiting_for_a_lock()
        assert paying.finish().value()["status"] == ageing.finish().value()["status"] == "settled"
        assert one("SELECT count(*) FROM es_event WHERE topic = 'loan.aged'") == 1
        assert_books_hold()

    @pytest.mark.parametrize("step", ["ageing", "deduction"])
    def test_that_is_paid_off_while_the_day_closes_does_not_stop_the_close(self, committed_books, step):
        seller = seller_with_line()
        loan = seller.borrow(400_000, product="revolving-daily", term=30)
        seller.receive(2_000_000, account=1)
        due_on = one("SELECT due_on FROM instalment")
        seller.close_through(due_on - timedelta(days=1))
        with Held(lambda: seller.close_through(due_on), before=f"close:{due_on}:{step}") as closing:
            seller.repay(loan, kind="payoff", account=1).value()
        closing.finish()
        assert seller.today() == due_on + timedelta(days=1)
        assert one("SELECT status FROM loan") == "settled"
        assert_books_hold()


def without_steps_after_the_cut_off(seller, *, through):
    """Let the days pass without ageing any loan, as when workers have been down since the cut-off."""
    from ledger.commands.post_accrual import PostAccrual

    while seller.today() <= through:
        give(PostAccrual(shard=seller.shard, business_date=seller.today())).value()


class TestTheCutOff:
    """A command commits on the closing date and is in its accrual, or on the next date and is not."""

    def test_moves_a_command_that_is_under_way_to_the_next_date(self, committed_books):
        seller = seller_with_line()
        with Held(lambda: seller.draw(400_000), before="es_append") as drawing:
            seller.close_through(committed_books)
        outcome = drawing.finish()
        assert outcome.refusal is None
        assert outcome.attempts == 2
        assert one("SELECT requested_on FROM loan") == committed_books + timedelta(days=1)
        assert_books_hold()

    def test_waits_for_a_command_that_has_written(self, committed_books):
        seller = seller_with_line()
        with Held(lambda: seller.draw(400_000), after="es_append") as drawing:
            closing = Background(lambda: seller.close_through(committed_books))
            assert closing.is_waiting_for_a_lock()
        assert drawing.finish().attempts == 1
        closing.finish()
        assert one("SELECT requested_on FROM loan") == committed_books
        assert seller.today() == committed_books + timedelta(days=1)
        assert_books_hold()

    def test_holds_back_a_command_until_the_new_date_is_open(self, committed_books):
        seller = seller_with_line()
        seller.borrow(200_000)
        with Held(lambda: seller.close_through(committed_books), after="es_lock_shard") as closing:
            drawing = Background(lambda: seller.draw(400_000))
            assert drawing.is_waiting_for_a_lock()
        closing.finish()
        assert drawing.finish().refusal is None
        assert one("SELECT max(requested_on) FROM loan") == committed_books + timedelta(days=1)
        assert_books_hold()

    def test_skips_no_accrual_for_a_loan_that_is_paid_out_just_before_it(self, committed_books):
        """A shard without running loans moves on without an accrual; this one is about to have a loan."""
        seller = seller_with_line()
        seller.draw(600_000).value()
        with Held(pay_outs, after="es_append") as paying_out:
            closing = Background(lambda: seller.close_through(committed_books))
            assert closing.is_waiting_for_a_lock()
        paying_out.finish()
        closing.finish()
        assert one("SELECT disbursed_on FROM loan") == committed_books
        assert one("SELECT count(*) FROM accrual_run WHERE business_date = %s", committed_books) == 1
        assert_books_hold()

    def test_moves_a_payout_that_is_under_way_to_the_date_after_the_idle_days(self, committed_books):
        seller = seller_with_line()
        seller.draw(600_000).value()
        last = committed_books + timedelta(days=9)
        with Held(pay_outs, before="es_append") as paying_out:
            seller.close_through(last)
        paying_out.finish()
        assert one("SELECT disbursed_on FROM loan") == last + timedelta(days=1)
        assert_books_hold()

    def test_happens_once_when_two_workers_close_the_same_date(self, committed_books):
        seller = seller_with_line()
        seller.borrow(400_000)
        repeated(lambda: seller.close_through(committed_books), 6)
        assert seller.today() == committed_books + timedelta(days=1)
        assert one("SELECT count(*) FROM accrual_run") == 1
        assert_books_hold()


class TestTheOutbox:
    def test_is_delivered_once_by_many_workers(self, committed_books):
        seller = seller_with_line()
        loans = [UUID(seller.draw(200_000).value()["loan_id"]) for _ in range(10)]
        delivered = together(*[lambda: deliver_due(now_offset_seconds=60)] * 5)
        assert sum(delivered) == 10
        assert one("SELECT count(*) FROM sandbox_payment WHERE attempts = 1") == len(loans)
        assert one("SELECT count(*) FROM es_event WHERE topic = 'loan.disbursed'") == len(loans)
        assert_books_hold()


def receipt(seller, number):
    return RecordReceipt(
        account_id=seller.accounts[number % len(seller.accounts)],
        amount_minor=1 + number,
        currency=seller.currency,
        channel="platform",
        reference=f"R-{number}",
    )


class TestManyReceiptsOfOneEntity:
    def test_are_all_counted(self, committed_books):
        seller = register_seller(accounts=3, monthly_minor=0)
        outcomes = together(*(lambda number=number: give(receipt(seller, number)) for number in range(30)))
        assert refusals(outcomes) == {type(None): 30}
        assert sum(seller.balance(number) for number in range(3)) == sum(range(1, 31))
        assert_books_hold()
