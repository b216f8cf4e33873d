"""Charges, waivers, income, money taken back and the ends of a loan: what each does to rows and books."""

from __future__ import annotations

import pytest

from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.facts import PaymentKind
from ledger.domain.servicing.position import Status
from ledger.domain.servicing.terms import OverdueRules
from tests.unit.ledger.domain.servicing.builders import (
    Story,
    bullet,
    day,
    draws,
    loan,
    plan,
    row,
    shares,
    used,
)

MARCH, DUE, LATER = "2024-03-05", "2024-04-04", "2024-04-29"


def overdue():
    """8,000.00 and 96.00 due on 4 April, nothing paid: on 29 April 120.00 of penalty and 1.44 of compound."""
    return Story(loan(bullet()))


class TestACharge:
    def test_is_paid_before_anything_else_on_its_day(self):
        story = overdue().tell(kinds.ChargeAdded, "2024-03-20", due_on=day(DUE), amount_minor=3_000, id="fee")
        position = story.paid(DUE, 5_000).on(DUE)
        assert shares(position, "f3") == [("fee", "fee", 3_000), ("1/1", "interest", 2_000)]

    def test_due_at_once_takes_an_overpayment(self):
        story = overdue().paid("2024-03-10", 9_000)
        story.tell(kinds.ChargeAdded, "2024-03-20", due_on=day("2024-03-20"), amount_minor=3_000, id="fee")
        position = story.on("2024-03-20")
        assert (position.overpaid_minor, row(position, "fee").settled_on) == (6_000, day("2024-03-20"))

    def test_that_is_late_stays_within_the_ceiling_on_everything_overdue(self):
        story = overdue().tell(
            kinds.ChargeAdded, LATER, due_on=day(LATER), amount_minor=10_000, is_late_fee=True, id="late"
        )
        position = story.on(LATER)
        # 8,096.00 at 24% for 25 days over 360 is 134.93; penalty and compound interest took 121.44.
        assert row(position, "late").due.fee_minor == 13_493 - 12_144
        assert position.late_fees_not_charged_minor == 10_000 - 1_349

    def test_that_is_late_has_the_ceiling_of_every_overdue_row(self):
        on = "2024-05-20"
        story = Story(loan(plan(), overdue=OverdueRules(compound=CompoundMode.OFF)))
        first, second = story.on(on).rows[:2]
        charged = first.due.penalty_minor + second.due.penalty_minor
        story.tell(kinds.ChargeAdded, on, due_on=day(on), amount_minor=999_999, is_late_fee=True, id="late")
        # 24% over 360 for 45 days on the first row and for 15 on the second.
        most = sum(
            (one.due.principal_minor + one.due.interest_minor) * 24 * days
            for one, days in ((first, 45), (second, 15))
        )
        assert row(story.on(on), "late").due.fee_minor == round(most / 36_000) - charged

    def test_that_is_late_is_not_charged_while_nothing_is_overdue(self):
        late = {"due_on": day("2024-03-20"), "amount_minor": 100, "is_late_fee": True, "id": "late"}
        position = overdue().tell(kinds.ChargeAdded, "2024-03-20", **late).on(LATER)
        assert (row(position, "late").due.fee_minor, position.late_fees_not_charged_minor) == (0, 100)

    def test_is_waived_as_far_as_it_is_unpaid(self):
        story = overdue().tell(kinds.ChargeAdded, "2024-03-20", due_on=day(DUE), amount_minor=3_000, id="fee")
        position = story.tell(kinds.ChargeWaived, "2024-03-21", of="fee", amount_minor=5_000, id="w").on(DUE)
        assert (position.waivers[0].asked_minor, position.waivers[0].waived_minor) == (5_000, 3_000)
        assert (position.books.fee_income, position.books.waiver_expense) == (3_000, 3_000)

    def test_that_was_paid_repays_the_loan_when_it_is_adjusted(self):
        story = overdue().tell(kinds.ChargeAdded, MARCH, due_on=day(DUE), amount_minor=3_000, id="fee")
        story.paid(DUE, 2_000).tell(kinds.ChargeAdjusted, "2024-04-05", of="fee", amount_minor=2_500, id="a")
        position = story.on("2024-04-05")
        assert row(position, "fee").waived.fee_minor == 1_000
        assert shares(position, "a") == [("1/1", "interest", 1_500)]
        assert position.books.fee_income == 3_000 - 1_500

    def test_that_is_unpaid_is_adjusted_by_waiving_it(self):
        story = overdue().tell(kinds.ChargeAdded, MARCH, due_on=day(DUE), amount_minor=3_000, id="fee")
        position = story.tell(kinds.ChargeAdjusted, "2024-03-06", of="fee", amount_minor=500).on(DUE)
        assert row(position, "fee").unpaid.fee_minor == 2_500

    def test_adjusted_after_it_was_paid_in_full_is_all_money_for_the_loan(self):
        story = overdue().tell(kinds.ChargeAdded, MARCH, due_on=day(DUE), amount_minor=3_000, id="fee")
        story.paid(DUE, 3_000).tell(kinds.ChargeAdjusted, "2024-04-05", of="fee", amount_minor=500, id="a")
        assert used(story.on("2024-04-05"), "a").amount_minor == 500

    def test_that_is_late_does_not_count_rows_within_grace(self):
        late = {"due_on": day("2024-04-06"), "amount_minor": 100, "is_late_fee": True, "id": "late"}
        assert (
            row(overdue().tell(kinds.ChargeAdded, "2024-04-06", **late).on(LATER), "late").due.fee_minor == 0
        )

    def test_of_the_future_falls_due_with_a_payoff(self):
        story = overdue().tell(kinds.ChargeAdded, MARCH, due_on=day(DUE), amount_minor=3_000)
        quote = story.on("2024-03-15").payoff
        assert quote.charges_to_come_minor == 3_000
        position = story.paid("2024-03-15", quote.total_minor, payment=PaymentKind.PAYOFF).on("2024-03-15")
        assert position.status is Status.SETTLED


