"""Rounding a ratio of two whole numbers to a whole number.

Owns: the three modes a product may choose, and the meaning of each for negative amounts.
Refuses to know: money, currencies, and any number with a binary fraction.

| ratio | half up | half even | down |
| ----- | ------- | --------- | ---- |
|  5/2  |    3    |     2     |   2  |
|  7/2  |    4    |     4     |   3  |
| -5/2  |   -3    |    -2     |  -2  |
"""

from __future__ import annotations

from enum import StrEnum


class Rounding(StrEnum):
    """How a tie, or any remainder, is decided. Every mode is symmetric around zero."""

    HALF_UP = "half_up"  # a tie goes away from zero
    HALF_EVEN = "half_even"  # a tie goes to the even neighbour
    DOWN = "down"  # every remainder is dropped, towards zero


def divide_rounded(*, numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return numerator / denominator as a whole number, rounded once."""
    if type(numerator) is not int or type(denominator) is not int:
        raise TypeError("only whole numbers can be divided here")
    if denominator <= 0:
        raise ValueError("a denominator is a positive whole number")
    quotient, remainder = divmod(abs(numerator), denominator)
    if _rounds_away(quotient=quotient, remainder=remainder, denominator=denominator, mode=mode):
        quotient += 1
    return -quotient if numerator < 0 else quotient


def _rounds_away(*, quotient: int, remainder: int, denominator: int, mode: Rounding) -> bool:
    if mode is Rounding.DOWN:
        return False
    if 2 * remainder != denominator:
        return 2 * remainder > denominator
    return mode is Rounding.HALF_UP or quotient % 2 == 1
