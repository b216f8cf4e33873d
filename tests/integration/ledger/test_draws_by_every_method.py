"""Loans of every shipped product through the commands, day by day, until nothing is owed.

Method: each product is drawn on a line and paid out by the sandbox bank; days are closed as they come, so the
plan, the accruals, the automatic debit and the arrears are those of the product. The books are proved whole.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.loan_account import LoanAccount
from ledger.domain.plans.choices import Batch
from ledger.eventstore.unit_of_work import replay
from ledger.kernel.money import split_minor_units
from ledger.policies.product_catalogue import CATALOGUE
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line

AMOUNT = 1_200_000
DAY = timedelta(days=1)
PRODUCTS = [product for product in CATALOGUE if product.conventions() is not None]
# Which of them plan the rest again after a part was repaid early.
PLANNED_AGAIN = [
    product for product in PRODUCTS if product.early.modes and not product.repayment.is_revolving
]


def code_of(product):
    return product.code


def draw(seller, product, *, term=None):
    """Draw on a product and have the bank pay; batches, where they are agreed, lie three weeks apart."""
    term, batches = term or product.offer.terms[0], ()
    if product.method == "custom":
        parts = split_minor_units(AMOUNT, ratios=(1,) * term)
        batches = tuple(
            Batch(seller.today() + 21 * DAY * number, part) for number, part in enumerate(parts, 1)
        )
    return seller.borrow(AMOUNT, product=product.code, term=term, batches=batches)


def loan_of(loan_id):
    return replay(LoanAccount, loan_id)


def state_of(loan_id):
    return loan_of(loan_id).state


def plan_of(loan_id):
    """Return the rows of a loan in the order of their due dates."""
    return sorted(state_of(loan_id).rows.values(), key=lambda row: row.due_on)


def open_principal(row):
    return row.asked.principal_minor - row.paid.principal_minor - row.waived.principal_minor


def earned(loan_id):
    """Return the interest that the day closes and adjustments booked for a loan."""
    rows = one(
        "SELECT coalesce(sum(amount_minor), 0) FROM accrual_row WHERE loan_id = %s AND kind = 'interest'",
        loan_id,
    )
    return rows + one(
        "SELECT coalesce(sum((moved->>'amount_minor')::bigint), 0)"
        " FROM es_event, jsonb_array_elements(state->'adjustments') moved"
        " WHERE originator_id = %s AND moved->>'component' = 'interest_income'",
        loan_id,
    )


@pytest.mark.parametrize("product", PRODUCTS, ids=code_of)
class TestALoanOfEveryProduct:
    def test_that_is_debited_when_due_pays_its_plan_and_settles(self, books, product):
        seller = seller_with_line()
        seller.receive(2 * AMOUNT)
        loan_id = draw(seller, product)
        planned = plan_of(loan_id)
        seller.close_through(planned[-1].due_on)
        assert state_of(loan_id).status == "settled"
        assert one("SELECT sum(amount_minor) FROM repayment WHERE loan_id = %s", loan_id) == sum(
            row.asked.total_minor for row in planned
        )
        assert earned(loan_id) == sum(row.asked.interest_minor for row in planned)
        assert one("SELECT drawn_minor FROM credit_line") == 0
        assert_books_hold()

    def test_that_nobody_pays_is_overdue_and_settles_with_its_penalty(self, books, product):
        seller = seller_with_line()
        loan_id = draw(seller, product)
        due_on = next(row.due_on for row in plan_of(loan_id) if row.asked.total_minor)
        seller.close_through(due_on + 12 * DAY)
        loan = loan_of(loan_id)
        assert loan.state.status == "overdue"
        assert loan.days_past_due(seller.today()) == 13
        owed = loan.owed(seller.today())
        assert owed.penalty_minor > 0 or owed.compound_minor > 0
        seller.receive(2 * AMOUNT)
        seller.repay(loan_id, kind="payoff").value()
        assert state_of(loan_id).status == "settled"
        assert_books_hold()

    def test_that_is_paid_off_early_costs_the_days_it_was_out(self, books, product):
        seller = seller_with_line()
        loan_id = draw(seller, product)
        seller.receive(2 * AMOUNT)
        seller.close_through(seller.today() + 9 * DAY)
        paid = seller.repay(loan_id, kind="payoff").value()
        terms = state_of(loan_id).contract
        # 10 days of simple interest on the whole amount, by the day base of the contract.
        interest = round(AMOUNT * terms.annual_rate_e8 * 10 / terms.day_base / 10**8)
        assert paid["applied_minor"] == AMOUNT + interest
        assert earned(loan_id) == interest
        assert_books_hold()


@pytest.mark.parametrize("product", PLANNED_AGAIN, ids=code_of)
def test_a_partial_prepayment_leaves_a_new_version_that_settles(books, product):
    seller = seller_with_line()
    seller.receive(3 * AMOUNT)
    loan_id = draw(seller, product)
    grace = product.repayment.grace_rows
    started = plan_of(loan_id)[grace].starts_on
    seller.close_through(started + 4 * DAY)
    answer = seller.repay(loan_id, AMOUNT // 2, kind="prepayment").value()
    assert answer["applied_minor"] == AMOUNT // 2
    after = state_of(loan_id)
    assert after.standing.schedule_version == 2
    assert sum(map(open_principal, after.rows.values())) == after.standing.outstanding_minor > 0
    seller.close_through(plan_of(loan_id)[-1].due_on - 30 * DAY)
    seller.repay(loan_id, kind="payoff").value()
    assert state_of(loan_id).status == "settled"
    assert_books_hold()


@pytest.mark.parametrize("code", ["agreed-batches", "season-start"])
def test_a_plan_that_is_not_made_again_takes_only_the_whole_ahead_of_time(books, code):
    """Batches are agreed, and nothing is planned again while the grace period runs."""
    seller = seller_with_line()
    seller.receive(2 * AMOUNT)
    loan_id = draw(seller, next(product for product in PRODUCTS if product.code == code))
    version = replay(LoanAccount, loan_id).version
    refusal = seller.repay(loan_id, AMOUNT // 2, kind="prepayment").refusal
    assert (refusal.code, refusal.field) == ("LEDGER_PREPAYMENT_NOT_OFFERED", "mode")
    assert replay(LoanAccount, loan_id).version == version
    assert_books_hold()


def test_interest_is_settled_with_the_principal_it_was_earned_on(books):
    """40,000.00 at 15% over 360 days: 15,000.00 after 12 days bears 75.00, the rest after 32 days 333.33."""
    seller = seller_with_line()
    seller.receive(5_000_000)
    loan_id = seller.borrow(4_000_000, product="revolving-settled", term=60)
    seller.close_through(seller.today() + 11 * DAY)
    (part,) = seller.repay(loan_id, 1_507_500).value()["parts"]
    assert (part["interest_minor"], part["principal_minor"]) == (7_500, 1_500_000)
    seller.close_through(seller.today() + 19 * DAY)
    (part,) = seller.repay(loan_id, kind="payoff").value()["parts"]
    assert (part["interest_minor"], part["principal_minor"]) == (33_333, 2_500_000)
    assert_books_hold()


def test_one_line_carries_three_live_loans_of_three_methods(books):
    seller = seller_with_line()
    limit = one("SELECT limit_minor FROM credit_line")
    for code in ("equal-principal", "bullet", "revolving-settled"):
        draw(seller, next(product for product in PRODUCTS if product.code == code))
    assert one("SELECT count(DISTINCT method) FROM loan WHERE status = 'active'") == 3
    assert one("SELECT sum(outstanding_minor) FROM loan") == 3 * AMOUNT <= limit
    assert (
        seller.draw(limit - 3 * AMOUNT + 100_000, product="bullet", term=1).refusal.code
        == "LENDING_LIMIT_EXCEEDED"
    )
    assert_books_hold()


class TestBatches:
    def proposed(self, seller, *parts):
        return tuple(Batch(seller.today() + timedelta(days=days), amount) for days, amount in parts)

    @pytest.mark.parametrize(
        ("product", "term", "parts"),
        [
            ("bullet", 1, ((30, AMOUNT),)),  # another method
            ("agreed-batches", 2, ()),  # missing
            ("agreed-batches", 3, ((20, AMOUNT // 2), (40, AMOUNT // 2))),  # fewer than the term says
            ("agreed-batches", 2, ((3, AMOUNT // 2), (40, AMOUNT // 2))),  # too soon
            ("agreed-batches", 2, ((40, AMOUNT // 2), (20, AMOUNT // 2))),  # falling dates
            ("agreed-batches", 2, ((20, AMOUNT // 2), (400, AMOUNT // 2))),  # too late
            ("agreed-batches", 2, ((20, AMOUNT // 2), (40, AMOUNT // 2 + 1))),  # more than the amount
            ("agreed-batches", 2, ((20, AMOUNT), (40, 0))),  # a batch of nothing
        ],
    )
    def test_outside_the_product_are_refused_and_nothing_is_reserved(self, books, product, term, parts):
        seller = seller_with_line()
        asked = self.proposed(seller, *parts)
        outcome = seller.draw(AMOUNT, product=product, term=term, batches=asked)
        assert outcome.refusal.code == "LEDGER_BATCHES_NOT_OFFERED"
        assert outcome.refusal.field == "batches"
        assert one("SELECT reserved_minor FROM credit_line") == 0
        assert one("SELECT count(*) FROM loan") == 0

    def test_fall_due_as_agreed_with_interest_on_what_is_out(self, books):
        seller = seller_with_line()
        asked = self.proposed(seller, (15, 500_000), (86, 700_000))
        loan_id = seller.borrow(AMOUNT, product="agreed-batches", term=2, batches=asked)
        rows = plan_of(loan_id)
        assert [(row.due_on, row.asked.principal_minor) for row in rows] == [
            (b.on, b.principal_minor) for b in asked
        ]
        # 12,000.00 for 15 days, then 7,000.00 for 71 days at 13.8% over 360.
        assert [row.asked.interest_minor for row in rows] == [6_900, 19_052]


def test_a_product_without_rows_to_pay_in_its_grace_is_due_after_it(books):
    seller = seller_with_line()
    product = next(product for product in PRODUCTS if product.code == "season-start")
    loan_id = draw(seller, product)
    rows = plan_of(loan_id)
    assert [row.asked.total_minor == 0 for row in rows[:3]] == [True, True, False]
    assert rows[2].asked.principal_minor == 0
    assert one("SELECT next_due_on FROM loan") == rows[2].due_on
    assert isinstance(rows[2].due_on, date)
