"""Early repayments: the bounds of a prepayment, what a refusal says, and where the early part goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.early_repayment import (
    PayoffAmountDiffers,
    PrepaymentTooSmall,
    plan_payoff,
    plan_prepayment,
)
from ledger.domain.payoff import payoff_quote
from tests.unit.ledger.builders import disbursed_loan

LATE_DAYS = 11
# 11 days after the first due date of the worked loan: 41,852.21 x 10.8% x 11 / 360.
RUNNING_INTEREST_MINOR = 13_811


def late_loan():
    """Return the state of a loan with its first row unpaid, and the day 11 days after that fell due."""
    state = disbursed_loan().state
    return state, state.rows[0].plan.due_on + timedelta(days=LATE_DAYS)


def due_and_running(state, on):
    """Return what a prepayment pays before it repays principal early."""
    return payoff_quote(state, on=on).due.total_minor + RUNNING_INTEREST_MINOR


class TestAPayoff:
    def test_of_another_amount_says_the_day_and_the_quote(self):
        state, on = late_loan()
        quote = payoff_quote(state, on=on)
        with pytest.raises(PayoffAmountDiffers) as refused:
            plan_payoff(state, on=on, amount_minor=quote.total_minor - 1)
        assert refused.value.field == "amount"
        assert refused.value.details == {"on": on.isoformat(), "quote_minor": quote.total_minor}

    def test_settles_every_row_and_leaves_nothing(self):
        state, on = late_loan()
        plan = plan_payoff(state, on=on, amount_minor=None)
        assert sum(part.principal_minor for part in plan.parts) == 5_000_000
        assert plan.left_over_minor == 0

    def test_after_the_last_due_date_is_what_is_due(self):
        state = disbursed_loan().state
        on = state.rows[-1].plan.due_on + timedelta(days=1)
        plan = plan_payoff(state, on=on, amount_minor=None)
        assert sum(part.total_minor for part in plan.parts) == sum(row.plan.total_minor for row in state.rows)


class TestAPrepayment:
    def test_needs_one_minor_unit_beyond_what_is_due_and_the_interest_so_far(self):
        state, on = late_loan()
        before = due_and_running(state, on)
        with pytest.raises(PrepaymentTooSmall) as refused:
            plan_prepayment(state, on=on, amount_minor=before)
        assert (refused.value.field, refused.value.details) == ("amount", {"due_minor": before})
        plan = plan_prepayment(state, on=on, amount_minor=before + 1)
        first_row = state.rows[0].plan.principal_minor
        assert sum(part.principal_minor for part in plan.parts) == first_row + 1

    def test_goes_to_the_last_row_first(self):
        state, on = late_loan()
        before = due_and_running(state, on)
        plan = plan_prepayment(state, on=on, amount_minor=before + 852_112 + 7)
        early = {part.number: part.principal_minor for part in plan.parts if part.number > 1}
        assert {number: minor for number, minor in early.items() if minor} == {5: 7, 6: 852_112}

    def test_of_exactly_the_quote_is_a_payoff(self):
        state, on = late_loan()
        plan = plan_prepayment(state, on=on, amount_minor=payoff_quote(state, on=on).total_minor)
        assert (plan.kind, plan.left_over_minor) == ("payoff", 0)
