"""What a loan refuses of a fact, each by its name and with nothing changed; and changes of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.domain.loan_record import FactKind
from ledger.domain.loan_rules import (
    ArrearsNotCleared,
    ChargebackAbovePayment,
    NonAccrualUnchanged,
    RateAboveCeiling,
    RefundAboveOverpayment,
    ValueDateAhead,
    ValueDateBeforePayout,
    WaiverAboveOwed,
)
from ledger.domain.loan_state import LoanStatus
from ledger.domain.servicing.disbursing import FactImpossible
from ledger.domain.servicing.fact_order import FactReferenceUnknown, FactRepeated, FactReversedTwice
from ledger.domain.servicing.facts import ChangeKind, OpenInterest
from tests.unit.ledger.builders import START, disbursed_loan, due_on, record, repay, revolving_loan, rows
from tests.unit.ledger.domain.test_loan_chart import PLAN
from tests.unit.refusing import refuses

PAID_ON = START + timedelta(days=2)
LATE = due_on(disbursed_loan(), 1) + timedelta(days=10)
MATURED = START + timedelta(days=30)


def loan_with_a_payment(**changes):
    """Return a loan that received 200.00 ahead of time, of which 50.00 were charged back."""
    loan = disbursed_loan(**changes)
    record(loan, FactKind.PAYMENT_RECEIVED, PAID_ON, fact_id="paid", amount_minor=20_000)
    record(loan, FactKind.CHARGEBACK, PAID_ON, fact_id="back", of="paid", amount_minor=5_000)
    record(loan, FactKind.PAYMENT_RECEIVED, PAID_ON, fact_id="bounced", amount_minor=100)
    record(loan, FactKind.PAYMENT_REVERSED, PAID_ON, fact_id="bounce", of="bounced")
    loan.collect_events()
    return loan


class TestAFact:
    @pytest.mark.parametrize(
        ("kind", "details", "refusal"),
        [
            (FactKind.REFUNDED, {"amount_minor": 20_001}, RefundAboveOverpayment),
            (FactKind.CHARGEBACK, {"of": "paid", "amount_minor": 15_001}, ChargebackAbovePayment),
            (FactKind.CHARGEBACK, {"of": "none", "amount_minor": 1}, FactReferenceUnknown),
            (FactKind.INTEREST_WAIVED, {"amount_minor": 10_000_000}, WaiverAboveOwed),
            (FactKind.PENALTY_WAIVED, {}, WaiverAboveOwed),
            (FactKind.RATE_CHANGED, {"rate_e8": 24_000_001}, RateAboveCeiling),
            (
                FactKind.PLAN_CHANGED,
                {"change": ChangeKind.RESTRUCTURE, "plan": replace(PLAN, annual_rate_e8=24_000_001)},
                RateAboveCeiling,
            ),
            (FactKind.NON_ACCRUAL_ENDED, {}, NonAccrualUnchanged),
            (FactKind.PAYMENT_REVERSED, {"of": "bounced"}, FactReversedTwice),
            (FactKind.PAYMENT_REVERSED, {"of": "payout"}, FactReferenceUnknown),
            (FactKind.PLAN_CHANGED, {"change": ChangeKind.DEFERRAL, "due_on": LATE}, FactImpossible),
            (FactKind.PAYMENT_RECEIVED, {"fact_id": "paid", "amount_minor": 1}, FactRepeated),
            (FactKind.PAYMENT_RECEIVED, {"amount_minor": 1, "value_date": LATE}, ValueDateAhead),
            (
                FactKind.PAYMENT_RECEIVED,
                {"amount_minor": 1, "value_date": START - timedelta(days=1)},
                ValueDateBeforePayout,
            ),
        ],
    )
    def test_that_asks_for_more_than_there_is_changes_nothing(self, kind, details, refusal):
        loan = loan_with_a_payment(ceiling_e8=24_000_000)
        before = loan.copy().state
        with pytest.raises(refusal) as refused:
            record(loan, kind, PAID_ON + timedelta(days=1), **details)
        assert type(refused.value) is refusal
        assert (loan.state, list(loan.pending_events)) == (before, [])

    def test_is_recorded_once_under_its_name(self):
        loan = loan_with_a_payment()
        before = loan.copy().state
        with pytest.raises(FactRepeated):
            repay(loan, LATE, payment_id="paid")
        assert (loan.state, list(loan.pending_events)) == (before, [])

    def test_may_ask_for_exactly_what_there_is(self):
        loan, on = loan_with_a_payment(ceiling_e8=24_000_000), PAID_ON + timedelta(days=1)
        record(loan, FactKind.RATE_CHANGED, on, rate_e8=24_000_000)
        record(loan, FactKind.CHARGEBACK, on, of="paid", amount_minor=15_000)
        owed = loan.owed(on).interest_minor
        record(loan, FactKind.INTEREST_WAIVED, on, amount_minor=owed)
        assert (loan.owed(on).interest_minor, loan.state.books.waiver_expense) == (0, owed)

    def test_takes_back_no_money_that_the_lender_credited_itself(self):
        loan, on = loan_with_a_payment(), PAID_ON + timedelta(days=1)
        record(
            loan, FactKind.PAYMENT_RECEIVED, on, fact_id="gift", amount_minor=900, payment="goodwill_credit"
        )
        with refuses(loan, ChargebackAbovePayment, field="amount"):
            record(loan, FactKind.CHARGEBACK, on, of="gift", amount_minor=1)
        record(loan, FactKind.PAYMENT_REVERSED, on, of="gift")
        assert loan.state.books.goodwill_expense == 0

    def test_may_take_back_again_what_a_reversed_chargeback_took(self):
        loan, on = loan_with_a_payment(), PAID_ON + timedelta(days=1)
        record(loan, FactKind.PAYMENT_REVERSED, on, of="back")
        record(loan, FactKind.CHARGEBACK, on, of="paid", amount_minor=20_000)
        with pytest.raises(ChargebackAbovePayment):
            record(loan, FactKind.CHARGEBACK, on, of="paid", amount_minor=1)

    def test_may_raise_the_rate_at_will_where_no_ceiling_was_agreed(self):
        loan = disbursed_loan()
        record(loan, FactKind.RATE_CHANGED, PAID_ON, rate_e8=90_000_000)
        assert rows(loan)[0].asked.interest_minor > 45_000

    def test_about_income_needs_cleared_arrears_to_take_it_again(self):
        loan = disbursed_loan()
        record(loan, FactKind.NON_ACCRUAL_STARTED, LATE)
        with pytest.raises(NonAccrualUnchanged):
            record(loan, FactKind.NON_ACCRUAL_STARTED, LATE)
        with pytest.raises(ArrearsNotCleared) as refused:
            record(loan, FactKind.NON_ACCRUAL_ENDED, LATE)
        assert refused.value.details["days_past_due"] == 10
        repay(loan, LATE)
        record(loan, FactKind.NON_ACCRUAL_ENDED, LATE)
        assert (loan.state.standing.non_accrual_since, loan.state.books.memo_nonaccrual_interest) == (None, 0)


class TestANewPlan:
    @pytest.mark.parametrize("change", list(ChangeKind))
    def test_takes_overdue_rows_and_plans_the_whole_again(self, change):
        loan = disbursed_loan()
        loan.catch_up(effective_date=LATE)
        record(loan, FactKind.PLAN_CHANGED, LATE, plan=PLAN, change=change, takes_overdue=True)
        assert (loan.state.status, loan.state.standing.schedule_version) == (LoanStatus.ACTIVE, 2)
        assert sum(row.asked.principal_minor for row in rows(loan)) == 5_000_000
        first = rows(loan)[0].asked
        assert (first.penalty_minor > 0, len(rows(loan))) == (True, 4)
        is_restructured = change is ChangeKind.RESTRUCTURE
        assert loan.state.standing.category == ("special_mention" if is_restructured else "normal")

    def test_may_add_interest_to_the_principal_and_be_undone(self):
        loan = disbursed_loan()
        details = {"change": ChangeKind.RE_AGE, "interest": OpenInterest.CAPITALISED}
        record(loan, FactKind.PLAN_CHANGED, PAID_ON, fact_id="new", plan=PLAN, **details)
        # 50,000.00 at 10.8% for two days of 360.
        assert loan.state.standing.outstanding_minor == 5_000_000 + 3_000
        record(loan, FactKind.CHANGE_UNDONE, LATE, of="new")
        plain = disbursed_loan()
        plain.catch_up(effective_date=LATE)
        assert (loan.state.rows, loan.state.books) == (plain.state.rows, plain.state.books)

    def test_of_a_draw_is_another_due_date(self):
        loan, due = revolving_loan(), MATURED + timedelta(days=60)
        record(
            loan, FactKind.PLAN_CHANGED, MATURED, change=ChangeKind.DEFERRAL, due_on=due, takes_overdue=True
        )
        (row,) = rows(loan)
        # 8,000.00 at 14.4% for 90 days of 360.
        assert (row.due_on, row.asked.interest_minor) == (due, 28_800)
        assert loan.state.standing.matures_on == due


class TestAPayoutThatCameBack:
    def test_cancels_the_loan(self):
        loan = disbursed_loan()
        record(loan, FactKind.DISBURSEMENT_REVERSED, PAID_ON, of="payout")
        assert (loan.state.status, loan.state.standing.outstanding_minor) == (LoanStatus.CANCELLED, 0)
        assert (loan.state.accruals, loan.state.standing.wakes_on) == ((), None)

    def test_leaves_what_was_paid_to_be_refunded(self):
        loan = disbursed_loan()
        record(loan, FactKind.PAYMENT_RECEIVED, PAID_ON, amount_minor=20_000)
        record(loan, FactKind.DISBURSEMENT_REVERSED, PAID_ON, of="payout")
        assert (loan.state.status, loan.state.standing.overpaid_minor) == (LoanStatus.OVERPAID, 20_000)
        record(loan, FactKind.REFUNDED, LATE, amount_minor=20_000)
        assert (loan.state.status, loan.state.books.settlement) == (LoanStatus.CANCELLED, 0)
