"""Periods of a plan that is made again: the same due dates at other rates, or from another day.

Owns: cutting a period where a rate changes, starting the running one again on a day, and carrying its interest
so far into it, so that the row's interest is still rounded once.
Refuses to know: balances before and after, and rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rows import FactorPiece, PlanPeriod
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.day_count import year_fraction


@dataclass(frozen=True)
class Cut:
    """How the running period goes on from a day: with interest of the days before it carried in, or anew."""

    on: date
    carried: Fraction | None = None


def rerated(terms: PlanTerms, period: PlanPeriod) -> PlanPeriod:
    """Return a period at the rates now known, its own cuts kept."""
    pieces = [
        part for piece in period.pieces for part in ([piece] if piece.days == 0 else _parts(terms, piece))
    ]
    return replace(period, pieces=tuple(pieces))


def _parts(terms: PlanTerms, piece: FactorPiece) -> list[FactorPiece]:
    cuts = terms.rates.pieces(start=piece.starts_on, end=piece.ends_on)
    counted = piece.year_part == year_fraction(
        convention=terms.day_count, start=piece.starts_on, end=piece.ends_on
    )
    return [
        FactorPiece(
            cut.starts_on,
            cut.ends_on,
            cut.rate,
            cut.full_rate,
            year_fraction(convention=terms.day_count, start=cut.starts_on, end=cut.ends_on)
            if counted
            else piece.year_part * Fraction((cut.ends_on - cut.starts_on).days, piece.days),
        )
        for cut in cuts
    ]


def restarted(terms: PlanTerms, period: PlanPeriod, cut: Cut, balance_minor: int) -> PlanPeriod:
    """Start a running period again on a day, with interest carried in as interest on the new balance.

    The part carried in is a piece without days, which no change of rates touches any more.
    """
    if cut.on <= period.starts_on:
        return period
    later = counted_pieces(terms, start=cut.on, end=period.due_on)
    if cut.carried is None:
        return replace(period, starts_on=cut.on, pieces=later)
    rate = terms.rates.pieces(start=cut.on, end=cut.on)[0].rate or Fraction(1)
    before = FactorPiece(cut.on, cut.on, rate, rate, cut.carried / balance_minor / rate)
    return replace(period, pieces=(before, *later))
