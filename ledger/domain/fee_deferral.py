"""Origination fees as income over the life of a loan (effective interest rate).

Owns: the rate at which the money really handed out is repaid by the rows, the fee earned with each row,
and the straight line that may replace it for short loans.
Refuses to know: accounts, and what happens at a payoff (what is still deferred is earned then).

| 50,000.00, fee 500.00, six rows of 8,597.79 | monthly rate 1.1926955391%                  |
| fee earned with each row                    | 140.38, 118.21, 95.56, 72.42, 48.78, 24.65 |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from ledger.domain.annual_rates.cash_flows import internal_rate
from ledger.kernel.money import split_minor_units
from ledger.kernel.root_finding import DIGITS


@dataclass(frozen=True)
class FeeDeferral:
    """The rate per row, and the fee earned with each row; the last one earns what is left."""

    rate: Decimal | None
    earned_minor: tuple[int, ...]


def defer_by_effective_rate(
    *, principal_minor: int, fee_minor: int, rows: Sequence[tuple[int, int]]
) -> FeeDeferral:
    """Spread a fee so that the loan earns one rate; rows are (interest, total). Refuses RateNotFound."""
    received = principal_minor - fee_minor
    rate = internal_rate([received, *(-total for _, total in rows)])
    earned: list[int] = []
    with localcontext() as context:
        context.prec = DIGITS
        cost = Decimal(received)
        for interest_minor, total_minor in rows:
            income = cost * rate
            cost += income - total_minor
            earned.append(int((income - interest_minor).to_integral_value(ROUND_HALF_UP)))
    earned[-1] += fee_minor - sum(earned)
    return FeeDeferral(rate, tuple(earned))


def defer_by_straight_line(*, fee_minor: int, count: int) -> FeeDeferral:
    """Spread a fee evenly over the rows."""
    return FeeDeferral(None, split_minor_units(fee_minor, ratios=(1,) * count))