class TestAWaiver:
    def test_of_everything_takes_what_has_been_earned(self):
        story = overdue().tell(kinds.PenaltyWaived, LATER).tell(kinds.InterestWaived, LATER)
        position = story.on(LATER)
        assert (position.due.total_minor, position.books.waiver_expense) == (800_000, 9_600 + 12_144)

    def test_that_is_larger_than_what_is_owed_notes_both(self):
        position = overdue().tell(kinds.PenaltyWaived, LATER, amount_minor=20_000, id="w").on(LATER)
        assert [(one.asked_minor, one.waived_minor) for one in position.waivers] == [(20_000, 12_144)]

    def test_of_interest_leaves_rows_to_come_alone(self):
        position = Story(loan(plan())).tell(kinds.InterestWaived, "2024-04-20").on("2024-04-20")
        assert row(position, "1/3").waived.interest_minor == 0
        assert row(position, "1/2").waived.interest_minor > 0

    def test_of_an_amount_takes_penalty_before_compound_interest(self):
        position = overdue().tell(kinds.PenaltyWaived, LATER, amount_minor=12_100).on(LATER)
        assert (position.due.penalty_minor, position.due.compound_minor) == (0, 44)

    def test_under_non_accrual_touches_the_memo_only(self):
        story = overdue().tell(kinds.NonAccrualStarted, LATER).tell(kinds.InterestWaived, "2024-04-30")
        books = story.on("2024-04-30").books
        assert (books.waiver_expense, books.interest_income, books.interest_receivable) == (0, 0, 0)


class TestIncome:
    def test_starts_and_ends_by_decision(self):
        story = overdue().tell(kinds.NonAccrualStarted, LATER)
        assert story.on(LATER).books.memo_nonaccrual_interest == 9_600 + 12_144
        books = story.tell(kinds.NonAccrualEnded, "2024-04-30").on("2024-04-30").books
        assert (books.memo_nonaccrual_interest, books.interest_income) == (0, 9_600)

    def test_returns_by_itself_when_everything_is_cleared_and_the_terms_say_so(self):
        story = Story(loan(bullet(), returns_when_cleared=True, non_accrual_after_dpd=20))
        assert story.on(LATER).non_accrual_since == day("2024-04-25")
        assert story.paid(LATER, 9_000_00).on(LATER).non_accrual_since is None

    def test_is_what_was_received_while_interest_is_in_the_memo(self):
        story = Story(loan(bullet(), non_accrual_after_dpd=20)).paid(LATER, 10_000)
        books = story.on(LATER).books
        assert (books.penalty_income, books.interest_income) == (10_000, 0)
        assert books.memo_nonaccrual_interest == 9_600 + 12_144 - 10_000


