"""Interest of revolving draws that fell due on a payment day and was not paid then.

Owns: what became due on each day, what is left of it after repayments (the oldest first), and compound
interest on the part that is unpaid, for the days since it was due.
Refuses to know: penalties on principal, and accounts. Compound interest bears no interest.

| 40,000.00 at 14.4%, due on the 20th | due    | unpaid on 2024-04-20 | compound at 21.6%, 31 days |
| ----------------------------------- | ------ | -------------------- | -------------------------- |
| 2024-03-20                          | 304.00 | 304.00               | 5.65                       |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from ledger.domain.plans.revolving import DrawBalance, InterestDue, Settled
from ledger.domain.plans.revolving_run import RevolvingRun
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded


@dataclass(frozen=True, kw_only=True)
class CompoundTerms:
    """Unpaid interest bears the contract rate raised by ``uplift_e8``; paid within the grace days, none."""

    uplift_e8: int = RATE_UNIT // 2
    grace_days: int = 0


@dataclass(frozen=True, kw_only=True)
class OverdueInterest:
    """Interest of one draw that fell due on one day."""

    draw: str
    due_on: date
    due_minor: int
    unpaid_minor: int
    compound: Fraction
    compound_minor: int


@dataclass
class _Item:
    due_on: date
    due_minor: int
    unpaid_minor: int
    paid: list[tuple[date, int]] = field(default_factory=list)


def overdue_interest(
    run: RevolvingRun, *, on: date, compound: CompoundTerms | None
) -> tuple[OverdueInterest, ...]:
    """Return what fell due by a day, draw by draw; without terms nothing is compounded."""
    return tuple(
        _answer(balance, item, on, compound)
        for balance in run.balances
        for item in _items(balance.draw.name, run.interest_due, run.settled)
    )


def _items(draw: str, due: Sequence[InterestDue], settled: Sequence[Settled]) -> list[_Item]:
    """Return what fell due, less what was settled since; a payment comes before what falls due that day."""
    facts: list[tuple[date, int, int]] = [
        (found.on, 0, found.interest_minor) for found in settled if found.draw == draw
    ]
    facts += [(found.on, 1, found.interest_minor) for found in due if found.draw == draw]
    items: list[_Item] = []
    for day, rank, minor in sorted(facts, key=lambda fact: fact[:2]):
        if rank == 0:
            _pay(items, day, minor)
        else:
            known = sum(item.unpaid_minor for item in items)
            items.append(_Item(day, minor - known, minor - known))
    return items


def _pay(items: Sequence[_Item], day: date, minor: int) -> None:
    for item in items:
        part = min(minor, item.unpaid_minor)
        if part:
            item.unpaid_minor -= part
            item.paid.append((day, part))
            minor -= part


def _answer(balance: DrawBalance, item: _Item, on: date, compound: CompoundTerms | None) -> OverdueInterest:
    exact = Fraction(0) if compound is None else _compound(balance, item, on, compound)
    return OverdueInterest(
        draw=balance.draw.name,
        due_on=item.due_on,
        due_minor=item.due_minor,
        unpaid_minor=item.unpaid_minor,
        compound=exact,
        compound_minor=divide_rounded(
            numerator=exact.numerator, denominator=exact.denominator, mode=balance.terms.rounding
        ),
    )


def _compound(balance: DrawBalance, item: _Item, on: date, terms: CompoundTerms) -> Fraction:
    """Return the exact interest on each part until it was paid; parts paid within the grace bear none."""
    raised = Fraction(RATE_UNIT + terms.uplift_e8, RATE_UNIT)
    last_free = item.due_on + timedelta(days=terms.grace_days)
    parts = [*item.paid, (on, item.unpaid_minor)]
    return raised * sum(
        (minor * balance.factor(item.due_on, until) for until, minor in parts if until > last_free),
        Fraction(0),
    )
