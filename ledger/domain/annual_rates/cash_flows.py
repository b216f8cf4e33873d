"""The internal rate of return of cash flows, and the simple rate.

Owns: IRR over whole periods, XIRR over days / 365, and interest and fees over the principal in use.
Refuses to know: which of them must be shown, and any ceiling. Flows are seen by the borrower: money
received is positive, money paid is negative; the rate is the same seen by the lender.
Source: PBoC announcement 2021 no. 3 names both the compound (IRR) and the simple way.

| 24,000 over 12 months, 2,000 + 240 a month, 360 on day 0 | |
| IRR x 12 | 24.40% | effective | 27.33% | XIRR from 2024-01-15 | 27.31% | simple | 24.92% |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.root_finding import DIGITS, RateNotFound, find_rate

YEAR_DAYS: Final = 365


class PrincipalNeverInUse(Refusal):
    """Without principal in use for some time there is nothing a simple rate could relate to."""

    code = "LEDGER_PRINCIPAL_NEVER_IN_USE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class DatedFlow:
    """Money on a day."""

    on: date
    amount_minor: int


def internal_rate(amounts_minor: Sequence[int], *, near: Decimal | None = None) -> Decimal:
    """Return the rate per period of flows 0, 1, 2 ... Refuses RateNotFound, RateAmbiguous.

    Of several rates the one nearest to ``near`` is meant; without it they are refused.
    """
    require_sign_change(amounts_minor)

    def value_and_slope(rate: Decimal) -> tuple[Decimal, Decimal]:
        discount = 1 / (1 + rate)
        value, slope = Decimal(0), Decimal(0)
        for amount in reversed(amounts_minor):
            slope = slope * discount + value
            value = value * discount + amount
        # The slope so far is by the discount; the discount falls by its square as the rate grows.
        return value, -slope * discount * discount

    return find_rate(value_and_slope, near=near, is_single=turns_once(amounts_minor))


def dated_internal_rate(flows: Sequence[DatedFlow], *, near: Decimal | None = None) -> Decimal:
    """Return the yearly rate at which dated flows are worth zero. Refuses RateNotFound, RateAmbiguous."""
    by_day = _by_day(flows)
    require_sign_change([amount for _, amount in by_day])

    def value_and_slope(rate: Decimal) -> tuple[Decimal, Decimal]:
        # One root for all flows: whole powers of it are far cheaper than one exponential each.
        daily = (-(1 + rate).ln() / YEAR_DAYS).exp()
        value, slope = Decimal(0), Decimal(0)
        for days, amount in by_day:
            present = amount * daily**days
            value += present
            slope -= present * days / (YEAR_DAYS * (1 + rate))
        return value, slope

    is_single = turns_once([amount for _, amount in by_day])
    return find_rate(value_and_slope, near=near, is_single=is_single)


def compounded(rate: Decimal, *, periods: Fraction) -> Decimal:
    """Return the effective yearly rate of a rate per period: 2.0336% a month is 27.33% a year."""
    with localcontext() as context:
        context.prec = DIGITS
        return (1 + rate) ** (Decimal(periods.numerator) / periods.denominator) - 1


def simple_rate(*, cost_minor: int, balances: Sequence[tuple[int, Fraction]]) -> Fraction:
    """Return interest and fees over the principal in use: (2,880 + 360) / 13,000 is 24.92% in a year.

    ``balances`` says how much was outstanding for which part of a year. Refuses PrincipalNeverInUse.
    """
    in_use = sum((balance * years for balance, years in balances), Fraction(0))
    if in_use <= 0:
        raise PrincipalNeverInUse("No principal was in use for any time.", field="flows")
    return cost_minor / in_use


def _by_day(flows: Sequence[DatedFlow]) -> list[tuple[int, int]]:
    first = min((flow.on for flow in flows), default=date.min)
    totals: dict[int, int] = {}
    for flow in flows:
        days = (flow.on - first).days
        totals[days] = totals.get(days, 0) + flow.amount_minor
    return sorted(totals.items())


def turns_once(amounts_minor: Sequence[int]) -> bool:
    """Say whether amounts in order of time change direction once only: then no second rate fits them."""
    ways = [amount > 0 for amount in amounts_minor if amount]
    return sum(earlier is not later for earlier, later in pairwise(ways)) == 1


def require_sign_change(amounts_minor: Sequence[int]) -> None:
    """Refuse amounts that flow one way only: RateNotFound."""
    if min(amounts_minor, default=0) >= 0 or max(amounts_minor, default=0) <= 0:
        raise RateNotFound(
            "Money must flow both ways: without a change of sign there is no rate.", field="flows"
        )
