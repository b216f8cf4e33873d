"""What money paid in advance, parts paid out later and an acceleration cost: always the days it was used."""

from __future__ import annotations

import pytest

from ledger.domain.plans.choices import Basis, Method
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.facts import ChangeKind, Instruction, PaymentKind
from ledger.domain.servicing.position import Status
from tests.unit.ledger.domain.servicing.builders import RATE, Story, bullet, day, loan, plan, row, shares

# 8,000.00 at 14.4% over 360 is 3.20 a day.
PAID_OUT, TWENTY_DAYS, TWENTY_FIVE_DAYS, DUE = "2024-03-05", "2024-03-25", "2024-03-30", "2024-04-04"


def half_repaid_in_advance():
    return Story(loan(bullet())).paid(TWENTY_DAYS, 400_000, instruction=Instruction.LAST)


class TestPrincipalPaidInAdvance:
    @pytest.mark.parametrize(("on", "interest"), [(TWENTY_DAYS, 6_400), (TWENTY_FIVE_DAYS, 7_200)])
    def test_bears_interest_until_it_was_paid(self, on, interest):
        assert half_repaid_in_advance().on(on).payoff.broken_interest_minor == interest

    def test_keeps_its_interest_when_the_rate_changes(self):
        story = half_repaid_in_advance().tell(kinds.RateChanged, TWENTY_FIVE_DAYS, rate_e8=0)
        position = story.on(TWENTY_FIVE_DAYS)
        assert row(position, "2/1").due.interest_minor == 7_200
        assert position.payoff.broken_interest_minor == 7_200

    def test_does_not_make_the_parts_of_equal_principal_smaller(self):
        contract = plan(method=Method.EQUAL_PRINCIPAL, principal_minor=1_200_000, basis=Basis.EXACT)
        story = Story(loan(contract)).paid("2024-03-06", 250_000, instruction=Instruction.NEXT)
        story.paid("2024-03-06", 100_000, instruction=Instruction.SHORTEN)
        later = [one.due.principal_minor for one in story.on("2024-03-06").rows if one.version == 2]
        assert later[:4] == [200_000] * 4


class TestInterestPaidInAdvance:
    def test_beyond_the_day_counts_for_the_rows_that_a_prepayment_leaves(self):
        story = Story(loan(bullet())).paid("2024-03-15", 9_600, instruction=Instruction.NEXT)
        story.paid("2024-03-15", 400_000, instruction=Instruction.SHORTEN)
        position = story.on("2024-03-15")
        # 10 days on 8,000.00 are 32.00; 20 more on 4,000.00 are 32.00 and were paid as well.
        assert row(position, "1/1e").due.interest_minor == 3_200
        assert row(position, "2/1").due.interest_minor == row(position, "2/1").moved.interest_minor == 6_400
        assert position.payoff.total_minor == 400_000

    def test_counts_for_the_rows_of_a_new_plan(self):
        story = Story(loan(bullet())).paid("2024-03-15", 9_600, instruction=Instruction.NEXT)
        terms = bullet(30, 1, start=day("2024-03-15"))
        story.tell(kinds.PlanChanged, "2024-03-15", change=ChangeKind.DEFERRAL, terms=terms)
        assert row(story.on("2024-03-15"), "2/1").unpaid.interest_minor == 9_600 - 6_400


class TestAFurtherPart:
    def test_bears_interest_from_its_own_day_whatever_rate_changes_follow(self):
        story = Story(loan(bullet()), amount=400_000).disbursed("2024-03-15", 400_000)
        story.tell(kinds.PromotionGranted, TWENTY_DAYS, share_e8=50_000_000, until=None)
        # 16.00 for ten days on the half, 32.00 for ten on the whole.
        assert story.on(TWENTY_DAYS).payoff.broken_interest_minor == 4_800

    def test_within_a_pause_leaves_the_row_its_first_day(self):
        story = Story(loan(bullet()), amount=400_000)
        story.tell(kinds.InterestPaused, PAID_OUT, until=day(TWENTY_DAYS)).disbursed("2024-03-15", 400_000)
        first = story.on("2024-03-15").rows[0]
        assert (first.starts_on, first.due.interest_minor) == (day(PAID_OUT), 3_200)


