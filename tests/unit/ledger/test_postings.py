"""The posting table: one row per topic, each entry balanced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from ledger import postings
from ledger.domain.loan_events import LOAN_EVENTS
from ledger.kernel.aggregate import EVENTS
from ledger.postings import Leg, PostingUnbalanced, PostingUnknown, legs_for
from tests.unit.ledger.builders import (
    ACCOUNT,
    ENTITY,
    LOAN,
    START,
    disbursed_loan,
    repay,
    requested_loan,
    revolving_loan,
)

OVERDUE_ON = START + timedelta(days=55)  # 25 days after the draw fell due


@pytest.fixture
def table(monkeypatch):
    """Give the test its own copy of the table to add rows to."""
    monkeypatch.setattr(postings, "POSTINGS", dict(postings.POSTINGS))


def lines(event):
    return [(leg.account, leg.side, leg.amount_minor) for leg in legs_for(event)]


def latest(loan, topic):
    return next(event for event in reversed(loan.collect_events()) if topic == event.TOPIC)


class TestLoanPostings:
    def test_cover_every_loan_event(self):
        assert set(LOAN_EVENTS) <= set(postings.POSTINGS)
        assert all(EVENTS[topic] is event for topic, event in LOAN_EVENTS.items())

    def test_book_a_payout_through_the_settlement_account(self):
        loan = requested_loan()
        loan.disburse(effective_date=START, bank_reference="bank-1")
        event = latest(loan, "loan.disbursed")
        assert lines(event) == [
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

    def test_catch_penalty_up_when_it_starts(self):
        loan = revolving_loan()
        loan.catch_up(effective_date=OVERDUE_ON)
        assert lines(latest(loan, "loan.penalty_started")) == [
            ("1322", "D", 12_000),
            ("6012", "C", 12_000),
            ("1322", "D", 144),
            ("6012", "C", 144),
        ]

    def test_apply_a_payment_to_each_claim(self):
        loan = revolving_loan()
        repay(loan, OVERDUE_ON)
        assert lines(latest(loan, "loan.repaid")) == [
            ("2101", "D", 12_144),
            ("1322", "C", 12_144),
            ("2101", "D", 9_600),
            ("1321", "C", 9_600),
            ("2101", "D", 800_000),
            ("1301", "C", 800_000),
        ]

    @pytest.mark.parametrize(
        ("days", "adjustment", "first_lines"),
        [
            # 50,000.00 x 10.8% over 11 days: 165.00 by actual days, 159.68 spread over 31 days.
            (11, 532, [("1321", "D", 532), ("6011", "C", 532)]),
            (0, 0, [("2101", "D", 5_000_000), ("1301", "C", 5_000_000)]),
        ],
    )
    def test_adjust_interest_to_actual_days_at_payoff(self, days, adjustment, first_lines):
        loan = disbursed_loan()
        repay(loan, START + timedelta(days=days), kind="payoff")
        event = latest(loan, "loan.repaid")
        assert event.accrual_adjustment_minor == adjustment
        assert lines(event)[:2] == first_lines

    def test_lower_interest_income_when_actual_days_cost_less(self):
        loan = disbursed_loan(day_base=365)
        repay(loan, START + timedelta(days=11), kind="payoff")
        event = latest(loan, "loan.repaid")
        lower = replace(event, accrual_adjustment_minor=-7)
        assert lines(lower)[:2] == [("6011", "D", 7), ("1321", "C", 7)]

    def test_earn_the_early_fee_at_once(self):
        loan = disbursed_loan(early_fee_e8=1_000_000)
        repay(loan, START, kind="payoff")
        assert ("6021", "C", 50_000) in lines(latest(loan, "loan.repaid"))


class TestPostingTable:
    def test_refuses_a_second_row_for_a_topic(self, table):
        with pytest.raises(ValueError, match="already"):
            postings.no_posting("loan.repaid")

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
