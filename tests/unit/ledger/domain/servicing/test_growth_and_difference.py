"""How a position goes on growing, what a fact changes, and indexes of rates."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.plans.rate_table import RateStep, RateTable
from ledger.domain.plans.revolving import Settlement
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.differing import PositionsNotComparable, difference, is_balanced
from ledger.domain.servicing.facts import PaymentKind
from ledger.domain.servicing.growing import grown, growth
from ledger.domain.servicing.rate_index import contract_index
from ledger.domain.servicing.terms import OverdueRules, PaymentRules, Rule, Timing
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, draws, loan, plan

FALLING = RateTable((RateStep(day("2024-01-01"), 10_000_000), RateStep(day("2024-06-20"), 0)))


class TestGrowth:
    def test_is_a_pace_for_each_stretch_of_one_rate(self):
        rates = RateTable((RateStep(day("2024-01-01"), 14_400_000), RateStep(day("2024-03-20"), 18_000_000)))
        position = Story(loan(draws(rates=rates, limit_minor=1_000_000))).on("2024-03-10")
        first, second, last, *_ = [one for one in growth(position) if one.kind == "interest"]
        assert (first.starts_on, first.ends_on) == (day("2024-03-10"), day("2024-03-20"))
        assert first.per_day_numerator * 360 == 1_000_000 * 14_400_000 * 360
        assert (second.earned(day("2024-03-30")), last.ends_on) == (6_000 + 5_000, None)

    def test_posts_a_days_amount_as_the_difference_of_two_totals(self):
        position = Story(loan(draws(14_400_000, limit_minor=761_500))).on("2024-03-05")
        days = [position.on + timedelta(days=after) for after in range(51)]
        totals = [grown(growth(position), kind="interest", until=on) for on in days]
        posted = [later - earlier for earlier, later in pairwise(totals)]
        assert set(posted) == {304, 305}
        assert sum(posted) == 15_230

    def test_includes_the_penalty_that_begins_after_the_grace_days(self):
        position = Story(loan(bullet())).on("2024-03-10")
        stretches = growth(position)
        assert grown(stretches, kind="penalty", until=day("2024-04-07")) == 0
        assert grown(stretches, kind="penalty", until=day("2024-04-29")) == 12_000
        assert grown(stretches, kind="compound", until=day("2024-04-29")) == 144

    def test_knows_of_an_overpayment_that_will_be_used(self):
        story = Story(loan(bullet())).paid("2024-03-10", 409_600)
        position = story.on("2024-03-11")
        assert grown(growth(position), kind="penalty", until=day("2024-04-29")) == 6_000
        assert story.on("2024-04-29").earned.penalty_minor == 6_000

    @pytest.mark.parametrize("part_minor", [409_600, 790_000, 900_000])
    def test_of_an_overdue_row_goes_on_until_a_waiting_overpayment_is_used(self, part_minor):
        overdue = OverdueRules(compound=CompoundMode.CONTRACT_UNTIL_MATURITY)
        only_fees = PaymentRules(rules=(Rule(Timing.PAST_DUE, "fee"),))
        terms = loan(bullet(), overdue=overdue, rules_by_kind=((PaymentKind.GOODWILL_CREDIT, only_fees),))
        # Its kind pays fees only, so it is left over, and is used when something falls due next: the charge.
        story = Story(terms).paid("2024-04-10", part_minor, payment=PaymentKind.GOODWILL_CREDIT)
        story.tell(kinds.ChargeAdded, "2024-04-12", due_on=day("2024-05-20"), amount_minor=1_000, id="fee")
        now = story.on("2024-05-01")
        assert (now.overpaid_minor, now.days_past_due) == (part_minor, 27)
        for later in ("2024-05-02", "2024-05-19", "2024-05-20", "2024-06-20"):
            then = story.on(later)
            for kind in ("penalty", "compound"):
                more = getattr(then.earned, f"{kind}_minor") - getattr(now.earned, f"{kind}_minor")
                assert grown(growth(now), kind=kind, until=then.on) == more

    @pytest.mark.parametrize("contract", [bullet(), draws(14_400_000, limit_minor=800_000, term_days=30)])
    def test_of_interest_is_over_on_the_due_date(self, contract):
        stretches = growth(Story(loan(contract)).on("2024-04-04"))
        assert {one.kind for one in stretches} == {"penalty", "compound"}

    def test_goes_on_for_rows_that_were_paid_in_advance(self):
        story = Story(loan(plan())).paid("2024-03-10", 5_200_000, instruction=kinds.Instruction.NEXT)
        assert grown(growth(story.on("2024-03-10")), kind="interest", until=day("2024-09-05")) > 150_000

    @pytest.mark.parametrize(("on", "later"), [("2024-05-10", "2024-12-01"), ("2024-03-20", "2024-07-20")])
    @pytest.mark.parametrize(
        "story",
        [
            Story(loan(plan(), overdue=OverdueRules(compound=CompoundMode.CONTRACT_UNTIL_MATURITY))),
            Story(loan(plan())).paid("2024-03-10", 1_000_000),
            Story(loan(plan())).tell(kinds.RateChanged, "2024-03-15", rate_e8=20_000_000),
            Story(loan(draws(rates=FALLING, term_days=60))),
        ],
    )
    def test_is_what_a_later_day_finds_earned(self, story, on, later):
        now, then = story.on(on), story.on(later)
        for kind in ("interest", "penalty", "compound"):
            more = grown(growth(now), kind=kind, until=then.on)
            assert then.earned.of(kind) == now.earned.of(kind) + more

    def test_of_a_draw_goes_on_while_an_overpayment_waits_for_its_due_date(self):
        # Interest of the repaid principal was waived before: what it would have taken is left over.
        story = Story(loan(draws(settlement=Settlement.ON_REPAID_PRINCIPAL)), amount=1_000_000)
        story.tell(kinds.InterestWaived, "2024-09-14").paid("2024-09-15", 100_000)
        now, then = story.on("2024-09-15"), story.on("2024-10-15")
        assert now.overpaid_minor > 0
        more = grown(growth(now), kind="interest", until=then.on)
        assert more == then.earned.interest_minor - now.earned.interest_minor > 10_000


class TestADifference:
    def test_leaves_debits_equal_to_credits(self):
        assert Story(loan(plan())).paid("2024-04-09", 1_000).on("2024-09-30").books.debits_less_credits == 0

    def test_is_nothing_between_equal_positions(self):
        story = Story(loan(plan()))
        assert difference(story.on("2024-05-01"), story.on("2024-05-01")) == ()

    def test_names_every_component_that_moved_and_balances(self):
        story = Story(loan(plan()))
        before = story.on("2024-05-10")
        after = story.paid("2024-04-05", 859_779).on("2024-05-10")
        adjustments = difference(before, after)
        changed = {one.component: (one.side, one.amount_minor) for one in adjustments}
        assert changed["principal"] == ("debit", -814_779)
        assert changed["settlement"] == ("credit", -859_779)
        assert changed["penalty_income"][1] < 0
        assert is_balanced(adjustments)

    def test_is_refused_between_two_days(self):
        story = Story(loan(plan()))
        with pytest.raises(PositionsNotComparable):
            difference(story.on("2024-05-01"), story.on("2024-05-02"))


class TestARateIndex:
    def test_adds_up_over_any_cut(self):
        rates = RateTable((RateStep(day("2024-01-01"), 14_400_000), RateStep(day("2024-03-20"), 18_000_000)))
        index = contract_index(rates, day_base=360)
        start, middle, end = day("2024-03-01"), day("2024-03-25"), day("2024-04-01")
        assert index.between(start, middle) + index.between(middle, end) == index.between(start, end)
        assert index.between(start, end) == 19 * 14_400_000 + 12 * 18_000_000
