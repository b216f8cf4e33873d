"""Payoff quotes: interest of the running period, what the books show of it, and nothing after maturity."""

from __future__ import annotations

from datetime import timedelta

from ledger.domain.payoff import BrokenInterest, broken_interest, payoff_quote
from tests.unit.ledger.builders import START, disbursed_loan, revolving_loan


class TestInterestSoFar:
    def test_of_a_revolving_draw_is_what_the_books_show(self):
        # 8,000.00 at 14.4% for 10 days of 360.
        found = broken_interest(revolving_loan().state, on=START + timedelta(days=10))
        assert found == BrokenInterest(number=1, interest_minor=3_200, adjustment_minor=0)

    def test_of_instalments_is_by_actual_days_and_names_the_difference_to_the_books(self):
        # 50,000.00 at 10.8% for 10 days of 360; the books show 10 of the 31 days of 450.00.
        found = broken_interest(disbursed_loan().state, on=START + timedelta(days=10))
        assert found == BrokenInterest(number=1, interest_minor=15_000, adjustment_minor=15_000 - 14_516)

    def test_is_none_when_no_due_date_is_ahead(self):
        state = disbursed_loan().state
        on = state.rows[-1].plan.due_on
        assert broken_interest(state, on=on) is None
        quote = payoff_quote(state, on=on)
        assert (quote.broken_interest_minor, quote.principal_to_come_minor) == (0, 0)
        assert quote.total_minor == quote.due.total_minor
