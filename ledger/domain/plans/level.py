"""The equal instalment that repays a balance over given periods.

Owns: A = (B x N - Z) / F with q = 1 + the interest on one unit in a row, N the product of all q, F the sum
of what one unit paid in each row grows to, and Z a balloon; the same formula for whole steps (where it is
the annuity) and for exact days.
Refuses to know: rounding, dates and what a row pays besides.

| 50,000.00 at 10.8%, 6 whole months                     |  8,597.793180... |
| 50,000.00 at 10.8%, ACT/360 from 2024-01-31, 3 months  | 16,965.86        |
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from ledger.kernel.rounding import Rounding, divide_rounded


def exact_level(*, balance_minor: int, balloon_minor: int, factors: Sequence[Fraction]) -> Fraction:
    """Return the unrounded instalment; ``factors`` is the interest on one unit in each row."""
    # One common denominator keeps whole numbers throughout; fractions would look for common divisors
    # after each of the n multiplications.
    base = lcm(*(factor.denominator for factor in factors))
    growth = [base + factor.numerator * (base // factor.denominator) for factor in factors]
    power, grown_unit, paid_units = 1, 1, 0
    for step in growth:
        paid_units = paid_units * step + power
        grown_unit *= step
        power *= base
    return Fraction(balance_minor * grown_unit - balloon_minor * power, base * paid_units)


def rounded_to_multiple(*, amount: Fraction, multiple_minor: int, mode: Rounding) -> int:
    """Round once to the minor unit, then to the multiple: 322.33 in whole units is 322."""
    minor = divide_rounded(numerator=amount.numerator, denominator=amount.denominator, mode=mode)
    return divide_rounded(numerator=minor, denominator=multiple_minor, mode=mode) * multiple_minor
