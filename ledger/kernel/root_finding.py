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
STEPS_MAX: Final = 300

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
            raise RateNotFound("No rate makes the value of these amounts zero.", field="flows")
        if len(brackets) > 1:
            raise RateAmbiguous(
                "More than one rate makes the value of these amounts zero.",
                field="flows",
                between=[[str(low), str(high)] for low, high in brackets],
            )
        return _narrowed(curve, *brackets[0])


def _grid() -> Iterator[Decimal]:
    # Fine where rates of credit lie, ever wider beyond; the last one is a million times the principal.
    yield from (Decimal(value) for value in ("-0.999999", "-0.99", "-0.9", "-0.5", "-0.2", "-0.05"))
    yield from (Decimal(value) for value in ("-0.005", "0.001", "0.0105", "0.031", "0.107", "0.303"))
    yield from (Decimal(value) for value in ("0.707", "1.51", "5.03", "20.3", "101", "1003", "1000003"))


def _brackets(curve: Curve) -> Iterator[tuple[Decimal, Decimal]]:
    values = [(rate, curve(rate)[0]) for rate in _grid()]
    for (low, below), (high, above) in pairwise(values):
        if below == 0 or below * above < 0:
            yield low, high


def _narrowed(curve: Curve, low: Decimal, high: Decimal) -> Decimal:
    value, _ = curve(low)
    rising = value < 0
    rate = low if value == 0 else (low + high) / 2
    for _ in range(STEPS_MAX):
        value, slope = curve(rate)
        if value == 0 or high - low < TOLERANCE:
            break
        low, high = (rate, high) if (value < 0) is rising else (low, rate)
        newton = rate - value / slope if slope else low
        closer = newton if low < newton < high else (low + high) / 2
        if abs(closer - rate) < TOLERANCE:
            return closer
        rate = closer
    return rate