class TestMoneyTakenBack:
    def test_was_all_an_overpayment(self):
        story = Story(loan(bullet())).paid("2024-03-10", 1_000, id="p")
        position = story.tell(kinds.Chargeback, "2024-03-12", of="p", amount_minor=1_000, id="b").on(
            "2024-03-12"
        )
        assert (position.overpaid_minor, row(position, "b").settled_on) == (0, day("2024-03-12"))

    def test_is_paid_at_once_from_what_is_left_of_an_overpayment(self):
        story = overdue().paid(DUE, 809_600, id="p").paid("2024-04-05", 300)
        position = story.tell(kinds.Chargeback, "2024-04-10", of="p", amount_minor=200).on("2024-04-10")
        assert (position.overpaid_minor, position.due.total_minor) == (100, 0)

    def test_by_the_payers_bank_is_owed_again_principal_first(self):
        story = overdue().paid(DUE, 809_600, id="p")
        position = story.tell(kinds.Chargeback, "2024-04-10", of="p", amount_minor=801_000, id="back").on(
            "2024-04-10"
        )
        again = row(position, "back").unpaid
        assert (again.principal_minor, again.interest_minor, position.days_past_due) == (800_000, 1_000, 0)

    def test_was_never_used_where_it_was_an_overpayment(self):
        story = overdue().paid(DUE, 809_600 + 500, id="p")
        position = story.tell(kinds.Chargeback, "2024-04-10", of="p", amount_minor=809_600 + 700).on(
            "2024-04-10"
        )
        assert position.overpaid_minor == 0
        assert position.due.principal_minor == 800_000 + 200

    def test_as_a_refund_is_owed_again_beyond_the_overpayment(self):
        story = (
            overdue().paid(DUE, 809_600 + 500).tell(kinds.Refunded, "2024-04-08", amount_minor=700, id="r")
        )
        position = story.on("2024-04-08")
        assert (position.overpaid_minor, row(position, "r").unpaid.principal_minor) == (0, 200)

    def test_as_a_refund_of_an_overpayment_changes_nothing_else(self):
        story = overdue().paid(DUE, 809_600 + 500).tell(kinds.Refunded, "2024-04-08", amount_minor=500)
        assert story.on("2024-04-08").status is Status.SETTLED


class TestMoneyFromTheLender:
    def test_is_an_expense_and_no_money_received(self):
        position = overdue().paid(DUE, 10_000, payment=PaymentKind.GOODWILL_CREDIT).on(DUE)
        assert (position.books.goodwill_expense, position.books.settlement) == (10_000, 800_000)


