"""Every balance is explained: the postings that are listed sum to it, and each says what it comes from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from ledger.account_balances import trial_balance
from ledger.account_postings import Question, account_statement, read_cursor
from ledger.book_moment import BookMoment, DateKind
from ledger.domain.chart_of_accounts import CHART
from ledger.models import Loan
from ledger.policies import account_mapping
from ledger.policies.account_mapping import AccountMapping, accounts_of
from ledger.tie_out import tie_out
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life, troubled_life
from tests.builders.sellers import one

ALL = 10_000


def postings(account, moment=BookMoment(), **owner):  # noqa: B008 - the moment is frozen
    return account_statement(Question(account=account, moment=moment, **owner), limit=ALL)


def summed(found):
    sums = {}
    for posting in found.postings:
        sums[posting.currency] = sums.get(posting.currency, 0) + posting.signed_minor
        assert posting.balance_minor == sums[posting.currency]
    return sums


def moments():
    middle = one("SELECT recorded_at FROM es_event ORDER BY recorded_at OFFSET 30 LIMIT 1")
    days = (None, date(2024, 1, 2), date(2024, 1, 5))
    return [BookMoment(day, known, by) for day in days for known in (None, middle) for by in DateKind]


class TestTheListedPostings:
    def test_sum_to_the_balance_of_every_account_at_every_moment(self, books):
        short_life()
        for moment in moments():
            balances = {
                (row.account, row.currency): row.balance_minor for row in trial_balance(moment=moment)
            }
            assert balances
            for account in CHART:
                found = postings(account, moment)
                expected = {
                    currency: minor for (code, currency), minor in balances.items() if code == account
                }
                assert summed(found) == expected
                assert {total.currency: total.closing_minor for total in found.totals} == expected
        assert_books_hold()

    def test_of_a_loan_sum_to_what_the_loan_owes_with_its_accrual_rows_in_place_of_the_sums(self, books):
        troubled_life()
        for loan in Loan.objects.all():
            assert summed(postings("1301", loan_id=loan.id)).get("CNY", 0) == loan.outstanding_minor
        for account in ("1321", "1322", "6011", "6012"):
            whole = summed(postings(account))
            parts = [summed(postings(account, loan_id=loan.id)).get("CNY", 0) for loan in Loan.objects.all()]
            assert sum(parts) == whole["CNY"] != 0
            of_entity = summed(postings(account, entity_id=Loan.objects.first().entity_id))
            assert of_entity == whole
        assert_books_hold()

    def test_of_a_settlement_account_sum_to_its_balance(self, books):
        seller, *_ = troubled_life()
        for number, account_id in enumerate(seller.accounts):
            assert -summed(postings("2101", settlement_account_id=account_id)).get(
                "CNY", 0
            ) == seller.balance(number)
        assert_books_hold()

    def test_of_all_products_sum_to_the_account(self, books):
        short_life()
        for account in ("1301", "1321", "6011"):
            parts = [
                summed(postings(account, product_code=code))
                for code in ("instalment-monthly", "revolving-daily")
            ]
            assert all(parts)
            assert sum(part["CNY"] for part in parts) == summed(postings(account))["CNY"]
        assert_books_hold()


class TestAPosting:
    def test_says_which_fact_command_and_person_it_comes_from_and_on_which_terms(self, books):
        _, instalment, _ = short_life()
        first, *_ = postings("1301", loan_id=instalment).postings
        assert (first.topic, first.command, first.actor) == (
            "loan.disbursed",
            "confirm_payout",
            "system:payouts",
        )
        assert first.command_key == f"payout:{instalment}:paid"
        assert (first.posting_date, first.value_date) == (date(2024, 1, 2), date(2024, 1, 2))
        assert (first.product_code, first.product_version, first.originator_id) == (
            "instalment-monthly",
            1,
            instalment,
        )
        with connection.cursor() as cursor:
            for posting in postings("1301").postings:
                cursor.execute(
                    "SELECT topic, meta->>'command', meta->>'actor', meta->>'key', recorded_at FROM es_event"
                    " WHERE shard = %s AND pos = %s",
                    (posting.shard, posting.pos),
                )
                said = (
                    posting.topic,
                    posting.command,
                    posting.actor,
                    posting.command_key,
                    posting.recorded_at,
                )
                assert cursor.fetchone() == said
        assert_books_hold()


class TestAStatement:
    def test_of_a_period_opens_with_what_came_before(self, books):
        short_life()
        start = date(2024, 1, 5)
        whole = postings("2101")
        part = postings("2101", start=start)
        (total,) = part.totals
        before = [posting for posting in whole.postings if posting.posting_date < start]
        assert total.opening_minor == before[-1].balance_minor
        assert part.postings == whole.postings[len(before) :]
        assert total.opening_minor + total.debit_minor - total.credit_minor == whole.totals[0].closing_minor
        assert_books_hold()

    def test_is_the_same_page_by_page(self, books):
        short_life()
        question = Question(account="2101", moment=BookMoment(None, None, DateKind.VALUE))
        found, after = [], None
        while True:
            page = account_statement(question, limit=2, after=after)
            found.extend(page.postings)
            if not page.more:
                break
            after = read_cursor(page.postings[-1].cursor)
        assert tuple(found) == account_statement(question, limit=ALL).postings
        assert len(found) > 5
        assert_books_hold()

    @pytest.mark.parametrize(
        "values",
        [
            [],
            ["x"] * 5,
            ["2024-01-02", 256, 1, 1, ""],
            ["2024-01-02", 1, 1, -1, ""],
            ["2024-01-02", 1, "y", 1, ""],
        ],
    )
    def test_has_no_page_after_a_place_that_cannot_be(self, values):
        with pytest.raises(ValueError):
            read_cursor(values)


class TestAProductOnSubAccounts:
    @pytest.fixture(autouse=True)
    def mapped(self, monkeypatch):
        rows = [
            AccountMapping("revolving-daily", role, account)
            for role, account in (
                ("loan_principal", "1301.10"),
                ("interest_receivable", "1321.10"),
                ("penalty_receivable", "1322.10"),
                ("interest_income", "6011.10"),
            )
        ]
        monkeypatch.setattr(account_mapping, "_ACCOUNTS", accounts_of(rows))

    def test_is_booked_there_summed_into_the_accounts_above_and_ties_out(self, books):
        _, instalment, revolving = short_life()
        rows = {row.account: row for row in trial_balance(moment=BookMoment())}
        principal = rows["1301"]
        assert {sub.account: sub.balance_minor for sub in principal.sub_accounts} == {
            "1301": Loan.objects.get(pk=instalment).outstanding_minor,
            "1301.10": Loan.objects.get(pk=revolving).outstanding_minor,
        }
        assert principal.balance_minor == sum(sub.balance_minor for sub in principal.sub_accounts)
        assert "1301.10" not in rows
        assert all(row.ties for row in tie_out())
        assert_books_hold()

    def test_is_explained_under_the_account_and_the_sub_account_alike(self, books):
        _, _, revolving = short_life()
        for top in ("1301", "1321", "6011"):
            of_loan = postings(top, loan_id=revolving)
            assert of_loan.postings
            assert postings(f"{top}.10", loan_id=revolving).postings == of_loan.postings
            assert {posting.account for posting in of_loan.postings} == {f"{top}.10"}
        assert_books_hold()

    def test_leaves_nothing_on_a_sub_account_when_the_loan_is_paid_off(self, books):
        seller, _, revolving = short_life()
        seller.receive(9_000_000).value()
        seller.close_through(seller.today() + timedelta(days=3))
        seller.repay(revolving, kind="payoff").value()
        for account in ("1301.10", "1321.10"):
            assert summed(postings(account)) == {"CNY": 0}
        assert_books_hold()
