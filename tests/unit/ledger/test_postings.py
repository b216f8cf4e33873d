"""The posting table: one row per topic, each entry balanced."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest

from ledger import postings
from ledger.domain.accrual_run import AccrualBucket
from ledger.domain.loan_events import LOAN_EVENTS
from ledger.domain.loan_record import FactKind
from ledger.kernel.aggregate import EVENTS
from ledger.postings import Leg, PostingUnbalanced, PostingUnknown, legs_for
from tests.unit.ledger.builders import (
    ACCOUNT,
    ENTITY,
    LOAN,
    START,
    disbursed_loan,
    due_on,
    record,
    repay,
    requested_loan,
    revolving_loan,
)

DUE = START + timedelta(days=30)
OVERDUE_ON = DUE + timedelta(days=25)


@pytest.fixture
def table(monkeypatch):
    """Give the test its own copy of the table to add rows to."""
    monkeypatch.setattr(postings, "POSTINGS", dict(postings.POSTINGS))


def lines(event):
    return [(leg.account, leg.side, leg.amount_minor) for leg in legs_for(event)]


def net(event):
    """Return what each account moves by, debits above zero."""
    moved = Counter()
    for account, side, amount in lines(event):
        moved[account] += amount if side == "D" else -amount
    return {account: amount for account, amount in moved.items() if amount}


def latest(loan, topic):
    return next(event for event in reversed(loan.collect_events()) if topic == event.TOPIC)


class TestLoanPostings:
    def test_cover_every_loan_event(self):
        assert set(LOAN_EVENTS) <= set(postings.POSTINGS)
        assert all(EVENTS[topic] is event for topic, event in LOAN_EVENTS.items())

    def test_book_a_payout_through_the_settlement_account(self):
        loan = requested_loan()
        loan.disburse(effective_date=START, bank_reference="bank-1")
        assert lines(latest(loan, "loan.disbursed")) == [
            ("1301", "D", 5_000_000),
            ("2101", "C", 5_000_000),
            ("2101", "D", 5_000_000),
            ("1002", "C", 5_000_000),
        ]

    def test_name_the_borrower_on_every_leg_and_the_account_on_its_own(self):
        loan = requested_loan()
        loan.disburse(effective_date=START, bank_reference="bank-1")
        for leg in legs_for(latest(loan, "loan.disbursed")):
            assert (leg.entity_id, leg.loan_id, leg.currency) == (ENTITY, LOAN, "CNY")
            assert leg.settlement_account_id == (ACCOUNT if leg.account == "2101" else None)

    def test_take_back_a_payout_that_came_back(self):
        loan = disbursed_loan()
        record(loan, FactKind.DISBURSEMENT_REVERSED, START, of="payout")
        assert net(latest(loan, "loan.disbursement_reversed")) == {"1002": 5_000_000, "1301": -5_000_000}

    def test_catch_penalty_up_when_it_starts(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=OVERDUE_ON)
        # 120.00 of penalty and 1.44 of compound interest; the day closes have posted the interest.
        assert net(latest(loan, "loan.aged")) == {"1322": 12_144, "6012": -12_144}

    def test_apply_a_payment_to_each_claim(self):
        loan = revolving_loan()
        repay(loan, OVERDUE_ON)
        assert net(latest(loan, "loan.payment_received")) == {
            "2101": 12_144 + 9_600 + 800_000,
            "1322": -12_144,
            "1321": -9_600,
            "1301": -800_000,
        }

    def test_move_interest_into_memo_after_90_days_and_back_to_income_when_it_is_paid(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=DUE + timedelta(days=90))
        loan.collect_events()
        loan.catch_up(effective_date=DUE + timedelta(days=91))
        moved = net(latest(loan, "loan.aged"))
        # 96.00 of interest; 8,096.00 at 21.6% for 91 days, of which the last day is not income any more.
        assert (moved["9002"], moved["1321"], moved["6011"]) == (9_600 + 43_680 + 524, -9_600, 9_600)
        repay(loan, DUE + timedelta(days=91))
        paid = net(latest(loan, "loan.payment_received"))
        assert paid["9002"] == -paid["9099"] == -53_804
        assert (paid["6011"], paid["6012"]) == (-9_600, -44_204)

    def test_take_the_price_of_a_sale_to_the_bank_and_the_rest_through_the_allowance(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=OVERDUE_ON)
        record(loan, FactKind.SOLD, OVERDUE_ON, fact_id="sale", price_minor=500_000, buyer="B-7")
        event = latest(loan, "loan.sold")
        lost = 300_000 + 9_600 + 12_144
        sold = {"1002": 500_000, "6702": lost, "1301": -800_000, "1321": -9_600, "1322": -12_144}
        assert net(event) == sold
        through = [line for line in lines(event) if line[0] == "1391"]
        assert through == [("1391", "C", lost), ("1391", "D", lost)]
        record(loan, FactKind.SALE_UNDONE, OVERDUE_ON, of="sale")
        assert net(latest(loan, "loan.sale_undone")) == {code: -amount for code, amount in sold.items()}

    def test_take_a_price_above_the_claim_as_a_gain_and_one_after_a_charge_off_as_a_recovery(self):
        loan = revolving_loan()
        record(loan, FactKind.SOLD, START, price_minor=800_500, buyer="B-7")
        assert net(latest(loan, "loan.sold")) == {"1002": 800_500, "1301": -800_000, "6061": -500}
        lost = revolving_loan()
        lost.catch_up(effective_date=OVERDUE_ON)
        record(lost, FactKind.CHARGED_OFF, OVERDUE_ON)
        record(lost, FactKind.SOLD, OVERDUE_ON, price_minor=70_000, buyer="B-7")
        claim = 800_000 + 9_600 + 12_144
        assert net(latest(lost, "loan.sold")) == {
            "1002": 70_000, "6051": -70_000, "9003": -claim, "9099": claim
        }  # fmt: skip

    def test_write_a_claim_off_through_the_allowance_and_keep_it_in_memo(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=OVERDUE_ON)
        record(loan, FactKind.CHARGED_OFF, OVERDUE_ON)
        event = latest(loan, "loan.charged_off")
        claim = 800_000 + 9_600 + 12_144
        assert net(event) == {
            "6702": claim,
            "1301": -800_000,
            "1321": -9_600,
            "1322": -12_144,
            "9003": claim,
            "9099": -claim,
        }
        assert [line for line in lines(event) if line[0] == "1391"] == [
            ("1391", "C", claim),
            ("1391", "D", claim),
        ]

    @pytest.mark.parametrize(
        ("days", "adjustment"),
        # 50,000.00 x 10.8% over 11 days: 165.00 by actual days, 159.68 spread over 31 days.
        [(11, 532), (0, 0)],
    )
    def test_adjust_interest_to_actual_days_at_payoff(self, days, adjustment):
        loan = disbursed_loan()
        repay(loan, START + timedelta(days=days), kind="payoff")
        assert -net(latest(loan, "loan.payment_received")).get("6011", 0) == adjustment

    def test_lower_interest_income_when_actual_days_cost_less(self):
        loan = disbursed_loan(day_base=365)
        on = due_on(loan, 1) + timedelta(days=15)
        repay(loan, due_on(loan, 1))
        loan.collect_events()
        repay(loan, on, kind="payoff")
        # 41,852.21 x 10.8% x 15 / 365 are 185.76; half of the 30 days of 376.67 are 188.34.
        assert net(latest(loan, "loan.payment_received"))["6011"] == 18_834 - 18_576

    def test_earn_the_early_fee_at_once(self):
        loan = disbursed_loan(early_fee_e8=1_000_000)
        repay(loan, START, kind="payoff")
        assert ("6021", "C", 50_000) in lines(latest(loan, "loan.payment_received"))

    @pytest.mark.parametrize(
        ("kind", "accounts"),
        [
            ("interest", {"1321", "6011"}),
            ("penalty", {"1322", "6012"}),
            ("compound", {"1322", "6012"}),
            ("memo_interest", {"9002", "9099"}),
            ("memo_penalty", {"9002", "9099"}),
            ("off_books_compound", {"9003", "9099"}),
        ],
    )
    def test_book_a_day_of_growth_where_it_belongs(self, kind, accounts):
        bucket = AccrualBucket("any", "CNY", kind, 1, 7)
        event = SimpleNamespace(TOPIC="accrual.run_posted", buckets=(bucket,))
        assert {leg.account for leg in legs_for(event)} == accounts


class TestPostingTable:
    def test_refuses_a_second_row_for_a_topic(self, table):
        with pytest.raises(ValueError, match="already"):
            postings.no_posting("loan.aged")

    def test_raises_for_a_topic_it_does_not_know(self):
        with pytest.raises(PostingUnknown):
            legs_for(SimpleNamespace(TOPIC="loan.unheard_of"))

    def test_posts_nothing_for_events_without_money(self, table):
        postings.no_posting("case.opened")
        assert legs_for(SimpleNamespace(TOPIC="case.opened")) == ()

    @pytest.mark.parametrize(
        "legs",
        [
            (Leg("1301", "D", 1, "CNY"),),
            (Leg("1301", "D", 1, "CNY"), Leg("1002", "C", 2, "CNY")),
            (Leg("1301", "D", 1, "CNY"), Leg("1002", "C", 1, "USD")),
            (Leg("1301", "D", 1, "CNY"), Leg("9001", "C", 1, "CNY")),
            (Leg("1301", "D", -1, "CNY"), Leg("1002", "C", -1, "CNY")),
            (Leg("7777", "D", 1, "CNY"), Leg("1002", "C", 1, "CNY")),
        ],
    )
    def test_raises_for_an_entry_that_cannot_be_booked(self, table, legs):
        postings.register_posting("odd.event")(lambda _event: legs)
        with pytest.raises(PostingUnbalanced):
            legs_for(SimpleNamespace(TOPIC="odd.event"))
