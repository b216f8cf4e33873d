"""The life of a revolving account, day by day.

Owns: the order of draws and repayments on one day, which draw an unnamed repayment goes to, what it
settles there, and the interest payment days.
Refuses to know: how interest is earned, and what becomes of interest that was due and not paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.domain.plans.revolving import (
    Draw,
    DrawBalance,
    DrawOrder,
    InterestDue,
    Repayment,
    RevolvingImpossible,
    RevolvingTerms,
    Settled,
    Settlement,
)


@dataclass(frozen=True)
class RevolvingRun:
    """What happened, and every draw as it stands on the day asked for."""

    settled: tuple[Settled, ...]
    interest_due: tuple[InterestDue, ...]
    balances: tuple[DrawBalance, ...]


def run_revolving(
    *,
    terms: RevolvingTerms,
    draws: Sequence[Draw],
    repayments: Sequence[Repayment],
    on: date,
    interest_days: Sequence[date] = (),
) -> RevolvingRun:
    """Return what each repayment settled by a day. Refuses RevolvingImpossible.

    On one day draws come first, then repayments; what is unpaid at the end of an interest day is due.
    """
    balances: list[DrawBalance] = []
    settled: list[Settled] = []
    due: list[InterestDue] = []
    for fact in _in_order(draws, repayments, interest_days, on):
        if isinstance(fact, Draw):
            balances.append(_drawn(terms, balances, fact))
        elif isinstance(fact, Repayment):
            settled.extend(_repaid(terms, balances, fact))
        else:
            due.extend(_interest_due(balances, fact))
    return RevolvingRun(tuple(settled), tuple(due), tuple(balances))


def _in_order(
    draws: Sequence[Draw], repayments: Sequence[Repayment], interest_days: Sequence[date], on: date
) -> list[Draw | Repayment | date]:
    if len({draw.name for draw in draws}) < len(draws):
        raise RevolvingImpossible("Draws have names of their own.", field="draws")
    if max((*(draw.on for draw in draws), *(back.on for back in repayments)), default=on) > on:
        raise RevolvingImpossible("Draws and repayments lie before the day asked for.", field="on")
    facts: list[tuple[date, int, Draw | Repayment | date]] = [(draw.on, 0, draw) for draw in draws]
    facts += [(repayment.on, 1, repayment) for repayment in repayments]
    facts += [(day, 2, day) for day in interest_days if day <= on]
    return [fact for _, _, fact in sorted(facts, key=lambda ranked: ranked[:2])]


def _drawn(terms: RevolvingTerms, balances: Sequence[DrawBalance], draw: Draw) -> DrawBalance:
    outstanding = sum(balance.outstanding_minor for balance in balances)
    if terms.limit_minor is not None and outstanding + draw.amount_minor > terms.limit_minor:
        raise RevolvingImpossible(
            "The draw is larger than what is left of the limit.",
            field="draws",
            draw=draw.name,
            available_minor=terms.limit_minor - outstanding,
        )
    return DrawBalance(draw, terms, draw.amount_minor, draw.on)


def _interest_due(balances: Sequence[DrawBalance], on: date) -> Iterator[InterestDue]:
    for balance in balances:
        if balance.payable_minor(on) > 0:
            yield InterestDue(on=on, draw=balance.draw.name, interest_minor=balance.payable_minor(on))


def _repaid(terms: RevolvingTerms, balances: Sequence[DrawBalance], repayment: Repayment) -> list[Settled]:
    settled: list[Settled] = []
    left = repayment.amount_minor
    for balance in _open_draws(terms, balances, repayment):
        if left == 0:
            break
        interest, principal = _shares(terms, balance, left, repayment.on)
        balance.settle(repayment.on, interest_minor=interest, principal_minor=principal)
        settled.append(_settled(balance, repayment.on, interest, principal))
        if left is not None:
            by_principal = terms.settlement is Settlement.ON_REPAID_PRINCIPAL
            left -= principal if by_principal else interest + principal
    if left or not settled:
        raise RevolvingImpossible(
            "The repayment is larger than what is outstanding on its day.",
            field="repayments",
            on=repayment.on.isoformat(),
            left_over_minor=left or 0,
        )
    return settled


def _settled(balance: DrawBalance, on: date, interest_minor: int, principal_minor: int) -> Settled:
    return Settled(
        on=on,
        draw=balance.draw.name,
        days=(on - balance.draw.on).days,
        interest_minor=interest_minor,
        principal_minor=principal_minor,
        outstanding_minor=balance.outstanding_minor,
    )


def _open_draws(
    terms: RevolvingTerms, balances: Sequence[DrawBalance], repayment: Repayment
) -> list[DrawBalance]:
    """Return the draws a repayment may go to, the first one first."""
    named = [balance for balance in balances if repayment.draw in (None, balance.draw.name)]
    still_open = [
        balance
        for balance in named
        if balance.outstanding_minor
        or (terms.settlement is Settlement.ALL_ACCRUED and balance.payable_minor(repayment.on) > 0)
    ]
    oldest_first = sorted(still_open, key=lambda balance: (balance.draw.on, balance.draw.name))
    if terms.order is DrawOrder.OLDEST:
        return oldest_first
    return sorted(oldest_first, key=lambda balance: -balance.draw.rates.contract_rate(repayment.on))


def _shares(terms: RevolvingTerms, balance: DrawBalance, left: int | None, on: date) -> tuple[int, int]:
    """Return the interest and the principal that a payment settles; without an amount, everything."""
    if terms.settlement is Settlement.ON_REPAID_PRINCIPAL:
        principal = balance.outstanding_minor if left is None else min(left, balance.outstanding_minor)
        return balance.interest_since_draw(principal, on), principal
    payable = balance.payable_minor(on)
    interest = payable if left is None else min(left, payable)
    rest = balance.outstanding_minor if left is None else left - interest
    return interest, min(rest, balance.outstanding_minor)
