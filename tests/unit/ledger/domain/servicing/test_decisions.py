"""Charges, waivers, new plans and the ends of a loan: what each does to rows and books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.plans.choices import Basis, Batch, Grace, GraceInterest, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.revolving import Settlement
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.facts import ChangeKind, Instruction, OpenInterest, PaymentKind
from ledger.domain.servicing.position import Status
from ledger.domain.servicing.terms import OverdueRules, PaymentRules
from ledger.policies.classification import Category
from tests.unit.ledger.domain.servicing.builders import (
    RATE,
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

BATCHES = (Batch(day("2024-04-10"), 2_000_000), Batch(day("2024-05-10"), 3_000_000))
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


class TestAPrepayment:
    @pytest.mark.parametrize(
        ("changes", "principal"),
        [
            ({"method": Method.EQUAL_PRINCIPAL, "count": 5}, [1_000_000, 1_000_000, 1_000_000, 955_000]),
            (
                {"method": Method.CUSTOM, "basis": Basis.EXACT, "batches": BATCHES, "count": 2},
                [2_000_000, 1_955_000],
            ),
            ({"method": Method.BULLET, "count": 6, "basis": Basis.EXACT}, [3_955_000]),
        ],
    )
    def test_is_taken_off_the_last_rows_where_the_rows_stay_as_agreed(self, changes, principal):
        story = Story(loan(plan(**changes))).paid("2024-04-03", 1_088_500, instruction=Instruction.SHORTEN)
        position = story.on("2024-04-03")
        assert [one.due.principal_minor for one in position.rows if one.version == 2] == principal

    def test_may_leave_less_than_the_balloon(self):
        balloon = plan(method=Method.EQUAL_PRINCIPAL, balloon_minor=4_000_000)
        story = Story(loan(balloon)).paid("2024-04-05", 4_500_000, instruction=Instruction.REDUCE)
        position = story.on("2024-04-05")
        assert position.rows[-1].due.principal_minor == position.outstanding_minor > 0

    def test_in_the_middle_of_a_row_pays_its_interest_to_the_day(self):
        story = Story(loan(plan())).paid("2024-03-20", 1_022_500, instruction=Instruction.REDUCE)
        position = story.on("2024-03-20")
        assert shares(position, "f2") == [("1/1e", "interest", 22_500), ("1/1e", "principal", 1_000_000)]
        # 40,000.00 at 10.8% for the 16 days that are left of the row.
        assert row(position, "2/1").due.interest_minor == 19_200


class TestMoneyFromTheLender:
    def test_is_an_expense_and_no_money_received(self):
        position = overdue().paid(DUE, 10_000, payment=PaymentKind.GOODWILL_CREDIT).on(DUE)
        assert (position.books.goodwill_expense, position.books.settlement) == (10_000, 800_000)


class TestMoneyInAdvance:
    def test_for_everything_leaves_nothing_to_plan_again(self):
        story = Story(loan(plan())).paid("2024-03-10", 5_200_000, instruction=Instruction.NEXT)
        position = story.tell(kinds.RateChanged, "2024-03-20", rate_e8=0).on("2024-03-20")
        assert (position.schedule_version, position.outstanding_minor) == (1, 0)

    def test_goes_to_the_next_rows_as_they_are_planned(self):
        position = (
            Story(loan(plan())).paid("2024-03-10", 1_000_000, instruction=Instruction.NEXT).on("2024-03-10")
        )
        assert row(position, "1/1").settled_on == day("2024-03-10")
        assert row(position, "1/2").paid.total_minor == 1_000_000 - 859_779
        assert position.books.interest_receivable < 0

    def test_goes_to_the_principal_of_the_last_rows(self):
        position = (
            Story(loan(plan())).paid("2024-03-10", 900_000, instruction=Instruction.LAST).on("2024-03-10")
        )
        assert row(position, "1/6").paid.principal_minor == 852_112
        assert row(position, "1/5").paid.principal_minor == 900_000 - 852_112

    @pytest.mark.parametrize("instruction", [Instruction.NEXT, Instruction.LAST])
    def test_still_counts_when_the_rest_is_planned_again(self, instruction):
        story = Story(loan(plan())).paid("2024-03-10", 1_000_000, instruction=instruction)
        story.tell(kinds.RateChanged, "2024-03-20", rate_e8=6_000_000)
        position = story.on("2024-03-20")
        unpaid = sum(one.unpaid.principal_minor for one in position.rows)
        assert unpaid == position.outstanding_minor == 5_000_000 - position.principal_repaid_minor
        payoff = position.payoff
        assert payoff.principal_to_come_minor == position.outstanding_minor

    def test_pays_the_interest_of_the_rows_that_come_instead(self):
        story = Story(loan(plan())).paid("2024-03-10", 900_000, instruction=Instruction.NEXT)
        position = story.tell(kinds.RateChanged, "2024-03-20", rate_e8=10_800_000).on("2024-03-20")
        new = [one for one in position.rows if one.version == 2]
        assert sum(one.moved.interest_minor for one in new) == 45_000 + 37_667
        assert new[0].moved.interest_minor == new[0].due.interest_minor
        assert row(position, "1/1").paid.interest_minor == 45_000

    def test_that_paid_more_interest_than_is_left_stays_earned(self):
        story = Story(loan(plan())).paid("2024-03-10", 1_800_000, instruction=Instruction.NEXT)
        story.tell(kinds.RateChanged, "2024-03-20", rate_e8=0)
        position = story.on("2024-03-20")
        assert min(one.unpaid.interest_minor for one in position.rows) == 0
        assert sum(one.paid.interest_minor for one in position.rows) > 0

    def test_beyond_all_interest_to_come_is_earned_over_the_days_of_the_running_row(self):
        story = Story(loan(plan())).paid("2024-03-10", 1_800_000, instruction=Instruction.NEXT)
        position = story.tell(kinds.RateChanged, "2024-03-20", rate_e8=0).on("2024-03-20")
        first = next(one for one in position.life.rows if one.version == 2 and one.due_on > position.on)
        assert first.interest_by(first.due_on) == sum(piece.amount_minor for piece in first.pieces) > 0
        eve = first.due_on - timedelta(days=1)
        assert 0 < first.interest_by(eve) < first.interest_by(first.due_on)

    def test_that_reaches_no_principal_waits(self):
        position = Story(loan(plan())).paid("2024-03-10", 1, instruction=Instruction.SHORTEN).on("2024-03-10")
        assert (used(position, "f2").did, position.overpaid_minor) == ("instalment", 1)

    def test_waits_where_an_order_leaves_something_due(self):
        only_principal = PaymentRules(rules=PaymentRules().rules[4::5])
        terms = loan(plan(), rules_by_kind=((PaymentKind.EARLY, only_principal),))
        story = Story(terms).paid("2024-04-05", 2_000_000, payment=PaymentKind.EARLY)
        position = story.on("2024-04-05")
        assert (position.overpaid_minor, position.due.interest_minor) == (2_000_000 - 814_779, 45_000)


class TestANewPlan:
    def changed(self, on="2024-05-10", **payload):
        terms = plan(start=day(on), principal_minor=1, count=4, rates=RateTable.constant(6_000_000))
        return {"terms": terms, "change": ChangeKind.RESTRUCTURE, **payload}

    def test_takes_overdue_rows_with_all_they_owe(self):
        story = Story(loan(plan())).tell(kinds.PlanChanged, "2024-05-10", **self.changed(takes_overdue=True))
        position = story.on("2024-05-10")
        assert (position.days_past_due, position.due.total_minor) == (0, 0)
        assert position.classification.category is Category.SPECIAL_MENTION
        first = row(position, "2/1")
        assert first.due.penalty_minor == position.earned.penalty_minor > 0
        assert sum(one.unpaid.principal_minor for one in position.rows) == 5_000_000

    def test_leaves_overdue_rows_where_they_are_unless_told(self):
        story = Story(loan(plan())).tell(kinds.PlanChanged, "2024-05-10", **self.changed())
        assert story.on("2024-05-10").days_past_due == 35

    def test_may_add_interest_to_the_principal(self):
        interest = OpenInterest.CAPITALISED
        story = Story(loan(plan())).tell(kinds.PlanChanged, "2024-05-10", **self.changed(interest=interest))
        position = story.on("2024-05-10")
        assert position.capitalised_minor > 0
        assert position.outstanding_minor == 5_000_000 + position.capitalised_minor

    def test_may_forgive_interest(self):
        interest = OpenInterest.FORGIVEN
        changed = self.changed(interest=interest, takes_overdue=True)
        position = Story(loan(plan())).tell(kinds.PlanChanged, "2024-05-10", **changed).on("2024-05-10")
        assert position.books.waiver_expense == position.earned.interest_minor > 0

    def test_after_everything_was_repaid_is_empty(self):
        story = (
            Story(loan(bullet())).paid(DUE, 809_600).tell(kinds.PlanChanged, LATER, **self.changed(on=LATER))
        )
        assert story.on(LATER).status is Status.SETTLED

    def test_of_draws_is_another_due_date(self):
        story = Story(loan(draws(14_400_000, term_days=30)), paid_out=MARCH)
        change = {"change": ChangeKind.DEFERRAL, "due_on": day("2024-06-04")}
        before = story.on("2024-05-04")
        assert before.days_past_due == 30
        position = story.tell(kinds.PlanChanged, "2024-05-04", takes_overdue=True, **change).on("2024-05-05")
        assert position.days_past_due == 0
        assert position.earned.penalty_minor == before.earned.penalty_minor
        assert position.earned.interest_minor == before.earned.interest_minor + 4_000

    def test_of_draws_that_are_all_settled_changes_nothing(self):
        story = Story(loan(draws(0, limit_minor=100)), paid_out=MARCH).paid("2024-03-06", 100)
        change = {"change": ChangeKind.DEFERRAL, "due_on": day("2024-06-04")}
        assert story.tell(kinds.PlanChanged, "2024-05-04", **change).on("2024-05-05").status is Status.SETTLED


class TestRates:
    def test_that_are_paused_earn_nothing(self):
        story = Story(loan(draws()), paid_out=MARCH)
        story.tell(kinds.InterestPaused, "2024-03-15", until=day("2024-03-25"))
        assert story.on("2024-03-25").earned.interest_minor == story.on("2024-03-15").earned.interest_minor
        assert story.on("2024-03-26").earned.interest_minor == 55_000

    def test_are_lower_while_a_promotion_lasts(self):
        story = Story(loan(draws(14_400_000)), paid_out=MARCH)
        story.tell(kinds.PromotionGranted, MARCH, share_e8=85_000_000, id="promo")
        assert story.on("2024-04-04").earned.interest_minor == 102_000
        story.tell(kinds.PromotionEnded, "2024-03-15", of="promo")
        assert story.on("2024-04-04").earned.interest_minor == 34_000 + 80_000

    def test_have_never_been_lower_where_the_promotion_ended_on_its_first_day(self):
        story = Story(loan(draws(14_400_000)), paid_out=MARCH)
        story.tell(kinds.PromotionGranted, MARCH, share_e8=0, id="promo")
        story.tell(kinds.PromotionEnded, MARCH, of="promo")
        assert story.on("2024-04-04").earned.interest_minor == 120_000

    def test_may_set_the_instalment_anew_where_the_kept_one_is_below_the_interest(self):
        story = Story(loan(plan(count=60))).tell(kinds.PromotionGranted, MARCH, share_e8=10**8)
        story.tell(kinds.RateChanged, "2024-03-20", rate_e8=20_000_000)
        kept = Story(loan(plan(count=60, relevels=False))).tell(
            kinds.RateChanged, "2024-03-20", rate_e8=900_000_000
        )
        assert story.on("2024-03-20").schedule_version == 2
        assert row(kept.on("2024-03-20"), "2/60").due.principal_minor > 0

    def test_of_flat_loans_change_the_interest_of_rows_to_come(self):
        flat = Story(loan(plan(method=Method.FLAT, count=4))).tell(kinds.RateChanged, "2024-04-05", rate_e8=0)
        position = flat.on("2024-04-05")
        assert [one.due.interest_minor for one in position.rows] == [45_000, 0, 0, 0]


class TestAFurtherPart:
    two_rows = plan(
        method=Method.INTEREST_ONLY, basis=Basis.EXACT, count=2, principal_minor=3_600_000, rates=RATE
    )

    def test_bears_interest_from_its_own_day(self):
        terms = loan(
            plan(
                method=Method.INTEREST_ONLY, basis=Basis.EXACT, count=2, principal_minor=3_600_000, rates=RATE
            )
        )
        story = Story(terms, amount=1_800_000).disbursed("2024-03-15", 1_800_000)
        first = row(story.on("2024-03-15"), "2/1")
        # 18,000.00 for 31 days and 18,000.00 for 21 days at 14.4% over 360, rounded once.
        assert first.due.interest_minor == 22_320 + 15_120

    def test_takes_an_overpayment_only_when_something_is_due(self):
        story = (
            Story(loan(plan()), amount=1_000_000).paid("2024-03-10", 500).disbursed("2024-03-15", 1_000_000)
        )
        assert story.on("2024-03-15").overpaid_minor == 500

    def test_is_repaid_as_a_first_part_once_everything_before_it_was_repaid(self):
        story = Story(loan(plan()), amount=1_000_000)
        payoff = story.on("2024-03-15").payoff.total_minor
        story.paid("2024-03-15", payoff, payment=kinds.PaymentKind.PAYOFF).disbursed("2024-03-20", 600_000)
        position = story.on("2024-03-20")
        planned = [one for one in position.rows if one.due_on > day("2024-03-20")]
        assert position.status is Status.ACTIVE
        assert (len(planned), planned[0].due_on, planned[-1].due_on) == (
            6,
            day("2024-04-20"),
            day("2024-09-20"),
        )
        assert (position.outstanding_minor, position.disbursed_minor) == (600_000, 1_600_000)

    def test_begins_again_after_the_last_row_has_passed_unpaid(self):
        position = Story(loan(plan()), amount=1_000_000).disbursed("2024-10-05", 100).on("2024-10-06")
        assert (position.outstanding_minor, position.status) == (1_000_100, Status.OVERDUE)
        assert position.matures_on == day("2025-04-05")

    def test_takes_over_interest_at_a_rate_of_zero(self):
        terms = loan(
            plan(
                method=Method.INTEREST_ONLY, basis=Basis.EXACT, count=2, principal_minor=3_600_000, rates=RATE
            )
        )
        story = Story(terms, amount=1_800_000).tell(kinds.RateChanged, "2024-03-15", rate_e8=0)
        first = row(story.disbursed("2024-03-15", 1_800_000).on("2024-03-15"), "3/1")
        assert first.due.interest_minor == 7_200


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


class TestDraws:
    def test_by_principal_are_repaid_with_all_their_interest_at_the_end(self):
        by_principal = draws(14_400_000, limit_minor=100_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        position = Story(loan(by_principal)).paid("2024-04-04", 110_000).on("2024-04-04")
        assert shares(position, "f2") == [("f1", "interest", 1_200), ("f1", "principal", 100_000)]
        assert position.overpaid_minor == 8_800

    def test_by_principal_bear_interest_since_the_draw_in_every_repayment(self):
        by_principal = draws(14_400_000, limit_minor=4_000_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        story = Story(loan(by_principal), paid_out="2024-03-01").paid("2024-03-13", 1_507_200)
        # 10,000.00 for 32 days at 14.4% over 360 is 128.00.
        position = story.paid("2024-04-02", 1_012_800).on("2024-04-02")
        assert shares(position, "f3") == [("f1", "interest", 12_800), ("f1", "principal", 1_000_000)]

    def test_by_principal_without_interest_are_repaid_like_any_other(self):
        free = draws(0, limit_minor=100_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        assert shares(Story(loan(free)).paid("2024-04-04", 40_000).on("2024-04-04"), "f2") == [
            ("f1", "principal", 40_000)
        ]

    def test_in_long_arrears_pass_over_rows_whose_principal_is_paid(self):
        story = Story(loan(plan(), principal_first_after_dpd=30)).paid("2024-05-10", 814_779)
        position = story.paid("2024-05-11", 822_112).on("2024-05-11")
        assert shares(position, "f2") == [("1/1", "principal", 814_779)]
        assert [share[:2] for share in shares(position, "f3")] == [("1/2", "principal")]


class TestGraceRows:
    def terms(self, interest):
        grace = Grace(principal_rows=2, interest_rows=2, interest=interest)
        return loan(plan(method=Method.EQUAL_PRINCIPAL, grace=grace, principal_minor=1_200_000, rates=RATE))

    def test_put_interest_off_to_the_first_row_that_pays_it(self):
        position = Story(self.terms(GraceInterest.DEFERRED)).on("2024-05-20")
        assert position.earned.interest_minor == 2 * 14_400 + round(14_400 * 15 / 31)
        quote = position.payoff
        assert quote.broken_interest_minor == 2 * 14_400 + 7_200

    def test_add_interest_to_the_principal_on_their_due_dates(self):
        story = Story(self.terms(GraceInterest.CAPITALISED))
        assert story.on("2024-04-04").outstanding_minor == 1_200_000
        assert story.on("2024-04-05").outstanding_minor == 1_214_400

    def test_forgive_interest(self):
        position = Story(self.terms(GraceInterest.FORGIVEN)).on("2024-04-20")
        assert (position.earned.interest_minor, position.payoff.broken_interest_minor) == (0, 0)