class TestTheEnd:
    def test_of_all_rows_on_one_day_comes_with_acceleration(self):
        story = Story(loan(plan())).tell(kinds.Accelerated, "2024-03-20", due_on=day("2024-03-25"))
        position = story.on("2024-03-25")
        assert (position.due.principal_minor, position.due.interest_minor) == (5_000_000, 30_000)
        assert story.on("2024-04-25").earned.penalty_minor == 69_750

    def test_of_draws_comes_with_acceleration_as_well(self):
        story = Story(loan(draws(14_400_000)), paid_out=MARCH)
        story.tell(kinds.Accelerated, "2024-03-20", due_on=day("2024-03-25"))
        position = story.on("2024-04-24")
        assert (position.earned.interest_minor, position.days_past_due) == (80_000, 30)

    def test_is_a_loss_when_the_loan_leaves_the_books_and_recoveries_are_income(self):
        story = overdue().tell(kinds.ChargedOff, LATER, id="off").tell(kinds.ChargedOff, "2024-04-30")
        assert story.on(LATER).books.loss == 800_000 + 9_600 + 12_144
        story.tell(kinds.Recovered, "2024-05-10", amount_minor=100_000)
        position = story.on("2024-05-10")
        assert (position.books.recovery_income, position.books.interest_income) == (100_000, 9_600)
        assert position.books.memo_charged_off == position.due.total_minor
        assert (position.status, position.charged_off_on) == (Status.CHARGED_OFF, day(LATER))

    def test_can_be_undone(self):
        story = overdue()
        before = story.on("2024-05-10")
        story.tell(kinds.ChargedOff, LATER, id="off").tell(kinds.ChargeOffUndone, "2024-05-10", of="off")
        assert story.on("2024-05-10").books == before.books

    def test_leaves_more_than_the_claim_as_income(self):
        story = overdue().tell(kinds.ChargedOff, LATER).tell(kinds.Recovered, LATER, amount_minor=1_000_000)
        assert used(story.on("2024-05-10"), "f3").recovered_minor == 0
        story = overdue().tell(kinds.ChargedOff, "2024-04-28")
        story.tell(kinds.Recovered, LATER, amount_minor=1_000_000)
        position = story.on(LATER)
        assert used(position, "f3").recovered_minor == 1_000_000 - 800_000 - 9_600 - 12_144
        assert position.books.recovery_income == 1_000_000

    def test_gives_up_what_is_left(self):
        story = Story(loan(plan())).tell(kinds.WrittenOff, "2024-05-10").paid("2024-06-01", 1_000)
        position = story.on("2024-06-01")
        assert (position.status, position.outstanding_minor) == (Status.WRITTEN_OFF, 0)
        assert position.principal_given_up_minor == 5_000_000
        assert position.books.recovery_income == 1_000

    @pytest.mark.parametrize("how", [kinds.WrittenOff, kinds.SettledAtDiscount])
    def test_gives_up_what_is_owed_again_later(self, how):
        story = overdue().paid("2024-04-10", 300_000).tell(how, LATER)
        lost = story.on(LATER).books.loss
        story.tell(kinds.Chargeback, "2024-05-03", of="f2", amount_minor=100_000)
        position = story.on("2024-08-01")
        assert (position.outstanding_minor, position.due.total_minor) == (0, 0)
        # Nothing grows: no penalty of three months on what went back to the payer.
        assert position.books.loss == lost + 100_000

    def test_gives_up_a_part_that_the_bank_paid_afterwards_without_interest_it_never_earned(self):
        story = Story(loan(plan()), amount=2_500_000).tell(kinds.WrittenOff, "2024-05-10")
        before = story.on("2024-05-10").books
        after = story.disbursed("2024-05-20", 1_000_000).on("2024-12-20").books
        assert after.loss == before.loss + 1_000_000
        assert (after.interest_income, after.interest_receivable) == (before.interest_income, 0)

    def test_gives_up_a_charge_that_was_still_to_come(self):
        story = overdue().tell(kinds.WrittenOff, LATER)
        story.tell(kinds.ChargeAdded, "2024-05-03", due_on=day("2024-06-03"), amount_minor=1_000, id="fee")
        assert row(story.on("2024-05-03"), "fee").unpaid.total_minor == 0

    def test_by_agreement_keeps_later_money_as_an_overpayment(self):
        story = overdue().paid(LATER, 500_000).tell(kinds.SettledAtDiscount, LATER).paid("2024-05-02", 100)
        position = story.on("2024-05-02")
        assert (position.status, position.overpaid_minor) == (Status.SETTLED_AT_DISCOUNT, 100)

    def test_is_not_even_a_beginning_when_the_payout_came_back(self):
        story = overdue().paid("2024-03-10", 500).tell(kinds.DisbursementReversed, "2024-03-11", of="f1")
        position = story.on(LATER)
        assert (position.status, position.overpaid_minor, position.matures_on) == (
            Status.NOT_DISBURSED,
            500,
            None,
        )

    def test_leaves_no_charge_where_the_payout_came_back(self):
        story = overdue().tell(
            kinds.ChargeAdded, "2024-03-12", due_on=day("2024-04-01"), amount_minor=1_000, id="fee"
        )
        position = story.tell(kinds.DisbursementReversed, "2024-03-11", of="f1").on(LATER)
        assert (position.status, position.due.total_minor) == (Status.NOT_DISBURSED, 0)

    def test_is_not_reached_while_a_refund_of_money_that_bounced_is_owed(self):
        story = overdue().paid("2024-03-10", 500).tell(kinds.DisbursementReversed, "2024-03-11", of="f1")
        story.tell(kinds.Refunded, "2024-03-12", amount_minor=500)
        story.tell(kinds.PaymentReversed, "2024-03-20", of="f2")
        position = story.on("2024-03-20")
        assert (position.status, position.due.principal_minor) == (Status.OVERDUE, 500)
        assert position.matures_on is None


class TestOldArrears:
    def test_within_the_tolerance_do_not_stop_income(self):
        story = Story(loan(plan(), tolerance_minor=500, non_accrual_after_dpd=30)).paid("2024-04-05", 859_379)
        assert story.on("2024-05-10").non_accrual_since is None
        assert story.on("2024-06-10").non_accrual_since == day("2024-06-05")
