"""Plans made again: which instalment is kept, and until when interest counts where a loan ends early."""

from __future__ import annotations

import pytest

from ledger.domain.plans.rate_table import RateTable
from ledger.domain.servicing.facts import Instruction
from ledger.kernel.rounding import Rounding
from tests.unit.ledger.domain.servicing.builders import Story, bullet, loan, plan


class TestAPayoff:
    # 8,000.00 at 14.4% over 360 is 3.20 a day; 10 days lie between 5 and 15 March.
    @pytest.mark.parametrize(("counts", "interest"), [(False, 3_200), (True, 3_520)])
    def test_costs_interest_for_its_own_day_where_the_last_day_counts(self, counts, interest):
        story = Story(loan(bullet(counts_last_day=counts)))
        assert story.on("2024-03-15").payoff.broken_interest_minor == interest

    # 8,001.30 at 14.4% over 360 costs 32.0052 in 10 days: half a unit and a little more.
    @pytest.mark.parametrize(("rounding", "interest"), [(Rounding.HALF_UP, 3_201), (Rounding.DOWN, 3_200)])
    def test_is_rounded_as_the_plan_rounds(self, rounding, interest):
        story = Story(loan(bullet(principal_minor=800_130, rounding=rounding)))
        assert story.on("2024-03-15").payoff.broken_interest_minor == interest


class TestAFurtherPart:
    def test_is_no_end_for_which_the_shortest_time_is_charged(self):
        # 4,000.00 for 10 days, then 8,000.00 for 20: 16.00 and 64.00.
        story = Story(loan(bullet(min_interest_days=20)), amount=400_000).disbursed("2024-03-15", 400_000)
        due = [one.due.interest_minor for one in story.on("2024-04-04").rows if one.version == 2]
        assert due == [8_000]


class TestAnAgreedInstalment:
    def test_ends_with_the_plan_it_was_agreed_for(self):
        free = plan(instalment_minor=800_000, rates=RateTable.constant(0))
        story = Story(loan(free)).paid("2024-04-05", 800_000)
        # 42,000.00 are left; a prepayment of 10,000.00 leaves five rows of a fifth of 32,000.00.
        position = story.paid("2024-04-05", 1_000_000, instruction=Instruction.REDUCE).on("2024-04-05")
        assert [one.due.principal_minor for one in position.rows if one.version == 2] == [640_000] * 5
        assert position.life.plan.instalment_minor is None
