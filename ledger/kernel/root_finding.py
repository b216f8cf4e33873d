"""Finding the one rate at which a function of it is zero, in decimal numbers.

Owns: the search for a bracket, Newton's method inside it with halving as the fallback, and the refusals
when there is no sign change, or more than one.
Refuses to know: what the function means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

DIGITS: Final = 40
TOLERANCE: Final = Decimal("1e-20")

# Returns the value and the slope of the function at a rate.
Curve = Callable[[Decimal], tuple[Decimal, Decimal]]


class RateNotFound(Refusal):
    """The amounts have no sign change, so no rate makes their value zero."""

    code = "LEDGER_RATE_NOT_FOUND"
    kind = RefusalKind.INVALID


class RateAmbiguous(Refusal):
    """More than one rate makes the value of the amounts zero."""

    code = "LEDGER_RATE_AMBIGUOUS"
    kind = RefusalKind.INVALID


def find_rate(curve: Curve) -> Decimal:
    """Return the rate above -1 at which a curve is zero. Refuses RateNotFound, RateAmbiguous."""
    with localcontext() as context:
        context.prec = DIGITS
        brackets = list(_brackets(curve))
        if not brackets:
            raise RateNotFound("No rate within reach makes the value of these amounts zero.", field="flows")
        if len(brackets) > 1:
            raise RateAmbiguous(
                "More than one rate makes the value of these amounts zero.",
                field="flows",
                between=[[str(low), str(high)] for low, high in brackets],
            )
        return _narrowed(curve, *brackets[0])


def _grid() -> Iterator[Decimal]:
    # Fine where rates of credit lie, ever wider beyond: 4% for one day is 1,600,000 times the principal a
    # year later.
    yield from (Decimal(value) for value in ("-0.999999", "-0.99", "-0.9", "-0.5", "-0.2", "-0.05"))
    yield from (Decimal(value) for value in ("-0.005", "0.001", "0.0105", "0.031", "0.107", "0.303"))
    yield from (Decimal(value) for value in ("0.707", "1.51", "5.03", "20.3", "101", "1003", "1000003"))
    yield from (Decimal(value) for value in ("1e10", "1e15", "1e20", "1e30"))


def _brackets(curve: Curve) -> Iterator[tuple[Decimal, Decimal]]:
    values = [(rate, curve(rate)[0]) for rate in _grid()]
    for (low, below), (high, above) in pairwise(values):
        if below == 0 or below * above < 0:
            yield low, high


def _narrowed(curve: Curve, low: Decimal, high: Decimal) -> Decimal:
    """Return the root in a bracket. Every other step halves, so that it ends whatever the slope says."""
    value, _ = curve(low)
    rising, rate, halves = value < 0, low, False
    while high - low > TOLERANCE * (1 + abs(high)):
        value, slope = curve(rate)
        if value == 0:
            break
        low, high = (rate, high) if (value < 0) is rising else (low, rate)
        newton = rate - value / slope if slope else low
        is_inside = low < newton < high
        if is_inside and abs(newton - rate) < TOLERANCE * (1 + abs(high)):
            return newton
        rate = newton if is_inside and not halves else (low + high) / 2
        halves = not halves
    return rate
