"""Accruals: cumulative, exact, rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ledger.domain.accrual import INTEREST, Accrual, daily_accrual, linear_accrual, merge_accruals

START = date(2024, 3, 5)


def day(number):
    return START + timedelta(days=number)


def daily(*, base_minor=761_500, rate_e8=14_400_000, ends_on=None):
    return daily_accrual(
        key="interest:1.1",
        kind=INTEREST,
        base_minor=base_minor,
        annual_rate_e8=rate_e8,
        day_base=360,
        started_on=START,
        ends_on=ends_on,
        accrue_from=START,
    )


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

    def test_is_payable_until_it_is_settled(self):
        accrual = daily().settled(15_000)
        assert accrual.payable(day(50)) == 230
        assert not accrual.is_done(day(50))

    def test_leaves_the_days_before_its_first_close_to_the_event_that_made_it(self):
        caught_up = replace(daily(), accrue_from=day(3))
        posted = [caught_up.amount_of_day(day(number)) for number in range(5)]
        assert posted == [0, 0, 0, caught_up.earned(day(4)) - 914, daily().amount_of_day(day(4))]


class TestRestartedAccrual:
    def test_carries_the_exact_amount_over(self):
        # 3.046 a day for one day, then half of it for one day: 4.569, rounded once to 4.57.
        whole = daily()
        halved = whole.restarted(day(1), whole.per_day_numerator // 2)
        assert halved.earned(day(1)) == whole.earned(day(1)) == 305
        assert halved.earned(day(2)) == 457
        assert halved.key == whole.key

    def test_leaves_earlier_days_to_the_earlier_segment(self):
        halved = daily().restarted(day(3), 1)
        assert halved.amount_of_day(day(2)) == 0
        assert halved.accrue_from == day(3)

    def test_drifts_by_nothing_over_many_restarts(self):
        accrual = daily()
        for n in range(1, 50):
            accrual = accrual.restarted(day(n), accrual.per_day_numerator)
        assert accrual.earned(day(50)) == 15_230


class TestLinearAccrual:
    @pytest.mark.parametrize(
        ("days", "earned"), [(0, 0), (1, 1_452), (11, 15_968), (31, 45_000), (40, 45_000)]
    )
    def test_reaches_the_amount_of_the_row_on_its_due_date(self, days, earned):
        accrual = linear_accrual(key="interest:1.1", amount_minor=45_000, starts_on=START, due_on=day(31))
        assert accrual.earned(day(days)) == earned

    def test_starts_with_its_period_and_with_nothing(self):
        accrual = linear_accrual(key="interest:1.1", amount_minor=45_000, starts_on=START, due_on=day(31))
        assert accrual == Accrual(
            key="interest:1.1",
            kind=INTEREST,
            started_on=START,
            ends_on=day(31),
            accrue_from=START,
            per_day_numerator=45_000,
            denominator=31,
            carry_numerator=0,
            settled_minor=0,
        )


class TestClosedAccrual:
    def test_stops_growing_and_keeps_what_was_earned(self):
        closed = daily().closed(day(3))
        assert closed.earned(day(3)) == closed.earned(day(9)) == 914
        assert closed.closed(day(9)) == closed

    def test_can_be_closed_at_interest_by_actual_days(self):
        closed = daily().settled(100).closed_at(day(3), 900)
        assert closed.payable(day(3)) == closed.payable(day(30)) == 900
        assert closed.settled(900).is_done(day(3))

    def test_at_another_amount_is_a_segment_of_that_day_without_a_pace(self):
        before = daily().settled(100)
        closed = before.closed_at(day(3), 900)
        assert closed == replace(
            before,
            started_on=day(3),
            ends_on=day(3),
            accrue_from=day(3),
            per_day_numerator=0,
            carry_numerator=1_000 * before.denominator,
        )

    def test_that_never_started_keeps_its_dates(self):
        closed = daily().closed_at(day(-10), 0)
        assert (closed.started_on, closed.ends_on) == (START, START)
        assert closed.is_done(day(-10))


class TestMergeAccruals:
    def test_replaces_by_key_and_forgets_what_is_done(self):
        held = (daily(), linear_accrual(key="interest:1.2", amount_minor=9, starts_on=START, due_on=day(9)))
        slower = daily().restarted(day(1), 1)
        done = held[1].closed(day(0))
        assert merge_accruals(held, [slower, done], on=day(1)) == (slower,)
