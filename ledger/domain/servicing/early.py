"""Repaying before it is due: what ends a loan on a day, and what a prepayment does to the rows to come.

Owns: the payoff of a day, collapsing the rows to come into one that is due at once, and planning the rest.
Refuses to know: the order in which a payment is used.
Source: Civil Code art. 677, interest is charged for the time the money was used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.domain.servicing.claims import (
    INTEREST,
    PRINCIPAL,
    Claim,
    Piece,
    RowKind,
    none_each,
)
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.planning import balance_to_come, collapsed, interest_until, rounded
from ledger.domain.servicing.rows_taken_out import Taken, take_out
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded


@dataclass(frozen=True)
class Payoff:
    """What ends a loan on a day: everything due, and what is to come with its interest so far."""

    due: tuple[int, ...]
    broken_interest_minor: int
    charges_to_come_minor: int
    principal_to_come_minor: int
    fee_minor: int

    @property
    def total_minor(self) -> int:
        """Return the one amount that ends the loan."""
        to_come = self.broken_interest_minor + self.charges_to_come_minor + self.principal_to_come_minor
        return sum(self.due) + to_come + self.fee_minor


def payoff_on(life: Life, on: date) -> Payoff:
    """Return what ends the loan on a day."""
    due, to_come = none_each(), life.rows_to_come(on)
    for claim in life.rows_open():
        if claim.due_on <= on or claim.daily is not None:
            for component, owed in enumerate(life.open(claim, on)):
                due[component] += owed
    later_charges = [
        claim for claim in life.rows_open() if claim.due_on > on and claim.kind is RowKind.CHARGE
    ]
    charges = charges_of(life, [*to_come, *later_charges], on)
    principal, broken = balance_to_come(to_come), 0
    if to_come:
        broken = max(
            0, broken_interest(life, to_come, on, ends=True) - sum(claim.gone[INTEREST] for claim in to_come)
        )
    fee = divide_rounded(numerator=principal * life.terms.early_fee_e8, denominator=RATE_UNIT)
    return Payoff(tuple(due), broken, charges, principal, fee)


def charges_of(life: Life, claims: Sequence[Claim], on: date) -> int:
    """Return fees and penalties that rows owe."""
    return sum(sum(life.open(claim, on)[:INTEREST]) for claim in claims)


def broken_interest(life: Life, to_come: Sequence[Claim], on: date, *, ends: bool) -> int:
    """Return the interest of the running row by a day, rounded once, with what it took over."""
    exact = interest_until(life, to_come, balance_to_come(to_come), on, ends=ends)
    return rounded(life, exact) + sum(claim.brought[INTEREST] for claim in to_come)


def due_at_once(
    life: Life, on: date, *, interest_minor: int, principal_minor: int, goes_on: bool = False
) -> tuple[Claim, Taken]:
    """Take the rows to come out and put one row in their place, due on a day, with given amounts.

    Charges of rows to come fall due with it. Interest paid on them in advance counts for it: as much as it
    asks for where rows come after it, and ``taken`` keeps the rest for those; else all, and it stays earned.
    """
    taken = take_out(life, life.rows_to_come(on), on)
    running = taken.old[0]
    amounts, starts_on = list(taken.amounts), min(running.starts_on, on)
    gone, ahead = list(taken.gone), max(0, taken.gone[INTEREST] - interest_minor) if goes_on else 0
    gone[INTEREST] -= ahead
    amounts[INTEREST] = max(interest_minor, gone[INTEREST])
    amounts[PRINCIPAL] = principal_minor
    early = life.new_claim(name=f"{running.name}e", kind=RowKind.EARLY, due_on=on, amounts=amounts)
    early.starts_on, early.number, early.gone = starts_on, running.number, gone
    early.pieces = (Piece(starts_on, on, amounts[INTEREST] - taken.brought[INTEREST]),)
    early.brought = list(taken.brought)
    taken.gone[INTEREST] = ahead
    if on > life.now:
        collapsed(life, early, taken.old)
    life.add(early)
    return early, taken
