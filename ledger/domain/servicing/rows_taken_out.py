"""Rows of a plan that another plan is about to replace.

Owns: taking them out, what stays behind of rows on which something was paid in advance, and handing charges
and interest paid in advance to the rows that come instead.
Refuses to know: how the new rows are planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date

from ledger.domain.servicing.claims import (
    COMPOUND,
    FEE,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    Claim,
    Piece,
    none_each,
)
from ledger.domain.servicing.life import Life


@dataclass
class Taken:
    """Rows taken out of the plan (copies), and what they asked for, had been given and had brought."""

    old: list[Claim]
    amounts: list[int] = field(default_factory=none_each)
    gone: list[int] = field(default_factory=none_each)
    brought: list[int] = field(default_factory=none_each)


def take_out(life: Life, to_come: Sequence[Claim], on: date) -> Taken:
    """Take rows to come out of the plan; what was paid on one stays behind as a settled row."""
    taken = Taken([replace_amounts(claim) for claim in to_come])
    life.remove(to_come)
    for claim in to_come:
        for component in (FEE, PENALTY, COMPOUND, INTEREST):
            taken.gone[component] += claim.gone[component]
            taken.brought[component] += claim.brought[component]
            if component != INTEREST:
                taken.amounts[component] += claim.amounts[component]
        if any(claim.paid) or any(claim.waived):
            _leave_behind(life, claim, on)
    return taken


def hand_over(taken: Taken, new: Sequence[Claim]) -> None:
    """Give charges, interest brought in and interest paid in advance to new rows, the first one first."""
    first, ahead = new[0], taken.gone[INTEREST]
    for component in (FEE, PENALTY, COMPOUND):
        first.amounts[component] += taken.amounts[component]
        first.gone[component] += taken.gone[component]
        first.brought[component] += taken.brought[component]
    first.amounts[INTEREST] += taken.brought[INTEREST]
    first.brought[INTEREST] += taken.brought[INTEREST]
    for claim in new:
        given = min(ahead, claim.amounts[INTEREST] - claim.gone[INTEREST])
        claim.gone[INTEREST] += given
        ahead -= given
    if ahead:
        _earn_besides(first, ahead)


def _earn_besides(first: Claim, ahead: int) -> None:
    """Let interest that was paid in advance beyond all interest to come be earned over the days of a row."""
    first.amounts[INTEREST] += ahead
    first.gone[INTEREST] += ahead
    *before, last = first.pieces or (Piece(first.starts_on, first.due_on, 0),)
    first.pieces = (*before, replace(last, amount_minor=last.amount_minor + ahead))


def replace_amounts(claim: Claim) -> Claim:
    """Return a copy of a row whose amounts are what is left of its principal."""
    left = copy(claim)
    left.amounts = list(claim.amounts)
    left.amounts[PRINCIPAL] -= claim.gone[PRINCIPAL]
    return left


def _leave_behind(life: Life, claim: Claim, on: date) -> None:
    repaid = claim.gone[PRINCIPAL]
    claim.amounts, claim.gone, claim.brought = none_each(), none_each(), none_each()
    claim.amounts[PRINCIPAL] = claim.gone[PRINCIPAL] = repaid
    claim.due_on, claim.starts_on, claim.settled_on = on, min(claim.starts_on, on), on
    claim.pieces, claim.period, claim.capitalised_minor = (), None, 0
    life.add(claim)
