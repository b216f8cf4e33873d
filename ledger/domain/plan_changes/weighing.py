"""A period in which the balance changes: one exact interest for all its days.

Owns: cutting a period on a day, and weighing the part before the day by the balance of that time, so that
the present balance times the period's factor is the interest of both parts, rounded once.
Refuses to know: why the balance changed.

| 10,000.00 at 12% for 30 days, and 5,000.00 more for the last 20 | 15,000.00 x (2/3 x 1% x 10/30 + 1% x 20/30) |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ledger.domain.plans.choices import Basis
from ledger.domain.plans.rows import FactorPiece, PlanPeriod
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.day_count import year_fraction


@dataclass(frozen=True)
class WeighedPiece(FactorPiece):
    """Days on which another balance stood: ``weight`` is that balance over the present one."""

    weight: Fraction


def weight_of(piece: FactorPiece) -> Fraction:
    """Return which share of the present balance stood during a piece."""
    return piece.weight if isinstance(piece, WeighedPiece) else Fraction(1)


def is_weighed(period: PlanPeriod) -> bool:
    """Say whether the balance changed within a period."""
    return any(isinstance(piece, WeighedPiece) for piece in period.pieces)


def blended(
    terms: PlanTerms, period: PlanPeriod, *, on: date, before_minor: int, after_minor: int
) -> PlanPeriod:
    """Return a period for the balance after a day on which it changed."""
    if on <= period.starts_on or before_minor == after_minor:
        return period
    before, after = cut(terms, period.pieces, on=on)
    ratio = Fraction(before_minor, after_minor)
    weighed = tuple(
        WeighedPiece(
            piece.starts_on,
            piece.ends_on,
            piece.rate,
            piece.full_rate,
            piece.year_part * ratio,
            weight_of(piece) * ratio,
        )
        for piece in before
    )
    return replace(period, pieces=(*weighed, *after))


def restarted(terms: PlanTerms, period: PlanPeriod, *, on: date) -> PlanPeriod:
    """Return what is left of a period from a day on."""
    _, after = cut(terms, period.pieces, on=on)
    return replace(period, starts_on=on, pieces=after)


def cut(
    terms: PlanTerms, pieces: Sequence[FactorPiece], *, on: date
) -> tuple[tuple[FactorPiece, ...], tuple[FactorPiece, ...]]:
    """Return the parts of pieces before a day and from it on; together they are worth what they were."""
    halves = [half for piece in pieces for half in _halves(terms, piece, on)]
    before = tuple(half for half in halves if half.ends_on <= on)
    return before, tuple(half for half in halves if half.ends_on > on)


def _halves(terms: PlanTerms, piece: FactorPiece, on: date) -> Iterator[FactorPiece]:
    if not piece.starts_on < on < piece.ends_on:
        yield piece
        return
    if terms.basis is Basis.EXACT:
        counted = year_fraction(convention=terms.day_count, start=piece.starts_on, end=on)
        first = counted * weight_of(piece)
    else:
        first = piece.year_part * Fraction((on - piece.starts_on).days, piece.days)
    yield replace(piece, ends_on=on, year_part=first)
    yield replace(piece, starts_on=on, year_part=piece.year_part - first)
