"""Loans that nobody pays: interest that is no income from day 91 on, charge-off, recovery, the end.

Method: the day close alone brings the loan there; decisions are commands. Every balance is asked of the
journal, and the books are proved whole.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from ledger.domain.loan_record import FactKind
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.standings import balances_of, lines_of

AMOUNT = 1_200_000
DAY = timedelta(days=1)


def unpaid(days_past_due):
    """Return a seller and a draw of 30 days that has been past due for so many days."""
    seller = seller_with_line()
    loan = seller.borrow(AMOUNT, product="revolving-daily", term=30)
    due_on = one("SELECT due_on FROM instalment")
    seller.close_through(due_on + (days_past_due - 1) * DAY)
    return seller, loan


def entry_on(loan, day):
    """Return what was posted of a loan on a day by account and side."""
    return {(line[4], line[5]): line[6] for line in lines_of(loan) if line[3] == day}


def accrued(loan, day):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, amount_minor FROM accrual_row WHERE loan_id = %s AND business_date = %s",
            (loan, day),
        )
        return dict(cursor.fetchall())


class TestTheNinetyFirstDay:
    def test_takes_back_what_was_income_and_keeps_it_in_the_memo(self, books):
        seller, loan = unpaid(90)
        income = balances_of(loan)
        assert one("SELECT non_accrual_since FROM loan") is None
        assert set(accrued(loan, seller.today() - DAY)) == {"penalty", "compound"}
        seller.close_through(seller.today())
        today = seller.today()
        assert one("SELECT non_accrual_since FROM loan") == today
        last = accrued(loan, today - DAY)
        interest, penalty = -income["6011"], -income["6012"] + sum(last.values())
        assert entry_on(loan, today) == {
            ("6011", "D"): interest,
            ("6012", "D"): penalty,
            ("1321", "C"): interest,
            ("1322", "C"): penalty,
            ("9002", "D"): interest + penalty,
            ("9099", "C"): interest + penalty,
        }
        assert balances_of(loan) == {
            "1002": -AMOUNT,
            "1301": AMOUNT,
            "9002": interest + penalty,
        }
        assert_books_hold()

    def test_is_followed_by_accruals_in_the_memo_only(self, books):
        seller, loan = unpaid(91)
        memo = balances_of(loan)["9002"]
        income = one("SELECT sum(amount_minor) FROM journal_line WHERE account IN ('6011', '6012')")
        seller.close_through(seller.today() + DAY)
        days = [accrued(loan, seller.today() - back * DAY) for back in (2, 1)]
        assert {kind for day in days for kind in day} == {"memo_penalty", "memo_compound"}
        assert balances_of(loan)["9002"] == memo + sum(sum(day.values()) for day in days)
        assert (
            one("SELECT sum(amount_minor) FROM journal_line WHERE account IN ('6011', '6012')") == income
        ), "income was posted of interest that is none"
        assert_books_hold()

    def test_is_no_more_once_a_late_payment_shows_that_there_were_no_arrears(self, books):
        seller, loan = unpaid(92)
        due_on = one("SELECT due_on FROM instalment")
        seller.receive(2 * AMOUNT)
        paid = seller.repay(loan, kind="payoff", value_date=due_on).value()
        assert paid["applied_minor"] == AMOUNT + round(AMOUNT * 0.144 * 30 / 360)
        assert one("SELECT status FROM loan") == "settled"
        assert one("SELECT non_accrual_since FROM loan") is None
        assert balances_of(loan) == {"1002": -AMOUNT, "2101": AMOUNT + 14_400, "6011": -14_400}
        assert_books_hold()


class TestALoanOffTheBooks:
    def test_is_a_loss_and_a_claim(self, books):
        seller, loan = unpaid(100)
        memo = balances_of(loan)["9002"]
        seller.tell(loan, FactKind.CHARGED_OFF, reason="nobody answers")
        assert one("SELECT status FROM loan") == "charged_off"
        held = balances_of(loan)
        assert (held.get("1301", 0), held.get("9002", 0)) == (0, 0)
        assert (held["6702"], held["9003"]) == (AMOUNT, AMOUNT + memo)
        assert allowance(loan) == (AMOUNT, AMOUNT)
        seller.close_through(seller.today())
        assert set(accrued(loan, seller.today() - DAY)) == {"off_books_penalty", "off_books_compound"}
        assert balances_of(loan)["9003"] > AMOUNT + memo
        assert_books_hold()

    def test_is_recovered_in_part_and_then_given_up(self, books):
        seller, loan = unpaid(100)
        seller.tell(loan, FactKind.CHARGED_OFF)
        # Money of the day itself comes before the decision and makes the loss smaller.
        seller.close_through(seller.today())
        claim = balances_of(loan)["9003"]
        seller.receive(500_000)
        seller.tell(loan, FactKind.RECOVERED, amount_minor=500_000, source_account_id=seller.accounts[0])
        assert seller.balance() == 0
        held = balances_of(loan)
        assert (held["6051"], held["9003"], held["6702"]) == (-500_000, claim - 500_000, AMOUNT)
        assert one("SELECT kind FROM repayment") == "recovered"
        # Beyond 90 days past due, principal comes first.
        assert one("SELECT principal_minor FROM repayment") == 500_000
        seller.tell(loan, FactKind.WRITTEN_OFF, reason="the shop is gone")
        assert one("SELECT status FROM loan") == "written_off"
        assert "9003" not in balances_of(loan)
        seller.close_through(seller.today() + DAY)
        assert accrued(loan, seller.today() - DAY) == {}
        assert one("SELECT count(*) FROM loan WHERE wakes_on IS NOT NULL") == 0
        assert_books_hold()

    def test_that_was_taken_off_by_mistake_is_back_as_if_it_had_stayed(self, books):
        seller, loan = unpaid(100)
        before = balances_of(loan)
        mistake = seller.tell(loan, FactKind.CHARGED_OFF)
        seller.tell(loan, FactKind.CHARGE_OFF_UNDONE, of=mistake, reason="another loan was meant")
        assert balances_of(loan) == before
        assert one("SELECT status FROM loan") == "overdue"
        assert_books_hold()

    def test_that_receives_money_on_its_last_day_on_the_books_loses_only_the_rest(self, books):
        seller, loan = unpaid(100)
        memo = balances_of(loan)["9002"]
        seller.tell(loan, FactKind.CHARGED_OFF)
        seller.receive(500_000)
        seller.tell(loan, FactKind.RECOVERED, amount_minor=500_000, source_account_id=seller.accounts[0])
        held = balances_of(loan)
        assert held["9003"] == AMOUNT + memo - 500_000
        assert held["6702"] < AMOUNT
        assert "6051" not in held
        assert_books_hold()

    @pytest.mark.parametrize("kind", [FactKind.WRITTEN_OFF, FactKind.SETTLED_AT_DISCOUNT])
    def test_that_is_given_up_while_interest_is_income_loses_that_too(self, books, kind):
        seller, loan = unpaid(10)
        claim = sum(balances_of(loan).get(account, 0) for account in ("1301", "1321", "1322"))
        seller.tell(loan, kind)
        held = balances_of(loan)
        assert held["6702"] == claim > AMOUNT
        assert not {"1301", "1321", "1322"} & set(held)
        assert one("SELECT outstanding_minor FROM loan") == one("SELECT drawn_minor FROM credit_line") == 0
        assert_books_hold()


def allowance(loan):
    """Return what was taken to the allowance for a loan and from it."""
    return tuple(
        one(
            "SELECT sum(amount_minor) FROM journal_line WHERE loan_id = %s AND account = '1391' AND side = %s",
            loan,
            side,
        )
        for side in ("C", "D")
    )


def test_the_last_cent_of_a_day_is_dated(books):
    """What the close of the 90th day accrues belongs to that day; the entry of day 91 takes it back."""
    seller, loan = unpaid(91)
    assert entry_on(loan, seller.today())[("6012", "D")] == one(
        "SELECT sum(amount_minor) FROM accrual_row WHERE loan_id = %s AND kind IN ('penalty', 'compound')",
        loan,
    ) + caught_up(loan, before=seller.today())
    assert_books_hold()


def caught_up(loan, *, before):
    """Return the penalty that was posted when it began."""
    return sum(
        line[6] for line in lines_of(loan) if line[4] == "6012" and line[5] == "C" and line[3] < before
    )