class TestAnAccelerationToALaterDay:
    story = Story(loan(bullet())).tell(kinds.Accelerated, "2024-03-10", due_on=day(TWENTY_DAYS))

    def test_asks_for_interest_until_that_day(self):
        assert row(self.story.on("2024-03-10"), "1/1e").due.interest_minor == 6_400

    def test_can_be_paid_off_before_with_interest_to_the_day(self):
        payoff = self.story.on("2024-03-15").payoff
        assert (payoff.principal_to_come_minor, payoff.broken_interest_minor) == (800_000, 3_200)

    def test_ends_with_exactly_the_quote(self):
        story = Story(loan(bullet())).tell(kinds.Accelerated, "2024-03-10", due_on=day(TWENTY_DAYS))
        position = story.paid("2024-03-15", 803_200, payment=PaymentKind.PAYOFF).on("2024-03-15")
        assert (position.status, position.overpaid_minor) == (Status.SETTLED, 0)

    def test_can_still_be_replaced_by_new_terms(self):
        story = Story(loan(bullet())).tell(kinds.Accelerated, "2024-03-10", due_on=day(TWENTY_DAYS))
        terms = bullet(30, 1, start=day("2024-03-15"))
        story.tell(kinds.PlanChanged, "2024-03-15", change=ChangeKind.RESTRUCTURE, terms=terms)
        assert row(story.on("2024-03-15"), "2/1").due.principal_minor == 800_000


class TestAPaymentTakenBackTwice:
    def test_owes_again_what_the_first_time_left(self):
        story = Story(loan(bullet())).paid(DUE, 809_600, id="p")
        story.tell(kinds.Chargeback, "2024-04-05", of="p", amount_minor=700_000, id="first")
        position = story.tell(kinds.Chargeback, "2024-04-06", of="p", amount_minor=109_600, id="second").on(
            "2024-04-06"
        )
        again = row(position, "second").due
        assert (again.principal_minor, again.interest_minor) == (100_000, 9_600)


class TestANewPlan:
    def test_without_principal_leaves_what_is_overdue_where_it_is(self):
        story = Story(loan(bullet(), principal_first_after_dpd=1)).paid("2024-04-06", 800_000)
        terms = bullet(30, 1, start=day("2024-04-07"))
        change = {"change": ChangeKind.RE_AGE, "terms": terms, "takes_overdue": True}
        position = story.tell(kinds.PlanChanged, "2024-04-07", **change).on("2024-04-07")
        assert position.due.interest_minor == position.books.interest_receivable == 9_600
        assert position.schedule_version == 1

    def test_asks_for_what_it_took_over_although_its_first_row_has_nothing_of_its_own(self):
        story = Story(loan(bullet()))
        terms = plan(method=Method.INTEREST_ONLY, rates=RATE.constant(0), start=day("2024-03-15"), count=3)
        change = {"change": ChangeKind.RESTRUCTURE, "terms": terms}
        story.tell(kinds.PlanChanged, "2024-03-15", **change).paid("2024-04-15", 3_200, id="p")
        position = story.on("2024-04-15")
        assert shares(position, "p") == [("2/1", "interest", 3_200)]


class TestArrearsWithinTheTolerance:
    def test_bear_nothing_and_are_not_past_due(self):
        story = Story(loan(bullet(), tolerance_minor=500, non_accrual_after_dpd=10))
        late = story.paid(DUE, 809_600 - 496).on("2024-06-01")
        assert (late.non_accrual_since, late.days_past_due, late.due.total_minor) == (None, 0, 496)


class TestInterestOfARow:
    def test_is_earned_evenly_although_a_promotion_was_once_to_end_within_it(self):
        until = day("2024-03-20")
        granted = Story(loan(bullet(30, 11_111)))
        granted.tell(kinds.PromotionGranted, "2024-03-06", share_e8=50_000_000, until=until, id="promotion")
        granted.tell(kinds.PromotionEnded, "2024-03-06", of="promotion")
        never = Story(loan(bullet(30, 11_111)))
        days = [f"2024-03-{number}" for number in range(10, 31)]
        assert [granted.on(one).rows[0].earned_interest_minor for one in days] == [
            never.on(one).rows[0].earned_interest_minor for one in days
        ]

    def test_paid_in_advance_beyond_a_small_part_is_earned_from_the_day_the_part_was_paid_out(self):
        contract = plan(method=Method.EQUAL_PRINCIPAL, principal_minor=194_499, rates=RATE, basis=Basis.EXACT)
        story = Story(loan(contract), amount=194_400)
        story.paid("2024-03-15", 900_000, instruction=Instruction.NEXT)
        # The part itself bears less than half a cent until the next due date.
        story.disbursed("2024-04-28", 99)
        running = row(story.on("2024-04-28"), "2/2")
        assert (running.due.interest_minor > 5_000, running.earned_interest_minor) == (True, 0)
        assert row(story.on("2024-05-05"), "2/2").earned_interest_minor == running.due.interest_minor
