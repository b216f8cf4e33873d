"""Numbers of 19 significant digits, ties to the even neighbour.

Owns: the precision of everything that lies between the amounts of a schedule, and the one rounding to
minor units. Refuses to know: what the numbers mean.
The contexts are made once; making one for each operation would cost more than the arithmetic.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

SIGNIFICANT_DIGITS: Final = 19
DIGITS: Final = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_EVEN)
_WIDE: Final = Context(prec=80, rounding=ROUND_HALF_EVEN)
_FACTOR_UNIT: Final = Decimal(1).scaleb(-SIGNIFICANT_DIGITS)
NOTHING: Final = Decimal(0)
ONE: Final = Decimal(1)


def rounded_minor(amount: Decimal) -> int:
    """Return an amount in whole minor units: 2.5 and 1.5 are both 2."""
    return int(_WIDE.to_integral_value(amount))


def rounded_factor(factor: Decimal) -> Decimal:
    """Return the interest on one unit with 19 decimals."""
    return _WIDE.quantize(factor, _FACTOR_UNIT)


def exact_sum(left: Decimal, right: Decimal) -> Decimal:
    """Return a sum that loses no digit."""
    return _WIDE.add(left, right)


def shared_minor(*, amount_minor: int, parts: int) -> int:
    """Return an equal part in minor units, ties to even; all parts together may miss the whole."""
    return rounded_minor(DIGITS.divide(Decimal(amount_minor), Decimal(parts)))


def rounded_to_multiple(*, amount_minor: int, multiple_minor: int) -> int:
    """Return the nearest multiple; an amount that would become nothing is left as it is."""
    if multiple_minor == 1:
        return amount_minor
    multiples = rounded_minor(DIGITS.divide(Decimal(amount_minor), Decimal(multiple_minor)))
    return multiples * multiple_minor or amount_minor
