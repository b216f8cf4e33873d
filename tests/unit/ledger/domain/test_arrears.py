"""Arrears: what the facts about a late row say when something of it is not charged."""

from __future__ import annotations

from datetime import timedelta

from ledger.domain.arrears import arrears_drafts
from ledger.domain.loan_events import LoanOverdue, LoanPenaltyStarted
from tests.unit.ledger.builders import disbursed_loan, repay

GRACE_DAYS = 3


def drafts(loan, *, days):
    """Return the facts of the first row by their class, some days after it fell due."""
    due_on = loan.state.rows[0].plan.due_on
    return dict(arrears_drafts(loan.state, on=due_on + timedelta(days=days)))


class TestArrears:
    def test_are_nothing_on_the_due_date(self):
        assert drafts(disbursed_loan(), days=0) == {}

    def test_are_overdue_on_the_day_after_and_cost_nothing_within_the_grace_days(self):
        found = drafts(disbursed_loan(), days=GRACE_DAYS)
        assert list(found) == [LoanOverdue]
        assert found[LoanOverdue]["days_past_due"] == GRACE_DAYS

    def test_catch_up_on_no_compound_interest_where_none_is_charged(self):
        started = drafts(disbursed_loan(compound=False), days=GRACE_DAYS + 1)[LoanPenaltyStarted]
        assert started["compound_catch_up_minor"] == 0
        # 8,147.79 at 16.2% for 4 days of 360.
        assert started["penalty_catch_up_minor"] == 1_467

    def test_count_from_what_is_left_after_a_part_was_paid(self):
        loan = disbursed_loan()
        due_on = loan.state.rows[0].plan.due_on
        repay(loan, due_on, amount_minor=50_000)
        started = drafts(loan, days=GRACE_DAYS + 1)[LoanPenaltyStarted]
        assert (started["principal_minor"], started["interest_minor"]) == (814_779 - 5_000, 0)
        assert started["compound_catch_up_minor"] == 0

    def test_start_no_penalty_where_the_contract_has_none(self):
        assert list(drafts(disbursed_loan(penalty_rate_e8=0), days=GRACE_DAYS + 1)) == [LoanOverdue]
