"""Statements against the books: any period adds up, and what was known stays known.

Method: random lives of several sellers on every product; the sub-ledger's own rows, the loan's own figures and
neighbouring periods are held against the statement, which reads none of them.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from config.documents.comma import csv_of
from config.documents.pdf import pdf_of
from ledger.book_moment import KnownAtInFuture
from ledger.commands.record_receipt import RecordReceipt
from ledger.eventstore.unit_of_work import NotFound
from ledger.loan_figures import loan_figures
from ledger.models import Loan, SettlementAccount
from ledger.queries import EVERYTHING, Scope, open_date_of
from ledger.statements import journal_lines
from ledger.statements.as_paper import statement_paper
from ledger.statements.as_values import statement_rows, statement_values
from ledger.statements.asking import (
    StatementPeriodInvalid,
    account_statement,
    entity_statement,
    loan_statement,
    period_asked,
)
from ledger.statements.journal_lines import StatementTooLong
from ledger.statements.sheets import OWED_PARTS, Period, added
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life, troubled_life
from tests.builders.sellers import give, seller_with_line
from tests.builders.simulation import Simulation
from tests.conftest import FIRST_DAY

BEFORE, LONG_AFTER = date(2023, 12, 1), date(2026, 1, 1)
PERIODS = 25


def in_every_form(statement) -> tuple[bytes, bytes, bytes]:
    values = json.dumps(statement_values(statement, with_commands=True)).encode()
    rows = csv_of(statement_rows(statement, with_commands=True))
    return values, rows, pdf_of(statement_paper(statement, borrower="E-1"))


def of_loan(loan_id, start=BEFORE, end=LONG_AFTER, **kwargs):
    return loan_statement(scope=EVERYTHING, loan_id=loan_id, period=Period(start, end), **kwargs)


def of_account(account_id, start=BEFORE, end=LONG_AFTER, **kwargs):
    return account_statement(scope=EVERYTHING, account_id=account_id, period=Period(start, end), **kwargs)


def of_entity(entity_id, start=BEFORE, end=LONG_AFTER, **kwargs):
    return entity_statement(scope=EVERYTHING, entity_id=entity_id, period=Period(start, end), **kwargs)


def accrued_by_month(loan_id) -> dict[tuple[str, int], int]:
    """Return interest and penalty of each month from the rows that every night wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(business_date, 'YYYY-MM'), CASE kind WHEN 'interest' THEN 1 ELSE 2 END, sum(amount_minor)"
            " FROM accrual_row WHERE loan_id = %s GROUP BY 1, 2",
            [loan_id],
        )
        return {(month, place): int(amount) for month, place, amount in cursor.fetchall()}


def assert_ties_to_the_books(loan: Loan) -> None:
    sheet = of_loan(loan.id).sheets[0]
    told = defaultdict(int)
    for line in sheet.lines:
        if line.first_day is not None:
            assert (line.first_day.year, line.first_day.month) == (
                line.posting_date.year,
                line.posting_date.month,
            )
            for place in (1, 2):
                told[f"{line.posting_date:%Y-%m}", place] += line.parts[place]
    assert {key: amount for key, amount in told.items() if amount} == accrued_by_month(loan.id)
    owed = loan_figures(loan_id=loan.id).owed
    if owed is not None:
        held = dict(zip(OWED_PARTS, sheet.closing, strict=True))
        assert held["principal"] == owed.principal_minor
        assert held["interest"] == owed.interest_minor
        assert held["penalty"] == owed.penalty_minor + owed.compound_minor
    else:
        assert sheet.closing == tuple(
            -loan.overpaid_minor if part == "overpaid" else 0 for part in OWED_PARTS
        )


def assert_periods_join(ask, key, chance: random.Random) -> None:
    """Cut a life at random days: the pieces join, and their movements are those of the whole."""
    first = FIRST_DAY.toordinal() - 5
    cuts = sorted({date.fromordinal(first + chance.randrange(200)) for _ in range(3)})
    pieces = [ask(key, *ends) for ends in zip([BEFORE, *cuts], [*cuts, LONG_AFTER], strict=True)]
    sheets = [piece.sheets[0] for piece in pieces]
    for before, after in pairwise(sheets):
        assert before.closing == after.opening
    whole = ask(key).sheets[0]
    moved = added(*(line.parts for sheet in sheets for line in sheet.lines), (0,) * len(whole.opening))
    assert added(whole.opening, moved) == whole.closing == sheets[-1].closing


