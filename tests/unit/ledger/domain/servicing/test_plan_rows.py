"""Rows of a plan: the days over which their interest is earned, and interest of a single unit."""

from __future__ import annotations

import pytest

from ledger.domain.servicing import facts as kinds
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, loan

DUE = "2024-04-04"


class TestInterestOfARow:
    def test_may_be_a_single_unit(self):
        # 1.00 at 14.4% for 30 days over 360 is 0.012.
        assert Story(loan(bullet(30, 100))).on(DUE).due.interest_minor == 1

    # 8,000.00 at 14.4% for 20 days is 64.00, at 18% for the 10 days that are left 40.00.
    @pytest.mark.parametrize(("on", "earned"), [("2024-03-25", 6_400), ("2024-03-30", 8_400), (DUE, 10_400)])
    def test_is_earned_at_the_rate_of_each_day_although_a_promotion_was_once_to_end_within_it(
        self, on, earned
    ):
        story = Story(loan(bullet()))
        story.tell(
            kinds.PromotionGranted,
            "2024-03-06",
            share_e8=50_000_000,
            until=day("2024-03-20"),
            id="promotion",
        )
        story.tell(kinds.PromotionEnded, "2024-03-06", of="promotion")
        story.tell(kinds.RateChanged, "2024-03-25", rate_e8=18_000_000)
        assert story.on(on).earned.interest_minor == earned
