"""Payments: what a kind takes, what a refusal says, late value dates, and the plan after a prepayment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.loan_payments import PayoffAmountDiffers, PrepaymentTooSmall, RepaymentAmountInvalid
from ledger.domain.loan_rules import ValueDateAhead, ValueDateBeforePayout
from ledger.domain.loan_state import LoanStatus
from tests.unit.ledger.builders import (
    REVOLVING,
    START,
    disbursed_loan,
    due_on,
    payments,
    repay,
    revolving_loan,
    rows,
)

LATE_DAYS = 11
# 11 days after the first due date of the worked loan: 41,852.21 x 10.8% x 11 / 360.
RUNNING_INTEREST_MINOR = 13_811
SECOND_DUE = due_on(disbursed_loan(), 2)


def late_loan():
    """Return a loan with its first row unpaid, and the day 11 days after that fell due."""
    loan = disbursed_loan()
    return loan, due_on(loan, 1) + timedelta(days=LATE_DAYS)


def two_rows_paid(**changes):
    loan = disbursed_loan(**changes)
    for number in (1, 2):
        repay(loan, due_on(loan, number))
    return loan


def due_and_running(loan, on):
    """Return what a prepayment pays before it repays principal early."""
    return loan.payoff_quote(on).due.total_minor + RUNNING_INTEREST_MINOR


class TestAPayoff:
    def test_of_another_amount_says_the_day_and_the_quote(self):
        loan, on = late_loan()
        quote = loan.payoff_quote(on)
        with pytest.raises(PayoffAmountDiffers) as refused:
            repay(loan, on, kind="payoff", amount_minor=quote.total_minor - 1)
        assert refused.value.field == "amount"
        assert refused.value.details == {"on": on.isoformat(), "quote_minor": quote.total_minor}

    def test_settles_every_row_and_leaves_nothing(self):
        loan, on = late_loan()
        done = repay(loan, on, kind="payoff")
        assert sum(part.principal_minor for part in done.parts) == 5_000_000
        assert (done.kind, done.left_over_minor) == ("payoff", 0)

    def test_of_a_draw_is_one_as_well(self):
        assert repay(revolving_loan(), START + timedelta(days=5), kind="payoff").kind == "payoff"

    def test_after_the_last_due_date_is_what_is_due(self):
        loan = disbursed_loan(penalty_rate_e8=0)
        on = due_on(loan, 6) + timedelta(days=1)
        quote = loan.payoff_quote(on)
        assert (quote.broken_interest_minor, quote.principal_to_come_minor) == (0, 0)
        planned = sum(row.asked.total_minor for row in rows(loan))
        assert quote.total_minor == quote.due.total_minor == planned
        assert repay(loan, on, kind="payoff").applied_minor == planned

    def test_charges_interest_by_actual_days_whatever_the_books_show(self):
        """50,000.00 at 10.8% for 10 days of 360; the books show 10 of the 31 days of 450.00."""
        loan = disbursed_loan()
        assert loan.owed(START + timedelta(days=10)).interest_minor == 14_516
        assert loan.payoff_quote(START + timedelta(days=10)).broken_interest_minor == 15_000

    def test_of_a_draw_costs_what_the_books_show(self):
        """8,000.00 at 14.4% for 10 days of 360."""
        on = START + timedelta(days=10)
        quote, owed = revolving_loan().payoff_quote(on), revolving_loan().owed(on)
        assert (quote.due.interest_minor, owed.interest_minor, quote.broken_interest_minor) == (
            3_200,
            3_200,
            0,
        )


class TestAPrepayment:
    def test_needs_one_minor_unit_beyond_what_is_due_and_the_interest_so_far(self):
        loan, on = late_loan()
        before, first_row = due_and_running(loan, on), rows(loan)[0].asked.principal_minor
        with pytest.raises(PrepaymentTooSmall) as refused:
            repay(loan, on, kind="prepayment", amount_minor=before)
        assert (refused.value.field, refused.value.details) == ("amount", {"due_minor": before})
        done = repay(loan, on, kind="prepayment", amount_minor=before + 1)
        assert sum(part.principal_minor for part in done.parts) == first_row + 1

    def test_of_exactly_the_quote_is_a_payoff(self):
        loan, on = late_loan()
        done = repay(loan, on, kind="prepayment", amount_minor=loan.payoff_quote(on).total_minor)
        assert (done.kind, done.left_over_minor) == ("payoff", 0)

    def test_of_all_but_one_unit_leaves_one_unit(self):
        loan = two_rows_paid(early_fee_e8=1_000_000)
        amount = loan.payoff_quote(SECOND_DUE).total_minor - 1
        done = repay(loan, SECOND_DUE, kind="prepayment", amount_minor=amount)
        assert (done.kind, loan.state.standing.outstanding_minor) == ("prepayment", 1)
        assert done.applied_minor == amount

    def test_states_its_amount(self):
        with pytest.raises(RepaymentAmountInvalid) as refused:
            repay(two_rows_paid(), SECOND_DUE, kind="prepayment")
        assert refused.value.field == "amount"

    def test_charges_the_rest_of_a_broken_period_by_actual_days(self):
        """11 of 31 days have gone: 23,631.09 x 10.8% x 20 / 360 = 141.79."""
        loan, on = two_rows_paid(), SECOND_DUE + timedelta(days=11)
        repay(loan, on, kind="prepayment", amount_minor=11_098 + 1_000_000)
        first = rows(loan)[0]
        assert (first.starts_on, first.asked.interest_minor) == (on, 14_179)
        assert [row.due_on.day for row in rows(loan)] == [5, 5, 5]

    @pytest.mark.parametrize("left_minor", [1, 2, 3, 45])
    @pytest.mark.parametrize("mode", ["shorten_term", "reduce_instalment"])
    def test_ends_the_plan_even_when_a_few_units_are_left(self, mode, left_minor):
        loan = two_rows_paid()
        repay(loan, SECOND_DUE, kind="prepayment", mode=mode, amount_minor=3_363_109 - left_minor)
        assert sum(row.asked.principal_minor for row in rows(loan)) == left_minor
        assert all(row.asked.principal_minor >= 0 for row in rows(loan))

    def test_that_names_no_way_of_planning_again_shortens_the_term(self):
        loan = two_rows_paid(prepayment_mode="none")
        repay(loan, SECOND_DUE, kind="prepayment", amount_minor=1_000_000)
        assert [row.asked.total_minor for row in rows(loan)] == [859_779, 859_779, 684_647]


class TestALatePayment:
    """100,000.00 at 18% over 360 days from 1 February; 30,000.00 of 2 March become known after 1 April."""

    def lent(self):
        return disbursed_loan(
            terms=REVOLVING,
            principal_minor=10_000_000,
            start=date(2024, 2, 1),
            term=365,
            annual_rate_e8=18_000_000,
        )

    def test_splits_all_later_payments_again(self):
        loan = self.lent()
        repay(loan, date(2024, 4, 1), amount_minor=900_000, payment_id="april")
        assert loan.state.standing.outstanding_minor == 9_400_000
        loan.collect_events()
        repay(
            loan, date(2024, 4, 10), amount_minor=3_000_000, value_date=date(2024, 3, 2), payment_id="march"
        )
        assert loan.state.standing.outstanding_minor == 6_357_250
        given = {key: paid.shares[0].given for key, paid in payments(loan).items()}
        assert (given["march"].interest_minor, given["march"].principal_minor) == (150_000, 2_850_000)
        assert (given["april"].interest_minor, given["april"].principal_minor) == (107_250, 792_750)
        (event,) = loan.collect_events()
        assert (event.effective_date, event.value_date) == (date(2024, 4, 10), date(2024, 3, 2))
        assert {paid.id for paid in event.payments} == {"march", "april"}

    def test_is_as_if_it_had_been_known_in_time(self):
        late, punctual = self.lent(), self.lent()
        repay(late, date(2024, 4, 1), amount_minor=900_000, payment_id="april")
        repay(
            late, date(2024, 4, 10), amount_minor=3_000_000, value_date=date(2024, 3, 2), payment_id="march"
        )
        repay(punctual, date(2024, 3, 2), amount_minor=3_000_000, payment_id="march")
        repay(punctual, date(2024, 4, 1), amount_minor=900_000, payment_id="april")
        punctual.catch_up(effective_date=date(2024, 4, 10))
        assert late.position(date(2024, 4, 10)) == punctual.position(date(2024, 4, 10))
        assert (late.state.rows, late.state.payments) == (punctual.state.rows, punctual.state.payments)

    def test_lies_neither_after_the_open_date_nor_before_the_payout(self):
        loan = disbursed_loan()
        before = loan.copy().state
        for value_date, refusal in ((2, ValueDateAhead), (-1, ValueDateBeforePayout)):
            on = START + timedelta(days=value_date)
            with pytest.raises(refusal) as refused:
                repay(loan, START + timedelta(days=1), kind="payoff", value_date=on)
            assert refused.value.field == "value_date"
        assert (loan.state, list(loan.pending_events)) == (before, [])

    def test_within_the_grace_days_takes_a_penalty_back(self):
        loan, on = late_loan()
        loan.catch_up(effective_date=on)
        assert loan.state.books.penalty_income > 0
        repay(loan, on, amount_minor=859_779, value_date=due_on(loan, 1) + timedelta(days=3))
        assert (loan.state.books.penalty_income, loan.state.status) == (0, LoanStatus.ACTIVE)


class TestDebts:
    """Two rows owe penalty, compound interest, interest and principal; 2,500.00 settle the first one first."""

    def test_are_settled_row_by_row_and_within_a_row_by_the_order(self):
        loan = disbursed_loan()
        on = due_on(loan, 2) + timedelta(days=10)
        first, second = (row.unpaid for row in loan.position(on).rows[:2])
        done = repay(loan, on, amount_minor=first.total_minor + second.penalty_minor + 1)
        assert [part.total_minor for part in done.parts] == [first.total_minor, second.penalty_minor + 1]
        assert done.parts[1].compound_minor == 1
