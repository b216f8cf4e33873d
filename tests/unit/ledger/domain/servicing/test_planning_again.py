"""New plans, other rates, further parts and grace rows: what the rows to come ask for afterwards."""

from __future__ import annotations

from ledger.domain.plans.choices import Basis, Grace, GraceInterest, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.facts import ChangeKind, OpenInterest
from ledger.domain.servicing.position import Status
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
)

MARCH, DUE, LATER = "2024-03-05", "2024-04-04", "2024-04-29"


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
