"""A loan that is paid out in parts: what may be called when, and what becomes of the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms
from ledger.domain.loan_chart import LoanIsOverdue
from ledger.domain.loan_parts import (
    AvailabilityEnded,
    PaidInOneSum,
    PartAboveRest,
    PartNotUnderWay,
    PartUnderWay,
)
from ledger.domain.loan_record import FactKind, NewPlan
from ledger.domain.loan_rules import DisbursementNotInFull, ValueDateBeforePayout
from ledger.domain.loan_state import LoanStatus
from ledger.domain.servicing.disbursing import FactImpossible
from ledger.domain.servicing.fact_order import FactRepeated
from ledger.domain.servicing.facts import ChangeKind
from tests.unit.ledger.builders import (
    START,
    disbursed_loan,
    due_on,
    in_parts,
    loan_in_parts,
    record,
    repay,
    requested_loan,
    rows,
    topics,
)
from tests.unit.refusing import assert_survives_storage, refuses

LATER = START + timedelta(days=10)
ENDS = START + timedelta(days=90)


def call(loan, amount_minor=1_000_000, *, on=LATER, part_id="part-2"):
    loan.call_part(effective_date=on, part_id=part_id, amount_minor=amount_minor)


def confirm(loan, *, on=LATER, part_id="part-2", **more):
    loan.confirm_part(effective_date=on, part_id=part_id, bank_reference="bank-2", **more)


def fail(loan, *, on=LATER, part_id="part-2"):
    loan.fail_part(effective_date=on, part_id=part_id, reason="account closed")


def called(**agreed):
    loan = loan_in_parts(**agreed)
    call(loan)
    return loan


def agreed_in_parts(**repayment):
    """Return a loan of 12 equal instalments on conventions of its own, of which a first part was paid out."""
    agreed = LoanConventions(
        repayment=RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT, **repayment),
        arrears=ArrearsTerms(),
        allocation=AllocationTerms(),
        early=EarlyTerms(),
    )
    return disbursed_loan(parts=in_parts(), conventions=agreed, term=12)


def rest_ended(loan):
    """Return why and by how much the rest ended, from the pending events."""
    return [(e.cause.value, e.amount_minor) for e in loan.pending_events if e.TOPIC == "loan.rest_ended"]


class TestTheEnd:
    @pytest.mark.parametrize(
        "kind", [FactKind.CHARGED_OFF, FactKind.WRITTEN_OFF, FactKind.SETTLED_AT_DISCOUNT]
    )
    def test_does_not_count_from_before_a_part_was_paid_out(self, kind):
        loan, late = called(), START + timedelta(days=50)
        confirm(loan, on=LATER + timedelta(days=1))
        loan.catch_up(effective_date=late)
        with refuses(loan, ValueDateBeforePayout, field="value_date"):
            record(loan, kind, late, value_date=LATER)
        record(loan, kind, late, value_date=LATER + timedelta(days=1))
        assert loan.state.status is LoanStatus(kind.value)

    def test_may_count_from_before_a_part_that_came_back(self):
        loan, late = called(), START + timedelta(days=50)
        confirm(loan, on=LATER + timedelta(days=1))
        record(loan, FactKind.DISBURSEMENT_REVERSED, LATER + timedelta(days=2), of="part-2")
        loan.catch_up(effective_date=late)
        record(loan, FactKind.CHARGED_OFF, late, value_date=LATER)
        assert (loan.state.status, loan.state.books.recovery_income) == (LoanStatus.CHARGED_OFF, 0)


class TestTheFirstPart:
    def test_is_planned_and_owed_alone(self):
        loan = loan_in_parts()
        assert loan.state.standing.outstanding_minor == 2_000_000
        assert sum(row.asked.principal_minor for row in rows(loan)) == 2_000_000
        assert (loan.state.parts.rest_minor, loan.state.parts.held_minor) == (3_000_000, 3_000_000)

    def test_is_paid_in_full(self):
        loan = requested_loan(parts=in_parts())
        with refuses(loan, DisbursementNotInFull, field="paid_minor"):
            loan.disburse(effective_date=START, bank_reference="bank-1", paid_minor=5_000_000)

    def test_that_fails_ends_the_loan_and_all_that_was_agreed(self):
        loan = requested_loan(parts=in_parts())
        loan.fail_disbursement(effective_date=START, reason="account closed")
        assert (loan.state.status, loan.state.parts) == (LoanStatus.CANCELLED, None)

    def test_that_the_bank_pays_too_late_is_all_there_is(self):
        loan = requested_loan(parts=in_parts())
        loan.disburse(effective_date=ENDS + timedelta(days=1), bank_reference="bank-1")
        assert rest_ended(loan) == [("lapsed", 3_000_000)]

    def test_follows_its_agreement_in_one_commit(self):
        assert topics(requested_loan(parts=in_parts())) == ["loan.requested", "loan.parts_agreed"]


class TestAFurtherPart:
    def test_bears_interest_from_the_day_it_is_paid(self):
        loan, alone = called(), loan_in_parts()
        confirm(loan)
        # At 10.8%: 20,000.00 for ten days are 60.00, and 30,000.00 for the 21 days to the due date 189.00.
        assert rows(loan)[0].asked.interest_minor == 6_000 + 18_900
        assert [row.due_on for row in rows(loan)] == [row.due_on for row in rows(alone)]
        assert loan.state.standing.outstanding_minor == 3_000_000
        assert loan.state.standing.schedule_version == 2

    def test_owes_nothing_and_plans_nothing_before_it_is_paid(self):
        loan = called()
        assert loan.state.standing.outstanding_minor == 2_000_000
        assert (loan.state.parts.rest_minor, loan.state.parts.under_way_minor) == (2_000_000, 1_000_000)
        assert loan.state.parts.held_minor == 3_000_000

    def test_that_fails_leaves_the_loan_as_it_was_and_can_be_called_again(self):
        loan, untouched = called(), loan_in_parts()
        fail(loan)
        assert loan.state.parts == untouched.state.parts
        assert loan.position(LATER).rows == untouched.position(LATER).rows
        call(loan, 3_000_000, part_id="part-3")
        confirm(loan, part_id="part-3")
        assert loan.state.standing.outstanding_minor == 5_000_000

    def test_that_fails_wakes_the_loan_for_a_rest_that_may_lapse_again(self):
        loan = called(days=20, first_minor=4_000_000)
        record(loan, FactKind.CHARGE_ADDED, LATER, amount_minor=100, due_on=ENDS)
        assert loan.state.standing.wakes_on > START + timedelta(days=21)
        fail(loan, on=LATER + timedelta(days=1))
        assert loan.state.standing.wakes_on == START + timedelta(days=21)
        loan.catch_up(effective_date=START + timedelta(days=21))
        assert rest_ended(loan) == [("lapsed", 1_000_000)]

    def test_is_answered_once(self):
        loan = called()
        confirm(loan)
        for answer in (confirm, fail):
            with refuses(loan, PartNotUnderWay, field="part_id"):
                answer(loan)
        with refuses(disbursed_loan(), PartNotUnderWay, field="part_id") as caught:
            fail(loan)
        assert caught.value.code == "LEDGER_PART_NOT_UNDER_WAY"

    def test_is_paid_in_full(self):
        loan = called()
        with refuses(loan, DisbursementNotInFull, field="paid_minor"):
            confirm(loan, paid_minor=999_999)

    @pytest.mark.parametrize("amount", [0, -1, 3_000_001, True, 1.0, "5", None])
    def test_is_no_more_than_the_rest(self, amount):
        loan = loan_in_parts()
        with refuses(loan, PartAboveRest, field="amount") as caught:
            call(loan, amount)
        assert caught.value.details["rest_minor"] == 3_000_000

    def test_waits_for_the_one_before_it(self):
        loan = called()
        with refuses(loan, PartUnderWay):
            call(loan, part_id="part-3")

    def test_has_an_identifier_of_its_own(self):
        loan = loan_in_parts()
        with refuses(loan, FactRepeated):
            call(loan, part_id="payout")

    def test_is_called_until_the_last_day_and_not_after(self):
        call(loan_in_parts(days=10), on=LATER)
        loan = loan_in_parts(days=9)
        with refuses(loan, AvailabilityEnded):
            call(loan, on=LATER)

    def test_is_not_called_of_a_loan_that_became_overdue_unnoticed(self):
        loan = loan_in_parts()
        late = due_on(loan, 1) + timedelta(days=1)
        with refuses(loan, LoanIsOverdue):
            call(loan, on=late)

    @pytest.mark.parametrize("loan", [disbursed_loan(), loan_in_parts(first_minor=5_000_000)])
    def test_is_not_called_where_nothing_is_left(self, loan):
        with refuses(loan, PaidInOneSum):
            call(loan)
        with refuses(loan, PaidInOneSum):
            loan.give_up_rest(effective_date=LATER)

    def test_is_not_called_where_the_new_plan_has_no_room_for_it_today_or_later(self):
        loan = loan_in_parts()
        flat = NewPlan(repayment=RepaymentTerms(method=ContractMethod.FLAT), annual_rate_e8=9_000_000, term=4)
        record(loan, FactKind.PLAN_CHANGED, LATER, change=ChangeKind.RE_AMORTISE, plan=flat)
        for on in (LATER, LATER + timedelta(days=1)):
            with refuses(loan, FactImpossible):
                call(loan, on=on)

    def test_that_came_back_is_as_if_it_had_never_been_and_is_not_called_again(self):
        loan, alone = called(), loan_in_parts()
        confirm(loan)
        record(loan, FactKind.DISBURSEMENT_REVERSED, LATER, of="part-2")
        assert loan.state.standing.outstanding_minor == 2_000_000
        assert [row.asked for row in rows(loan)] == [row.asked for row in rows(alone)]
        assert loan.state.parts.rest_minor == 2_000_000

    def test_survives_storage(self):
        loan = requested_loan(parts=in_parts())
        loan.disburse(effective_date=START, bank_reference="bank-1")
        call(loan)
        fail(loan)
        call(loan, part_id="part-3")
        confirm(loan, part_id="part-3")
        loan.give_up_rest(effective_date=LATER)
        assert_survives_storage(loan)


class TestAPartUnderWay:
    @pytest.mark.parametrize(
        ("kind", "details"),
        [
            (FactKind.ACCELERATED, {"due_on": LATER}),
            (FactKind.PLAN_CHANGED, {"change": ChangeKind.DEFERRAL, "due_on": LATER}),
            (FactKind.CHANGE_UNDONE, {"of": "promo"}),
        ],
    )
    def test_holds_up_decisions_it_would_arrive_on_top_of(self, kind, details):
        loan = called()
        with refuses(loan, PartUnderWay):
            record(loan, kind, LATER, **details)

    def test_is_a_new_debt_when_the_loan_was_paid_off_meanwhile(self):
        loan = called()
        repay(loan, LATER, kind="payoff")
        assert (loan.state.status, rest_ended(loan)) == (LoanStatus.SETTLED, [("loan_ended", 2_000_000)])
        assert loan.state.parts.held_minor == 1_000_000
        confirm(loan)
        assert loan.state.status is LoanStatus.ACTIVE
        assert (loan.state.standing.outstanding_minor, loan.state.parts.held_minor) == (1_000_000, 0)

    @pytest.mark.parametrize(
        ("conventions", "amount_minor"),
        [({"equalisation_rounds": 1}, 1_000_000), ({"multiple_minor": 10_000}, 50_000)],
    )
    def test_is_booked_where_the_agreed_plan_has_no_room_for_it(self, conventions, amount_minor):
        loan = agreed_in_parts(**conventions)
        record(loan, FactKind.RATE_CHANGED, LATER, rate_e8=9_000_000)
        call(loan, amount_minor)
        repay(loan, LATER, kind="payoff")
        confirm(loan, on=LATER + timedelta(days=1))
        assert (loan.state.status, loan.state.parts.held_minor) == (LoanStatus.ACTIVE, 0)
        assert sum(row.asked.principal_minor for row in rows(loan)) == amount_minor

    @pytest.mark.parametrize("conventions", [{"equalisation_rounds": 1}, {"multiple_minor": 10_000}])
    def test_takes_a_payoff_from_before_it_that_becomes_known_later(self, conventions):
        loan = agreed_in_parts(**conventions)
        record(loan, FactKind.RATE_CHANGED, LATER, rate_e8=9_000_000)
        call(loan, 50_000)
        confirm(loan, on=LATER + timedelta(days=1))
        repay(loan, LATER + timedelta(days=2), kind="payoff", value_date=LATER)
        assert loan.state.standing.outstanding_minor == 50_000

    def test_ends_with_the_loan_when_the_bank_does_not_pay_it(self):
        loan = called()
        repay(loan, LATER, kind="payoff")
        fail(loan)
        assert rest_ended(loan) == [("loan_ended", 2_000_000), ("loan_ended", 1_000_000)]
        assert loan.state.parts.held_minor == 0

    def test_is_the_first_one_when_the_first_came_back(self):
        loan = called()
        record(loan, FactKind.DISBURSEMENT_REVERSED, LATER, of="payout")
        assert loan.state.status is LoanStatus.CANCELLED
        confirm(loan)
        assert (loan.state.status, loan.state.standing.outstanding_minor) == (LoanStatus.ACTIVE, 1_000_000)


class TestTheRest:
    def test_ends_with_a_loan_that_the_passing_of_time_settles(self):
        loan = disbursed_loan(parts=in_parts(), term=1)
        record(loan, FactKind.PAYMENT_RECEIVED, START, amount_minor=2_500_000)
        loan.catch_up(effective_date=due_on(loan, 1) - timedelta(days=1))
        assert rest_ended(loan) == []
        loan.catch_up(effective_date=due_on(loan, 1))
        assert loan.state.status is LoanStatus.OVERPAID
        assert rest_ended(loan) == [("loan_ended", 3_000_000)]

    def test_is_given_up_by_the_borrower_without_what_is_under_way(self):
        loan = called()
        loan.give_up_rest(effective_date=LATER)
        assert rest_ended(loan) == [("given_up", 2_000_000)]
        assert loan.state.parts.held_minor == 1_000_000
        confirm(loan)
        assert loan.state.standing.outstanding_minor == 3_000_000

    def test_lapses_the_day_after_the_last_one(self):
        loan = loan_in_parts(days=10)
        loan.catch_up(effective_date=LATER)
        assert loan.state.parts.rest_minor == 3_000_000
        loan.catch_up(effective_date=LATER + timedelta(days=1))
        assert rest_ended(loan) == [("lapsed", 3_000_000)]
        loan.catch_up(effective_date=LATER + timedelta(days=1))
        assert len(rest_ended(loan)) == 1

    def test_wakes_the_loan_on_the_day_it_lapses_and_no_more(self):
        loan = loan_in_parts(days=10)
        assert loan.state.standing.wakes_on == LATER + timedelta(days=1)
        loan.catch_up(effective_date=LATER + timedelta(days=1))
        assert loan.state.standing.wakes_on > due_on(loan, 1)

    def test_cannot_be_given_up_once_it_has_lapsed(self):
        loan = loan_in_parts(days=10)
        loan.give_up_rest(effective_date=LATER + timedelta(days=1))
        assert rest_ended(loan) == [("lapsed", 3_000_000)]

    def test_ends_when_the_last_part_was_paid(self):
        loan = called(parts_max=2)
        assert rest_ended(loan) == []
        confirm(loan)
        assert rest_ended(loan) == [("parts_used_up", 2_000_000)]

    def test_stays_when_the_last_part_failed(self):
        loan = called(parts_max=2)
        fail(loan)
        assert (rest_ended(loan), loan.state.parts.rest_minor) == ([], 3_000_000)

    def test_ends_when_the_loan_is_called_in_or_restructured(self):
        plan = NewPlan(
            repayment=RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT), annual_rate_e8=9_000_000, term=4
        )
        for kind, details, cause in (
            (FactKind.ACCELERATED, {"due_on": LATER}, "called_in"),
            (FactKind.PLAN_CHANGED, {"change": ChangeKind.RESTRUCTURE, "plan": plan}, "restructured"),
        ):
            loan = loan_in_parts()
            record(loan, kind, LATER, **details)
            assert rest_ended(loan) == [(cause, 3_000_000)]

    def test_outlives_a_deferral_and_arrears(self):
        loan = loan_in_parts()
        plan = NewPlan(
            repayment=RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT), annual_rate_e8=9_000_000, term=4
        )
        record(loan, FactKind.PLAN_CHANGED, LATER, change=ChangeKind.DEFERRAL, plan=plan)
        loan.catch_up(effective_date=due_on(loan, 1) + timedelta(days=1))
        assert loan.state.status is LoanStatus.OVERDUE
        assert (rest_ended(loan), loan.state.parts.rest_minor) == ([], 3_000_000)

    @pytest.mark.parametrize("kind", [FactKind.CHARGED_OFF, FactKind.WRITTEN_OFF])
    def test_ends_with_the_claim(self, kind):
        loan = loan_in_parts()
        late = due_on(loan, 1) + timedelta(days=1)
        loan.catch_up(effective_date=late)
        record(loan, kind, late)
        assert rest_ended(loan) == [("loan_ended", 3_000_000)]

    def test_keeps_interest_growing_over_the_day_it_moves(self):
        loan, other = loan_in_parts(), loan_in_parts()
        loan.give_up_rest(effective_date=LATER)
        late = due_on(loan, 1) + timedelta(days=1)
        for each in (loan, other):
            each.catch_up(effective_date=late)
        assert loan.state.books == other.state.books == loan.position(late).books
