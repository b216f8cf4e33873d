"""Accruals: cutting time into pieces changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.accruals import daily_accrual

START = date(2024, 1, 1)
bases = st.integers(1, 10**12)
rates = st.integers(1, 36_000_000)


def accrual(base, rate, *, on=START, ends_on=None, carry=0):
    return daily_accrual(base_minor=base, rate_e8=rate, started_on=on, ends_on=ends_on, carry_numerator=carry)


@settings(deadline=None)
@given(base=bases, rate=rates, days=st.integers(0, 200), length=st.integers(1, 250))
def test_day_by_day_is_in_one_go(base, rate, days, length):
    whole = accrual(base, rate, ends_on=START + timedelta(days=length))
    daily = [whole.amount_of_day(START + timedelta(days=day)) for day in range(days)]
    assert sum(daily) == whole.earned(START + timedelta(days=days))
    assert min(daily, default=0) >= 0


@settings(deadline=None)
@given(
    rate=rates,
    segments=st.lists(st.tuples(st.integers(0, 60), bases), min_size=1, max_size=12),
)
def test_segments_carry_exactly_what_they_earned(rate, segments):
    running, on, exact, base = accrual(segments[0][1], rate), START, Fraction(0), segments[0][1]
    for days, next_base in segments:
        on += timedelta(days=days)
        exact += Fraction(base * rate * days, 360 * 10**8)
        earned = running.earned(on)
        running = accrual(next_base, rate, on=on, carry=running.exact_numerator(on))
        base = next_base
        assert running.earned(on) == earned
        assert abs(earned - exact) <= Fraction(1, 2)
    assert Fraction(running.carry_numerator, running.denominator) == exact
