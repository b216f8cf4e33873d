"""Accruals: cutting time into pieces changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.accrual import INTEREST, daily_accrual
from ledger.domain.allocation import STANDARD_ORDER, InstalmentBuckets, allocate

START = date(2024, 1, 1)
bases = st.integers(1, 10**12)
rates = st.integers(1, 36_000_000)
amounts = st.integers(0, 10**6)


def accrual(base, rate, *, ends_on=None):
    return daily_accrual(
        key="interest:1.1",
        kind=INTEREST,
        base_minor=base,
        annual_rate_e8=rate,
        day_base=360,
        started_on=START,
        ends_on=ends_on,
        accrue_from=START,
    )


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
        running = running.restarted(on, next_base * rate)
        base = next_base
        assert running.earned(on) == earned
        assert abs(earned - exact) <= Fraction(1, 2)
    assert Fraction(running.carry_numerator, running.denominator) == exact


@st.composite
def dues(draw):
    numbers = range(1, draw(st.integers(1, 5)) + 1)
    return [
        InstalmentBuckets(number=n, **{f"{bucket}_minor": draw(amounts) for bucket in STANDARD_ORDER})
        for n in numbers
    ]


@given(dues=dues(), amount=st.integers(1, 2 * 10**7), order=st.permutations(STANDARD_ORDER))
def test_no_bucket_is_paid_while_an_earlier_one_is_open(dues, amount, order):
    overdue = frozenset(due.number for due in dues)
    result = allocate(amount_minor=amount, dues=dues, order=tuple(order), overdue=overdue)
    given_by = {part.number: part for part in result.parts}
    nothing = InstalmentBuckets(number=0)
    steps = [(due, bucket) for due in dues for bucket in order]
    if order[0] == "principal":
        steps.sort(key=lambda step: step[1] != "principal")
    paid = [given_by.get(due.number, nothing).of(bucket) for due, bucket in steps]
    owed = [due.of(bucket) for due, bucket in steps]
    assert sum(paid) + result.left_over_minor == amount
    first_open = next((i for i, (p, o) in enumerate(zip(paid, owed, strict=True)) if p < o), len(steps))
    assert not any(paid[first_open + 1 :])
    assert result.left_over_minor == max(0, amount - sum(owed))
