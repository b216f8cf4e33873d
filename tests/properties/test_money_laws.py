"""Money: no unit is made or lost, whatever the amount, the scale and the ratios."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ledger.kernel.currencies import SCALES
from ledger.kernel.money import MINOR_UNITS_MAX, Money, split_minor_units
from ledger.kernel.rounding import Rounding, divide_rounded

minor_units = st.integers(-MINOR_UNITS_MAX, MINOR_UNITS_MAX)
amounts = st.builds(Money, minor_units, st.sampled_from(sorted(SCALES)))
ratios = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@given(amount=amounts)
def test_text_reads_back_as_the_same_amount(amount):
    assert Money.parse(amount.as_text(), currency=amount.currency) == amount


@given(amount=amounts, ratios=ratios)
def test_parts_sum_to_the_whole_and_stray_less_than_one_unit(amount, ratios):
    parts = [part.minor_units for part in amount.split(ratios=ratios)]
    assert sum(parts) == amount.minor_units
    for part, ratio in zip(parts, ratios, strict=True):
        assert abs(part - Fraction(amount.minor_units * ratio, sum(ratios))) < 1


@given(amount=amounts, parts=st.integers(1, 60))
def test_equal_parts_differ_by_one_unit_at_most_and_the_larger_come_first(amount, parts):
    shares = [abs(share.minor_units) for share in amount.split(parts=parts)]
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


@given(amount=amounts, ratios=ratios)
def test_a_reversal_splits_like_what_it_reverses(amount, ratios):
    assert [-part for part in amount.split(ratios=ratios)] == list((-amount).split(ratios=ratios))


@given(
    numerator=st.integers(-(10**40), 10**40),
    denominator=st.integers(1, 10**20),
    mode=st.sampled_from(list(Rounding)),
)
def test_rounding_is_the_nearest_whole_number_and_symmetric(numerator, denominator, mode):
    rounded = divide_rounded(numerator=numerator, denominator=denominator, mode=mode)
    distance = abs(rounded - Fraction(numerator, denominator))
    assert distance < 1 if mode is Rounding.DOWN else distance <= Fraction(1, 2)
    assert divide_rounded(numerator=-numerator, denominator=denominator, mode=mode) == -rounded


def test_a_million_splits_are_not_biased_but_for_ties():
    """Of three parties at 50 : 31 : 19 only the last two ever tie, once in a hundred amounts; the earlier one wins."""
    parts, received = (50, 31, 19), [0, 0, 0]
    amounts = range(1, 1_000_001)
    for amount in amounts:
        for party, share in enumerate(split_minor_units(amount, ratios=parts)):
            received[party] += share
    exact = [Fraction(sum(amounts) * ratio, 100) for ratio in parts]
    ties = len(amounts) // 100
    assert [got - due for got, due in zip(received, exact, strict=True)] == [
        0,
        ties * Fraction(1, 2),
        -ties * Fraction(1, 2),
    ]


@given(ratios=st.lists(st.integers(1, 60), min_size=2, max_size=6))
def test_over_all_remainders_no_party_is_favoured_beyond_its_ties(ratios):
    total = sum(ratios)
    received, ties = [0] * len(ratios), 0
    for amount in range(total):
        remainders = [amount * ratio % total for ratio in ratios]
        ties += len(remainders) - len(set(remainders))
        for party, share in enumerate(split_minor_units(amount, ratios=ratios)):
            received[party] += share
    exact = [Fraction(ratio * (total - 1), 2) for ratio in ratios]
    assert all(abs(got - due) <= ties for got, due in zip(received, exact, strict=True))
