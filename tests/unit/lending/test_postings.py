"""Postings of credit lines and settlement accounts: which accounts, which side, whose money."""

from __future__ import annotations

import pytest

from ledger import settlement_postings
from ledger.domain import settlement_account_events
from ledger.kernel.aggregate import EVENTS
from ledger.postings import POSTINGS, legs_for
from lending import postings
from lending.domain import application_events, credit_line_events, entity_events
from tests.unit.ledger.settlement_builders import ACCOUNT, OTHER_ACCOUNT, account_with, call
from tests.unit.lending.builders import DAY, ENTITY, LOAN, OTHER_LOAN, open_line


def entry(event):
    return [(leg.account, leg.side, leg.amount_minor) for leg in legs_for(event)]


def commitment(line):
    signed = {"D": 1, "C": -1}
    return sum(
        signed[leg.side] * leg.amount_minor
        for event in line.pending_events
        for leg in legs_for(event)
        if leg.account == "9001"
    )


REGISTERED = (postings, settlement_postings)


class TestLinePostings:
    def test_commit_the_limit(self):
        line = open_line(limit_minor=100_000)
        assert entry(line.pending_events[0]) == [("9001", "D", 100_000), ("9099", "C", 100_000)]
        assert {leg.entity_id for leg in legs_for(line.pending_events[0])} == {ENTITY}

    @pytest.mark.parametrize(
        ("limit", "legs"),
        [
            (150_000, [("9001", "D", 50_000), ("9099", "C", 50_000)]),
            (80_000, [("9099", "D", 20_000), ("9001", "C", 20_000)]),
        ],
    )
    def test_follow_a_raise_and_a_cut(self, limit, legs):
        line = open_line()
        line.change_limit(limit_minor=limit, reason="review", effective_date=DAY)
        assert entry(line.pending_events[-1]) == legs

    def test_leave_nothing_committed_on_a_closed_line(self):
        line = open_line()
        line.change_limit(limit_minor=40_000, reason="review", effective_date=DAY)
        line.close(reason="asked", effective_date=DAY)
        assert commitment(line) == 0

    def test_leave_draws_to_the_loan(self):
        line = open_line(drawn_minor=500, reserved_minor=500)
        line.release(loan_id=LOAN, effective_date=DAY)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        assert [entry(event) for event in line.pending_events[1:]] == [[]] * 5


class TestSettlementPostings:
    @pytest.mark.parametrize(
        ("command", "legs"),
        [
            ("receive", [("1002", "D", 10), ("2101", "C", 10)]),
            ("withdraw", [("2101", "D", 10), ("1002", "C", 10)]),
            ("deduct", [("2101", "D", 10), ("2101", "C", 10)]),
            ("debit", []),
            ("reserve", []),
            ("release", []),
        ],
    )
    def test_book_each_movement(self, command, legs):
        account = account_with(balance=500, tax=100)
        call(account, command)
        assert entry(account.pending_events[-1]) == legs

    def test_move_a_deduction_from_one_sub_account_to_the_other(self):
        account = account_with(balance=500)
        call(account, "deduct")
        debit, credit = legs_for(account.pending_events[-1])
        assert (debit.settlement_account_id, credit.settlement_account_id) == (ACCOUNT, OTHER_ACCOUNT)
        assert debit.loan_id == credit.loan_id is not None


class TestPostingTable:
    def test_has_a_row_for_every_event_of_lending_and_settlement(self):
        modules = {
            module.__name__
            for module in (application_events, credit_line_events, entity_events, settlement_account_events)
        }
        topics = {topic for topic, event in EVENTS.items() if event.__module__ in modules}
        assert len(topics) == 25
        assert topics <= set(POSTINGS)
