"""Numbers as text, and sentences that say how a figure came about.

Owns: amounts, exact amounts before rounding, rates and percentages as decimal text.
Refuses to know: the arithmetic itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Final

from ledger.domain.plans.rows import FactorPiece
from ledger.kernel.currencies import scale_of
from ledger.kernel.money import Money

EXACT_DECIMALS: Final = 10
_DIGITS: Final = 60
# Beyond so many digits before the point a figure is shown by its power of ten.
_WHOLE_DIGITS_MAX: Final = 40


def money(minor: int, currency: str) -> str:
    """Return an amount with the decimals of its currency."""
    return Money(minor, currency).as_text()


def exact_money(minor: Fraction, currency: str) -> str:
    """Return an amount before rounding, with up to ten decimals of the major unit."""
    return number(minor / 10 ** scale_of(currency))


def number(value: Fraction | Decimal, *, decimals: int = EXACT_DECIMALS) -> str:
    """Return a decimal text with at most so many decimals and no needless zeros."""
    with localcontext() as context:
        context.prec = _DIGITS
        exact = Fraction(value)
        quantum = Decimal(1).scaleb(-decimals)
        value = Decimal(exact.numerator) / exact.denominator
        if value.adjusted() >= _WHOLE_DIGITS_MAX:
            return f"{value:.{decimals}E}"
        rounded = value.quantize(quantum, ROUND_HALF_UP)
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Fraction | Decimal) -> str:
    """Return a rate in percent with two decimals, as it is shown to a borrower."""
    text = number(Fraction(value) * 100, decimals=2)
    if "E" in text:
        return text
    whole, _, part = text.partition(".")
    return f"{whole}.{part.ljust(2, '0')}"


def factor(pieces: Sequence[FactorPiece]) -> str:
    """Return the interest on one unit as a product, or a sum of products: 0.108 x 31/360."""
    parts = [f"{number(piece.rate)} x {piece.year_part}" for piece in pieces]
    return parts[0] if len(parts) == 1 else "(" + " + ".join(parts) + ")"
