"""How a limit moves after it was granted: behaviour, receipts, a festival, a freeze (D-159, D-160, D-162, D-163).

Owns: each change with its cap and rounding, and what is left to draw. Changes of behaviour and receipts stay,
the festival's rise is an overlay for its days, both ends included; then the limit is what it was.
Refuses to know: why a card decides as it does, and loans. A change never touches what is already drawn: below
the outstanding principal nothing is available, and nothing is called in.
Behaviour rounds down to the step of the product; receipts and festivals are exact to the minor unit, down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lending.policies.limit_policy import BPS

RAISE, KEEP, CUT = "raise", "keep", "cut"
MOVES: Final = (RAISE, KEEP, CUT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One payment a seller received on a raise day."""

    payer: str
    amount_minor: int
    refunded: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Festival:
    """A rise for some days."""

    first_day: date
    last_day: date
    factor_bps: int


@dataclass(frozen=True, slots=True)
class ChangedLimit:
    """A limit after one change; ``count`` is of effective receipts."""

    before_minor: int
    after_minor: int
    count: int = 0


def by_behaviour(
    limit_minor: int, *, move: str, share_bps: int, step_minor: int, cap_minor: int
) -> ChangedLimit:
    """Return the limit after a B card's decision: up or down by a share, rounded down, never above the cap.

    A limit that is above the cap already is not raised, and not cut by a raise.
    """
    if move == KEEP:
        return ChangedLimit(limit_minor, limit_minor)
    factor = BPS + share_bps if move == RAISE else BPS - share_bps
    moved = limit_minor * factor // BPS // step_minor * step_minor
    raised = max(limit_minor, min(moved, cap_minor))
    return ChangedLimit(limit_minor, raised if move == RAISE else moved)


def by_receipts(
    limit_minor: int, *, receipts: Sequence[Receipt], each_minor: int, least_minor: int, cap_minor: int
) -> ChangedLimit:
    """Return the limit after one raise day: so much for each effective receipt, up to the cap."""
    count = len(effective_payers(receipts, least_minor=least_minor))
    raised = min(limit_minor + each_minor * count, max(limit_minor, cap_minor))
    return ChangedLimit(limit_minor, raised, count)


def effective_payers(receipts: Sequence[Receipt], *, least_minor: int) -> frozenset[str]:
    """Return the payers that count: each once, of a real amount, not refunded, and no linked account."""
    return frozenset(
        receipt.payer
        for receipt in receipts
        if receipt.amount_minor >= least_minor and not receipt.refunded and not receipt.linked
    )


def by_festival(limit_minor: int, *, festival: Festival, on: date, cap_minor: int) -> ChangedLimit:
    """Return the limit of a day: raised from the first to the last day, both included."""
    if not festival.first_day <= on <= festival.last_day:
        return ChangedLimit(limit_minor, limit_minor)
    raised = limit_minor * festival.factor_bps // BPS
    return ChangedLimit(limit_minor, max(limit_minor, min(raised, cap_minor)))


def available(limit_minor: int, *, outstanding_minor: int, frozen: bool) -> int:
    """Return what can still be drawn; never negative, and nothing while the line is frozen."""
    return 0 if frozen else max(0, limit_minor - outstanding_minor)
