"""Postings of credit lines and settlement accounts: which accounts, which side, whose money."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger import settlement_postings
from ledger.domain import settlement_account_events
from ledger.eventstore.codec import build_event
from ledger.kernel.aggregate import EVENTS
from ledger.postings import POSTINGS, legs_for
from lending import postings
from lending.domain import application_events, credit_line_events, entity_events
from tests.unit.ledger.settlement_builders import ACCOUNT, OTHER_ACCOUNT, account_with, call
from tests.unit.lending.builders import DAY, ENTITY, LINE, LOAN, OTHER_LOAN, open_line


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

    def test_hold_back_nothing_for_a_reservation(self):
        line = open_line(reserved_minor=500)
        line.release(loan_id=LOAN, effective_date=DAY)
        assert [entry(event) for event in line.pending_events[1:]] == [[]] * 2

    def test_take_a_draw_out_of_the_commitment_and_put_a_repayment_back(self):
        line = open_line(drawn_minor=700)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=200, effective_date=DAY)
        _, _, drawn, restored, again = line.pending_events
        assert entry(drawn) == [("9099", "D", 700), ("9001", "C", 700)]
        assert entry(restored) == [("9001", "D", 500), ("9099", "C", 500)]
        assert entry(again) == [("9099", "D", 200), ("9001", "C", 200)]
        for event in (drawn, restored, again):
            assert {(leg.entity_id, leg.loan_id, leg.currency) for leg in legs_for(event)} == {
                (ENTITY, OTHER_LOAN, "CNY")
            }

    def test_keep_limit_less_drawn_and_never_less_than_nothing_committed(self):
        line = open_line(drawn_minor=80_000)
        for change, amount, committed in (
            ("owe_again", 15_000, 5_000),  # 95,000 drawn of 100,000
            ("owe_again", 15_000, 0),  # 110,000 drawn: 10,000 above the limit are no commitment
            ("restore_limit", 4_000, 0),
            ("restore_limit", 26_000, 20_000),  # 80,000 drawn
            ("change_limit", 50_000, 0),  # a cut below what is drawn
            ("restore_limit", 40_000, 10_000),
            ("change_limit", 30_000, 0),
            ("change_limit", 90_000, 50_000),
            ("restore_limit", 40_000, 90_000),
        ):
            if change == "change_limit":
                line.change_limit(limit_minor=amount, reason="review", effective_date=DAY)
            else:
                getattr(line, change)(loan_id=OTHER_LOAN, amount_minor=amount, effective_date=DAY)
            assert commitment(line) == line.state.committed_minor == committed, (change, amount)

    def test_commit_to_nothing_more_when_a_closed_line_is_owed_again(self):
        line = open_line()
        line.close(reason="asked", effective_date=DAY)
        line.owe_again(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        line.restore_limit(loan_id=OTHER_LOAN, amount_minor=500, effective_date=DAY)
        assert [entry(event) for event in line.pending_events[-2:]] == [[], []]


class TestDrawsOfTheFirstVersion:
    """Their loans' events posted the commitment; the line only remembers it."""

    def stored(self, topic, version, **payload):
        return build_event(topic, LINE, version, {"effective_date": DAY.isoformat(), **payload})

    def life(self, limit_after):
        of_loan = {"entity_id": str(ENTITY), "loan_id": str(LOAN)}
        of_line = {"entity_id": str(ENTITY), "currency": "CNY"}
        line = None
        events = (
            self.stored("line.opened", 1, limit_minor=1_000, **of_line),
            self.stored("line.reserved", 2, amount_minor=800, **of_loan),
            self.stored("line.booked", 3, amount_minor=800, **of_loan),
            self.stored("line.restored", 4, amount_minor=100, **of_loan),
            self.stored(
                "line.limit_changed",
                5,
                limit_before_minor=1_000,
                limit_minor=limit_after,
                reason="",
                **of_line,
            ),
        )
        for event in events:
            line = event.mutate(line)
        return line, events

    def test_post_nothing_themselves_and_a_change_of_the_limit_what_it_posted(self):
        _, events = self.life(limit_after=500)
        assert [entry(event) for event in events[1:4]] == [[]] * 3
        assert entry(events[4]) == [("9099", "D", 500), ("9001", "C", 500)]

    def test_are_remembered_as_the_books_hold_them(self):
        assert self.life(limit_after=900)[0].state.committed_minor == 900 - 700

    def test_below_nothing_are_put_right_by_the_next_change(self):
        line, _ = self.life(limit_after=500)
        assert line.state.committed_minor == 500 - 700
        line.restore_limit(loan_id=LOAN, amount_minor=100, effective_date=DAY)
        assert line.state.committed_minor == 0
        assert entry(line.pending_events[-1]) == [("9001", "D", 200), ("9099", "C", 200)]


class TestSettlementPostings:
    @pytest.mark.parametrize(
        ("command", "legs"),
        [
            ("receive", [("1002", "D", 10), ("2101", "C", 10)]),
            ("request_withdrawal", []),
            ("confirm_withdrawal", [("2101", "D", 50), ("1002", "C", 50)]),
            ("fail_withdrawal", []),
            ("deduct", [("2101", "D", 10), ("2101", "C", 10)]),
            ("return_receipt", [("2101", "D", 10), ("1002", "C", 10)]),
            ("return_deduction", [("2101", "D", 10), ("2101", "C", 10)]),
            ("debit", []),
            ("credit", []),
            ("reserve", []),
            ("release", []),
        ],
    )
    def test_book_each_movement(self, command, legs):
        account = account_with(balance=500, tax=100, withdrawn=50)
        call(account, command)
        assert entry(account.pending_events[-1]) == legs

    def test_move_a_deduction_from_one_sub_account_to_the_other(self):
        account = account_with(balance=500)
        call(account, "deduct")
        debit, credit = legs_for(account.pending_events[-1])
        assert (debit.settlement_account_id, credit.settlement_account_id) == (ACCOUNT, OTHER_ACCOUNT)
        assert debit.loan_id == credit.loan_id is not None

    def test_move_a_returned_deduction_exactly_back(self):
        account = account_with(balance=500)
        call(account, "deduct")
        call(account, "return_deduction")
        there, back = (legs_for(event) for event in account.pending_events[-2:])
        turned = {"D": "C", "C": "D"}
        assert {replace(leg, side=turned[leg.side]) for leg in there} == set(back)

    def test_return_a_receipt_exactly_as_it_came(self):
        account = account_with(balance=500)
        call(account, "return_receipt", amount_minor=500)
        came, went = (legs_for(event) for event in account.pending_events[-2:])
        turned = {"D": "C", "C": "D"}
        assert {replace(leg, side=turned[leg.side]) for leg in came} == set(went)


class TestPostingTable:
    def test_has_a_row_for_every_event_of_lending_and_settlement(self):
        modules = {
            module.__name__
            for module in (application_events, credit_line_events, entity_events, settlement_account_events)
        }
        topics = {topic for topic, event in EVENTS.items() if event.__module__ in modules}
        assert len(topics) == 31
        assert topics <= set(POSTINGS)
