"""An accrual in whole steps is the same accrual, and is refused where 64 bits might not hold it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.accrual import INTEREST, Accrual
from ledger.domain.accrual_steps import DAYS_WITHOUT_END, LARGEST, WholeSteps, whole_steps
from tests.builders.accruals import daily_accrual

START = date(2024, 1, 1)


def accrual(*, per_day, denominator, carry=0, length=None):
    return Accrual(
        key="interest:1.1",
        kind=INTEREST,
        started_on=START,
        ends_on=None if length is None else START + timedelta(days=length),
        accrue_from=START,
        per_day_numerator=per_day,
        denominator=denominator,
        carry_numerator=carry,
        settled_minor=0,
    )


class TestWholeSteps:
    @pytest.mark.parametrize(
        ("base_minor", "annual_rate_e8", "day_base", "steps"),
        [
            (761_500, 14_400_000, 360, WholeSteps(2, 1_523, 5)),
            (1_000_000, 18_000_000, 365, WholeSteps(36, 36_000, 73)),
            (1, 14_400_000, 360, WholeSteps(1_250, 1, 2_500)),
            (100_000, 0, 360, WholeSteps(0, 0, 1)),
        ],
    )
    def test_have_nothing_left_in_common(self, base_minor, annual_rate_e8, day_base, steps):
        daily = daily_accrual(
            base_minor=base_minor, rate_e8=annual_rate_e8, day_base=day_base, started_on=START
        )
        assert whole_steps(daily) == steps

    def test_of_interest_that_is_spread_evenly_end_on_its_amount(self):
        spread = accrual(per_day=100, denominator=31, length=31)
        steps = whole_steps(spread)
        assert [steps.earned(days=days) for days in (0, 1, 30, 31)] == [0, 3, 97, 100]

    def test_exist_up_to_the_largest_number_of_64_bits_and_not_beyond(self):
        largest = LARGEST // (DAYS_WITHOUT_END + 1)
        assert whole_steps(accrual(per_day=largest, denominator=1)) is not None
        assert whole_steps(accrual(per_day=largest + 1, denominator=1)) is None
        assert whole_steps(accrual(per_day=1, denominator=LARGEST + 1)) is None

    def test_allow_more_a_day_to_an_accrual_that_ends_sooner(self):
        per_day = LARGEST // DAYS_WITHOUT_END
        assert whole_steps(accrual(per_day=per_day, denominator=1)) is None
        assert whole_steps(accrual(per_day=per_day, denominator=1, length=365)) is not None

    @pytest.mark.parametrize("changes", [{"per_day": -1, "carry": 9}, {"per_day": 1, "carry": -1}])
    def test_do_not_exist_below_zero(self, changes):
        assert whole_steps(accrual(denominator=360, **changes)) is None

    @settings(max_examples=300, deadline=None)
    @given(
        per_day=st.integers(0, 10**17),
        denominator=st.integers(1, 10**11),
        carry=st.integers(0, 10**20),
        length=st.none() | st.integers(0, 4000),
        days=st.integers(0, 5000),
    )
    def test_earn_what_the_fraction_earns(self, per_day, denominator, carry, length, days):
        exact = accrual(per_day=per_day, denominator=denominator, carry=carry, length=length)
        steps = whole_steps(exact)
        if steps is None:
            return
        counted = days if length is None else min(days, length)
        assert steps.earned(days=counted) == exact.earned(START + timedelta(days=days))
        assert steps.begun_at + steps.day_step * (counted + 1) <= LARGEST
