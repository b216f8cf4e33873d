"""Finding the one rate at which a function of it is zero, in decimal numbers.

Owns: the search for brackets, Newton's method inside one with halving as the fallback, which of several
rates is meant, and the refusals when there is none, or more than one and nothing says which.
Refuses to know: what the function means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from itertools import pairwise
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

DIGITS: Final = 40
TOLERANCE: Final = Decimal("1e-20")
_HALVINGS: Final = 40
_CUTS: Final = 16
_SHOWN: Final = Decimal("1e-10")

# Returns the value and the slope of the function at a rate.
Curve = Callable[[Decimal], tuple[Decimal, Decimal]]
# A rate, the value there and the slope there.
Point = tuple[Decimal, Decimal, Decimal]


class RateNotFound(Refusal):
    """The amounts have no sign change, so no rate makes their value zero."""

    code = "LEDGER_RATE_NOT_FOUND"
    kind = RefusalKind.INVALID


class RateAmbiguous(Refusal):
    """More than one rate makes the value of the amounts zero."""

    code = "LEDGER_RATE_AMBIGUOUS"
    kind = RefusalKind.INVALID


def find_rate(curve: Curve, *, near: Decimal | None = None, is_single: bool = False) -> Decimal:
    """Return the rate above -1 at which a curve is zero; of several, the one nearest to ``near``.

    ``is_single`` says that there cannot be two, so that nobody looks for a second one.
    Refuses RateNotFound, RateAmbiguous.
    """
    with localcontext() as context:
        context.prec = DIGITS
        # A rate near -1 over three centuries of days is a power far below the usual least number.
        context.Emax, context.Emin = MAX_EMAX, MIN_EMIN
        brackets = list(_brackets(curve, cuts=1 if is_single else _CUTS))
        if not brackets:
            raise RateNotFound("No rate within reach makes the value of these amounts zero.", field="flows")
        rates = [_narrowed(curve, low, high) for low, high in brackets]
        return _only(rates) if near is None else min(rates, key=lambda rate: abs(rate - near))


def _only(rates: list[Decimal]) -> Decimal:
    """Return the rate, or the one of several that is not negative. Refuses RateAmbiguous."""
    usual = [rate for rate in rates if rate >= 0]
    if len(usual) != 1 < len(rates):
        raise RateAmbiguous(
            "More than one rate makes the value of these amounts zero; say which is meant.",
            field="near",
            rates=[format(rate.quantize(_SHOWN), "f") for rate in rates],
        )
    return usual[0] if usual else rates[0]


def _grid() -> Iterator[Decimal]:
    # Fine where rates of credit lie, ever wider beyond: 4% for one day is 1,600,000 times the principal a
    # year later.
    yield from (Decimal(value) for value in ("-0.999999999999999", "-0.999999999", "-0.999999", "-0.99"))
    yield from (Decimal(value) for value in ("-0.9", "-0.5", "-0.2", "-0.05"))
    yield from (Decimal(value) for value in ("-0.005", "0.001", "0.0105", "0.031", "0.107", "0.303"))
    yield from (Decimal(value) for value in ("0.707", "1.51", "5.03", "20.3", "101", "1003", "1000003"))
    yield from (Decimal(value) for value in ("1e10", "1e15", "1e20", "1e30"))


def _brackets(curve: Curve, *, cuts: int) -> Iterator[tuple[Decimal, Decimal]]:
    coarse = list(_grid())
    rates = [low + (high - low) * cut / cuts for low, high in pairwise(coarse) for cut in range(cuts)]
    points = [(rate, *curve(rate)) for rate in (*rates, coarse[-1])]
    for low, high in pairwise(points):
        yield from _between(curve, low, high, halvings=0 if cuts == 1 else _HALVINGS)


def _between(curve: Curve, low: Point, high: Point, *, halvings: int) -> Iterator[tuple[Decimal, Decimal]]:
    """Halve a stretch as long as its slopes say that the curve turns inside it: 19% and 20% can be a pair."""
    crosses = low[1] == 0 or low[1] * high[1] < 0
    if halvings and _turns(low, high, crosses=crosses):
        middle = (low[0] + high[0]) / 2
        point = (middle, *curve(middle))
        yield from _between(curve, low, point, halvings=halvings - 1)
        yield from _between(curve, point, high, halvings=halvings - 1)
    elif crosses:
        yield low[0], high[0]


def _turns(low: Point, high: Point, *, crosses: bool) -> bool:
    """Say whether the slopes at both ends contradict a curve that runs straight through, or stays away."""
    if crosses:
        direction = high[1] - low[1]
        return min(low[2] * direction, high[2] * direction) < 0
    return low[1] * low[2] < 0 < high[1] * high[2]


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