class TestAnyPeriod:
    @pytest.mark.slow
    @pytest.mark.parametrize("seed", [3, 11])
    def test_of_any_life_adds_up_and_ties_to_the_books(self, books, seed):
        world, chance = Simulation(seed), random.Random(seed)
        world.run(120)
        loans = list(Loan.objects.filter(disbursed_on__isnull=False))
        assert loans
        for loan in loans:
            assert_ties_to_the_books(loan)
        for _ in range(PERIODS):
            assert_periods_join(of_loan, chance.choice(loans).id, chance)
            accounts = list(SettlementAccount.objects.order_by("id"))
            assert_periods_join(of_account, chance.choice(accounts).id, chance)

    def test_without_a_movement_keeps_the_balance(self, books):
        seller, _, _ = short_life()
        quiet = of_account(seller.accounts[0], date(2025, 1, 1), date(2025, 2, 1)).sheets[0]
        assert quiet.lines == ()
        assert sum(quiet.opening) == sum(quiet.closing) == seller.balance()
        assert_books_hold()

    def test_sees_nothing_that_was_not_posted_yet(self, books):
        seller = seller_with_line()
        loan = seller.borrow(6_000_000)
        # The first day is still open, so its interest is not posted, although the segment earns it.
        assert of_loan(loan).sheets[0].closing[1] == 0
        seller.close_through(FIRST_DAY)
        assert of_loan(loan).sheets[0].closing[1] == round(72_000 / 31)
        assert_books_hold()

    def test_is_a_month_up_to_the_open_day_unless_others_are_named(self, books):
        _, loan, _ = short_life()
        period = period_asked(identifier=loan, first=None, last=None)
        assert period.end - timedelta(days=1) == open_date_of(loan)
        assert (period.end - period.start).days == 31
        assert_books_hold()

    @pytest.mark.parametrize(
        ("first", "last"), [(date(2024, 2, 1), date(2024, 1, 31)), (date(2010, 1, 1), date(2024, 1, 1))]
    )
    def test_that_is_none_is_refused(self, books, first, last):
        seller = seller_with_line()
        with pytest.raises(StatementPeriodInvalid):
            period_asked(identifier=seller.accounts[0], first=first, last=last)
        assert_books_hold()

    def test_with_too_many_movements_is_refused(self, books, monkeypatch):
        _, loan, _ = short_life()
        monkeypatch.setattr(journal_lines, "LINES_MAX", 1)
        with pytest.raises(StatementTooLong):
            of_loan(loan)
        assert_books_hold()


class TestCurrencies:
    def test_are_never_added_together(self, books):
        seller = seller_with_line(currency="USD", reference="E-USD")
        seller.borrow(1_000_000)
        seller.receive(50_000)
        totals = of_entity(seller.entity_id).totals()
        assert [(total.kind, total.currency) for total in totals] == [
            ("settlement_account", "USD"),
            ("loan", "USD"),
        ]
        assert_books_hold()


class TestWhatWasKnown:
    def test_stays_known_byte_for_byte_whatever_comes_later(self, books):
        """After each step of a life its statements are kept, and at the end asked for again."""
        seller = seller_with_line()
        loan = seller.borrow(6_000_000)
        subjects = ((of_loan, loan), (of_account, seller.accounts[0]), (of_entity, seller.entity_id))
        kept = []
        for step in self._steps(seller, loan):
            step()
            for ask, key in subjects:
                told = ask(key)
                kept.append((ask, key, told.known_at, in_every_form(told)))
        assert len({forms for *_, forms in kept}) == len(kept)
        for ask, key, moment, forms in kept:
            assert in_every_form(ask(key, moment=moment)) == forms
        assert_books_hold()

    def _steps(self, seller, loan):
        return (
            lambda: seller.close_through(FIRST_DAY),
            lambda: seller.receive(2_500_000),
            lambda: seller.close_through(date(2024, 2, 5)),
            lambda: seller.repay(loan, 400_000, kind="prepayment").value(),
            lambda: seller.close_through(date(2024, 3, 20)),
            lambda: seller.receive(100_000),
            lambda: seller.repay(loan, 50_000).value(),
            lambda: seller.close_through(date(2024, 4, 10)),
        )

    def test_between_two_facts_is_what_was_known_after_the_first(self, books):
        seller, loan, _ = short_life()
        before = of_loan(loan)
        later = before.known_at + timedelta(microseconds=1)
        seller.repay(loan, 100_000, kind="prepayment").value()
        assert of_loan(loan, moment=later).sheets == before.sheets
        assert of_loan(loan).sheets != before.sheets
        assert_books_hold()

    def test_before_everything_was_nothing(self, books):
        seller, loan, _ = short_life()
        moment = of_loan(loan).known_at - timedelta(days=1)
        assert of_loan(loan, moment=moment).sheets[0].is_empty
        assert of_entity(seller.entity_id, moment=moment).sheets == ()
        assert_books_hold()

    def test_at_a_moment_to_come_is_refused(self, books):
        seller, loan, _ = short_life()
        tomorrow = of_loan(loan).known_at + timedelta(days=1)
        for ask, key in ((of_loan, loan), (of_account, seller.accounts[0]), (of_entity, seller.entity_id)):
            with pytest.raises(KnownAtInFuture) as refused:
                ask(key, moment=tomorrow)
            assert refused.value.field == "known_at"
        assert_books_hold()


class TestAScope:
    def test_hides_the_statements_of_others(self, books):
        seller, loan, _ = troubled_life()
        other = Scope(seller_with_line(reference="E-2").entity_id)
        period = Period(BEFORE, LONG_AFTER)
        with pytest.raises(NotFound):
            loan_statement(scope=other, loan_id=loan, period=period)
        with pytest.raises(NotFound):
            account_statement(scope=other, account_id=seller.accounts[0], period=period)
        assert entity_statement(scope=other, entity_id=seller.entity_id, period=period).sheets == ()
        assert_books_hold()


class TestMoneyThatPassesThrough:
    def test_comes_before_it_goes_when_both_are_one_commit(self, books):
        seller, _, _ = troubled_life()
        balances = [balance for _, balance in of_account(seller.accounts[0]).sheets[0].with_balances()]
        assert min(balances) == 0
        give(
            RecordReceipt(
                account_id=seller.accounts[0], amount_minor=5, currency="CNY", channel="x", reference="y"
            )
        ).value()
        assert sum(of_account(seller.accounts[0]).sheets[0].closing) == 5
        assert_books_hold()
