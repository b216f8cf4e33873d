"""Accruals: cumulative, exact, rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.builders.accruals import daily_accrual

START = date(2024, 3, 5)


def day(number):
    return START + timedelta(days=number)


def daily(*, ends_on=None):
    return daily_accrual(base_minor=761_500, rate_e8=14_400_000, started_on=START, ends_on=ends_on)


class TestDailyAccrual:
    @pytest.mark.parametrize(("days", "earned"), [(0, 0), (1, 305), (2, 609), (3, 914), (50, 15_230)])
    def test_rounds_the_total_and_never_the_day(self, days, earned):
        # 7,615.00 at 14.4% / 360 is 3.046 a day; 50 days are 152.30, not 50 x 3.05 = 152.50.
        assert daily().earned(day(days)) == earned

    def test_earns_nothing_before_it_starts_or_after_it_ends(self):
        accrual = daily(ends_on=day(10))
        assert accrual.earned(day(-5)) == 0
        assert accrual.earned(day(99)) == accrual.earned(day(10))

    def test_sums_to_the_same_by_the_day_and_in_one_go(self):
        assert sum(daily().amount_of_day(day(n)) for n in range(50)) == daily().earned(day(50))

    def test_leaves_the_days_before_its_first_close_to_the_event_that_made_it(self):
        caught_up = replace(daily(), accrue_from=day(3))
        posted = [caught_up.amount_of_day(day(number)) for number in range(5)]
        assert posted == [0, 0, 0, caught_up.earned(day(4)) - 914, daily().amount_of_day(day(4))]
