"""The accounts tie to loans, settlement accounts, accrual rows and lines, and a break names whose it is."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.account_balances import trial_balance
from ledger.book_moment import BookMoment
from ledger.tie_out import tie_out
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life, troubled_life
from tests.builders.sellers import one, seller_with_line


@pytest.fixture
def altered():
    """Let a test damage a table, and take it back."""

    def alter(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT sound")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql)
            assert cursor.rowcount > 0, "the damage met nothing"

    yield alter
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO sound")
    assert_books_hold()


class TestTheTieOut:
    def test_holds_for_every_account_of_a_life_with_arrears(self, books):
        troubled_life()
        rows = tie_out()
        assert [row for row in rows if not row.ties] == []
        assert {"1301", "1321", "1322", "2101", "9001"} == {row.account for row in rows}
        assert_books_hold()

    def test_compares_what_the_trial_balance_says(self, books):
        short_life()
        balances = {row.account: abs(row.balance_minor) for row in trial_balance(moment=BookMoment())}
        for row in tie_out():
            if "settled" not in row.what:
                assert row.ledger_minor == row.sub_ledger_minor == balances[row.account]
        assert_books_hold()

    def test_keeps_currencies_apart(self, books):
        short_life()
        seller = seller_with_line(reference="E-2", currency="USD")
        seller.borrow(100_000)
        principal = {row.currency: row.ledger_minor for row in tie_out(account="1301")}
        assert set(principal) == {"CNY", "USD"}
        assert principal["USD"] == 100_000
        assert_books_hold()

    def test_of_empty_books_has_nothing_to_compare(self, books):
        assert tie_out() == []


DAMAGES = {
    "1301": ("UPDATE loan SET outstanding_minor = outstanding_minor - 7 WHERE product_code = 'revolving-daily'",
             "SELECT id::text FROM loan WHERE product_code = 'revolving-daily'", 7),
    "2101": ("UPDATE settlement_account SET balance_minor = balance_minor + 9 WHERE balance_minor > 0",
             "SELECT id::text FROM settlement_account WHERE balance_minor > 0", -9),
    "1321": ("UPDATE accrual_row SET amount_minor = amount_minor + 3 WHERE ctid = (SELECT min(ctid) FROM accrual_row)",
             "SELECT 'run of shard ' || shard || ' on ' || min(business_date) FROM accrual_row GROUP BY shard", -3),
    "9001": ("UPDATE credit_line SET drawn_minor = drawn_minor + 1", "SELECT entity_id::text FROM credit_line", 1),
}  # fmt: skip


class TestABreak:
    @pytest.mark.parametrize("account", sorted(DAMAGES))
    def test_is_found_on_its_account_and_names_the_owner(self, books, altered, account):
        short_life()
        sql, owner, difference = DAMAGES[account]
        expected = one(owner)
        altered(sql)
        broken = [row for row in tie_out() if not row.ties]
        assert [(row.account, row.difference_minor) for row in broken] == [(account, difference)]
        (found,) = broken[0].differences
        assert found.owner == expected
        assert found.ledger_minor - found.sub_ledger_minor == difference

    def test_is_found_between_two_loans_whose_sums_agree(self, books, altered):
        short_life()
        altered(
            "UPDATE loan SET outstanding_minor = outstanding_minor"
            " + CASE product_code WHEN 'revolving-daily' THEN 5 ELSE -5 END"
        )
        (row,) = [row for row in tie_out() if not row.ties]
        assert (row.account, row.difference_minor, len(row.differences)) == ("1301", 0, 2)

    def test_is_found_where_a_settled_loan_is_still_owed_interest(self, books, altered):
        seller = seller_with_line()
        loan = seller.borrow(100_000, product="revolving-daily", term=30)
        seller.receive(200_000)
        seller.close_through(date(2024, 1, 5))
        seller.repay(loan, kind="payoff").value()
        assert all(row.ties for row in tie_out())
        altered("UPDATE accrual_row SET amount_minor = amount_minor + 1 WHERE business_date = '2024-01-03'")
        found = [row for row in tie_out() if not row.ties and "settled" in row.what]
        assert [difference.owner for row in found for difference in row.differences] == [f"loan {loan}"]

    def test_ends_the_command_with_its_name(self, books, altered, capsys):
        short_life()
        call_command("tie_out")
        assert "all of them tie" in capsys.readouterr().out
        altered(DAMAGES["1301"][0])
        with pytest.raises(CommandError, match="1 of"):
            call_command("tie_out", "--account", "1301")
        assert "DIFFERS: outstanding principal of loans" in capsys.readouterr().out
