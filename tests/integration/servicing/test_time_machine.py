"""What we knew then stays known: positions over value dates and recorded moments.

Method: a grid of days and moments; at each point the answer is compared with a derivation over the raw rows of
the event store, picked out by their own dates without the code under test.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, timedelta

import pytest
from django.db import connection

from ledger.book_moment import KnownAtInFuture
from ledger.domain.contract.serving import servicing_terms_of
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.deriving import derive
from ledger.eventstore.codec import build_event
from ledger.known_at import MomentNotKnown
from ledger.loan_figures import payoff_quote
from ledger.loan_positions import position_shown
from lending.positions import entity_position, line_position
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one
from tests.integration.servicing.conftest import day

MADE = {
    "disbursed": kinds.Disbursed,
    "charge_added": kinds.ChargeAdded,
    "payment_received": kinds.PaymentReceived,
    "payment_reversed": kinds.PaymentReversed,
    "rate_changed": kinds.RateChanged,
    "penalty_waived": kinds.PenaltyWaived,
}
FIGURES = ("outstanding_minor", "overpaid_minor", "days_past_due", "schedule_version", "oldest_due_on")


def stored(loan_id):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at, originator_version, state->'fact' FROM es_event"
            " WHERE originator_id = %s AND state ? 'fact' ORDER BY originator_version",
            [loan_id],
        )
        return [(at, version, json.loads(fact)) for at, version, fact in cursor.fetchall()]


def terms_of(loan_id):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state::text FROM es_event WHERE originator_id = %s AND topic = 'loan.requested'",
            [loan_id],
        )
        request = build_event("loan.requested", loan_id, 1, json.loads(cursor.fetchone()[0]))
    payout = one("SELECT disbursed_on FROM loan WHERE id = %s", loan_id)
    return servicing_terms_of(request.terms, None, principal_minor=request.principal_minor, start=payout)


def naive(fact, version):
    cls = MADE[fact["kind"]]
    given = dict(fact["details"])
    for name in ("due_on", "until"):
        if name in given:
            given[name] = date.fromisoformat(given[name])
    for name, words in (("payment", kinds.PaymentKind), ("instruction", kinds.Instruction)):
        if name in given:
            given[name] = words(given[name])
    assert set(given) <= {one.name for one in fields(cls)}
    on = date.fromisoformat(fact["value_date"])
    return cls(id=fact["id"], effective_date=on, sequence=version, **given)


class TestALoan:
    def test_on_every_day_by_every_moment_is_what_the_facts_of_then_say(self, history):
        rows, terms = stored(history.loan_id), terms_of(history.loan_id)
        days = [day(number) for number in (0, 5, 10, 20, 25, 31, 34, 35, 50, 70, 71)]
        seen = set()
        for known_at in history.moments[1:]:
            known = [naive(fact, version) for at, version, fact in rows if at <= known_at]
            for on in days:
                answer = position_shown(loan_id=history.loan_id, as_of=on, known_at=known_at)
                expected = derive(terms, known, on=on)
                assert answer.books == expected.books, (on, known_at)
                assert {name: getattr(answer, name) for name in FIGURES} == {
                    name: getattr(expected, name) for name in FIGURES
                }
                assert [payment.amount_minor for payment in answer.payments] == [
                    used.amount_minor for used in expected.money
                ]
                assert [row.paid for row in answer.rows] == [row.paid for row in expected.rows]
                seen.add((on, answer.books, answer.overdue_minor))
        # The grid tells moments apart: the same day reads differently at different moments.
        assert len(seen) > 3 * len(days)
        assert_books_hold()

    def test_reads_the_same_for_ever_at_a_moment_that_has_passed(self, history):
        grid = [(day(number), known_at) for number in (10, 34, 60) for known_at in history.moments[1:]]
        ask = [position_shown(loan_id=history.loan_id, as_of=on, known_at=at) for on, at in grid]
        history.pay(payoff_quote(loan_id=history.loan_id, on=None).total_minor, kind="payoff")
        history.close_through(80)
        assert ask == [position_shown(loan_id=history.loan_id, as_of=on, known_at=at) for on, at in grid]
        assert_books_hold()

    def test_keeps_both_histories_of_one_day(self, history):
        known = {
            at: position_shown(loan_id=history.loan_id, as_of=day(40), known_at=at)
            for at in history.moments[1:]
        }
        before, now = known[history.moments[7]], position_shown(loan_id=history.loan_id, as_of=day(40))
        assert (before.days_past_due, len(before.payments)) == (0, 2)
        assert now.days_past_due > 0
        assert len(now.payments) == 1
        assert_books_hold()

    def test_that_nobody_knew_then_is_not_found(self, history):
        with pytest.raises(MomentNotKnown) as refused:
            position_shown(loan_id=history.loan_id, known_at=history.moments[0])
        assert refused.value.field == "known_at"
        assert_books_hold()

    def test_of_a_moment_that_has_not_come_is_refused(self, history):
        tomorrow = history.moments[-1] + timedelta(days=1)
        for ask in (
            lambda: position_shown(loan_id=history.loan_id, known_at=tomorrow),
            lambda: line_position(line_id=history.seller.line_id, known_at=tomorrow),
            lambda: entity_position(entity_id=history.seller.entity_id, known_at=tomorrow),
        ):
            with pytest.raises(KnownAtInFuture) as refused:
                ask()
            assert refused.value.field == "known_at"
        assert_books_hold()

    def test_owes_nothing_before_its_payout(self, history):
        answer = position_shown(loan_id=history.loan_id, as_of=day(-1))
        assert (answer.status, answer.facts, answer.outstanding_minor) == ("not_disbursed", 0, 0)

    def test_today_by_all_that_is_known_is_the_loan_of_the_books(self, history):
        answer = position_shown(loan_id=history.loan_id)
        row = "SELECT outstanding_minor FROM loan WHERE id = %s"
        assert answer.outstanding_minor == one(row, history.loan_id)
        assert answer.as_of == history.seller.today()


class TestALine:
    def test_shows_what_had_been_posted_by_the_day_and_known_by_the_moment(self, history):
        line = history.seller.line_id
        assert line_position(line_id=line, known_at=history.moments[0]).drawn_minor == 0
        assert line_position(line_id=line, known_at=history.moments[1]).drawn_minor == 600_000
        assert line_position(line_id=line, as_of=day(20)).drawn_minor == 600_000
        now = line_position(line_id=line)
        assert now.drawn_minor == one("SELECT drawn_minor FROM credit_line WHERE id = %s", line)
        repaid = line_position(line_id=line, as_of=day(21)).drawn_minor
        assert repaid < 600_000


class TestAnEntity:
    def test_shows_its_lines_loans_and_accounts_together(self, history):
        seller = history.seller
        now = entity_position(entity_id=seller.entity_id)
        assert [loan.loan_id for loan in now.loans] == [history.loan_id]
        assert {account.account_id for account in now.accounts} == set(seller.accounts)
        own = next(account for account in now.accounts if account.account_id == seller.accounts[0])
        assert own.balance_minor == seller.balance()
        assert [line.line_id for line in now.lines] == [seller.line_id]

    def test_leaves_out_what_was_not_known_then(self, history):
        then = entity_position(entity_id=history.seller.entity_id, known_at=history.moments[0])
        assert then.loans == ()
        assert len(then.lines) == 1
        before = entity_position(entity_id=history.seller.entity_id, as_of=day(0) - timedelta(days=1))
        assert (before.loans, before.lines, before.accounts) == ((), (), ())
