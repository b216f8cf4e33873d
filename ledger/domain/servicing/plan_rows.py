"""Rows of a plan as claims.

Owns: what each row asks for, interest that grace rows put off to a later row, and the pieces of days over
which interest is earned.
Refuses to know: how a plan is made and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ledger.domain.plans.choices import Grace, GraceInterest
from ledger.domain.plans.rows import INSTALMENT, FactorPiece, PlanPeriod, PlanRow
from ledger.domain.servicing.claims import INTEREST, PRINCIPAL, Claim, Piece, RowKind, none_each
from ledger.domain.servicing.life import Life
from ledger.kernel.rounding import divide_rounded


def add_rows(life: Life, rows: Sequence[PlanRow], *, grace: Grace, put_off: list[Piece]) -> list[Claim]:
    """Add the rows of a plan; ``put_off`` is interest of grace rows gone by."""
    claims = []
    for place, row in enumerate(rows):
        own = _pieces(row)
        claim = _claim(life, row, (*put_off, *own))
        claim.is_forgiven = place < grace.interest_rows and grace.interest is GraceInterest.FORGIVEN
        if row.interest_minor or row.capitalised_minor:
            put_off = []
        elif row.accrued_minor:
            claim.pieces, put_off = (), [*put_off, *own]
        claims.append(life.add(claim))
    life.mature(claims[-1].due_on)
    return claims


def _claim(life: Life, row: PlanRow, pieces: tuple[Piece, ...]) -> Claim:
    period, amounts = row.period, none_each()
    amounts[PRINCIPAL] = row.principal_minor
    amounts[INTEREST] = sum(piece.amount_minor for piece in pieces) if row.interest_minor else 0
    amounts[INTEREST] += row.capitalised_minor
    is_instalment = row.kind == INSTALMENT
    claim = Claim(
        name=f"{life.version}/{period.number}",
        kind=RowKind.INSTALMENT if is_instalment else RowKind.DOWN_PAYMENT,
        version=life.version,
        starts_on=period.starts_on,
        due_on=period.due_on,
        grace_ends=life.grace_ends(period.due_on, period.pay_by),
        charged_from=life.charged_from(period.due_on, period.pay_by),
        amounts=amounts,
        pieces=pieces,
        period=period if is_instalment else None,
        counted_from=period.starts_on,
        level_minor=row.level_minor,
        planned_minor=row.principal_minor,
        capitalised_minor=row.capitalised_minor,
        number=period.number,
    )
    if sum(amounts) == 0:
        claim.settled_on = period.due_on
    return claim


def _pieces(row: PlanRow) -> tuple[Piece, ...]:
    """Spread the interest of a row over its days; each stretch of one rate gets its share, rounded cumulatively."""
    period, total = row.period, row.accrued_minor
    factor, stretches = period.factor, _stretches(period)
    if len(stretches) == 1 or factor == 0:
        return (Piece(period.starts_on, period.due_on, total),)
    pieces, before, reached = [], Fraction(0), 0
    for part in stretches:
        before += part.factor
        by_now = divide_rounded(
            numerator=total * before.numerator * factor.denominator,
            denominator=before.denominator * factor.numerator,
        )
        starts_on = part.starts_on if part.days else period.starts_on
        pieces.append(Piece(starts_on, part.ends_on, by_now - reached))
        reached = by_now
    return tuple(pieces)


def _stretches(period: PlanPeriod) -> list[FactorPiece]:
    """Join pieces of one rate: a promotion that was to end within the row may have ended before."""
    joined: list[FactorPiece] = []
    for piece in period.pieces:
        last = joined[-1] if joined else None
        if last is not None and last.days and last.rate == piece.rate:
            year_part = last.year_part + piece.year_part
            joined[-1] = replace(last, ends_on=piece.ends_on, year_part=year_part)
        else:
            joined.append(piece)
    return joined
