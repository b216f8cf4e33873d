"""How a life's rows grow from a day on if nothing more happens.

Owns: interest of rows to come, penalty and compound interest that run or will begin after the grace days,
and overpayments that will be used on due dates, as stretches of constant pace.
Refuses to know: accounts and whether what grows is income.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.domain.accrual import COMPOUND as COMPOUND_KIND
from ledger.domain.accrual import INTEREST as INTEREST_KIND
from ledger.domain.accrual import PENALTY as PENALTY_KIND
from ledger.domain.servicing.claims import COMPOUND, INTEREST, PENALTY, PRINCIPAL, Claim
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.position import Growth, Position
from ledger.domain.servicing.rate_index import RateIndex


def growth(position: Position) -> tuple[Growth, ...]:
    """Return every stretch after the day of a position, row by row."""
    life, on = position.life, position.on
    final = _overpayment_used(life) if life.overpaid else life
    present = {claim.name: claim for claim in life.rows}
    stretches: list[Growth] = []
    for claim in final.rows:
        # A row that was paid in advance still earns its interest day by day.
        if claim.settled_on is None or claim.settled_on > on or claim.due_on > on:
            stretches += _interest(claim, present[claim.name], on)
            stretches += _charged(final, claim, present[claim.name], on)
    return tuple(stretches)


def _overpayment_used(life: Life) -> Life:
    """Return a copy of the life after the due dates on which its overpayment will be used."""
    later = copy(life)
    later.rows = [copy(claim) for claim in life.rows]
    for claim in later.rows:
        claim.gone, claim.paid = list(claim.gone), list(claim.paid)
    later.uses, later.totals = list(life.uses), deepcopy(life.totals)
    later.terms = life.terms
    for claim in later.rows:
        if claim.due_on > later.now and later.overpaid:
            later.advance(claim.due_on)
    return later


@dataclass(frozen=True)
class _Grower:
    """What one kind of amount of one row grows on: ``carry`` is what it has at ``starts_on``."""

    row: str
    kind: str
    index: RateIndex
    base_minor: int
    fixed_minor: int
    earned_before_minor: int

    def stretches(self, starts_on: date, ends_on: date | None, carry: int) -> Iterator[Growth]:
        """Yield a stretch for each rate of the index until the end."""
        before = self.index.at(starts_on)
        for begins, until, total, pace in self.index.stretches(starts_on):
            if ends_on is not None and begins >= ends_on:
                return
            stops = until if ends_on is None else ends_on if until is None else min(until, ends_on)
            yield self.flat(begins, stops, carry + self.base_minor * (total - before), pace)

    def flat(self, starts_on: date, ends_on: date | None, carry: int, pace: int = 0) -> Growth:
        """Return one stretch."""
        return Growth(
            row=self.row,
            kind=self.kind,
            starts_on=starts_on,
            ends_on=ends_on,
            per_day_numerator=self.base_minor * pace,
            denominator=self.index.denominator,
            carry_numerator=carry,
            fixed_minor=self.fixed_minor,
            earned_before_minor=self.earned_before_minor,
        )


def _interest(claim: Claim, present: Claim, on: date) -> Iterator[Growth]:
    if claim.due_on <= on:
        return
    now = present.interest_by(on)
    if claim.daily is not None:
        changes_on = min(claim.interest_since, claim.due_on)
        if changes_on > on:  # an overpayment reaches the draw on that day: until then it grows as it is
            yield from _of_draw(present, claim.daily, (on, changes_on), now)
        yield from _of_draw(claim, claim.daily, (max(on, claim.interest_since), claim.due_on), now)
        exact = claim.interest_exact_by(claim.due_on)
        yield _grower_of(claim, claim.daily, now).flat(claim.due_on, None, exact)
        return
    fixed = claim.brought[INTEREST]
    row = (claim.name, INTEREST_KIND)
    for piece in claim.pieces:
        if piece.ends_on > on:
            start, days = max(on, piece.starts_on), (piece.ends_on - piece.starts_on).days
            carry = piece.amount_minor * (start - piece.starts_on).days
            yield Growth(*row, start, piece.ends_on, piece.amount_minor, days, carry, fixed, now)
        fixed += piece.amount_minor
    yield Growth(*row, claim.due_on, None, 0, 1, 0, claim.amounts[INTEREST], now)


def _of_draw(claim: Claim, index: RateIndex, days: tuple[date, date], now: int) -> Iterator[Growth]:
    start, end = days
    return _grower_of(claim, index, now).stretches(start, end, claim.interest_exact_by(start))


def _grower_of(claim: Claim, index: RateIndex, now: int) -> _Grower:
    base = claim.amounts[PRINCIPAL] - claim.gone[PRINCIPAL]
    return _Grower(claim.name, INTEREST_KIND, index, base, claim.amounts[INTEREST], now)


def _charged(life: Life, claim: Claim, present: Claim, on: date) -> Iterator[Growth]:
    """Yield penalty and compound interest from the first day after the grace days, or from the day on.

    An overpayment that waits reaches an overdue row on a later day: until then it grows on what it owes now, and
    keeps afterwards what it has grown.
    """
    start = max(on, claim.grace_ends + timedelta(days=1))
    changes_on = max(start, claim.penalty_since)
    now = present.charged_by(on, life.paces, life.matures_on)
    waits = changes_on > start
    if waits:
        yield from _charged_between(life, present, (start, changes_on), now)
    yield from _charged_between(life, claim, (changes_on, None), now, holds=waits)


def _charged_between(
    life: Life, claim: Claim, days: tuple[date, date | None], now: tuple[int, int], *, holds: bool = False
) -> Iterator[Growth]:
    """Yield what grows on what is open; ``holds`` keeps to what has grown although nothing is."""
    (start, end), grows = days, not claim.is_within_tolerance(life.paces)
    principal = claim.amounts[PRINCIPAL] - claim.gone[PRINCIPAL] if grows else 0
    if principal > 0 or holds:
        fixed, pace = claim.amounts[PENALTY], life.paces.penalty
        grower = _Grower(claim.name, PENALTY_KIND, pace, principal, fixed, now[0])
        yield from grower.stretches(start, end, claim.penalty_exact_by(start, life.paces))
    interest = claim.open_interest(claim.due_on) - claim.capitalised_minor if grows else 0
    if (interest > 0 or holds) and life.paces.compounds:
        yield from _compound(life, claim, interest, days, now[1])


def _compound(
    life: Life, claim: Claim, base_minor: int, days: tuple[date, date | None], now: int
) -> Iterator[Growth]:
    start, end = days
    fixed, matures_on = claim.amounts[COMPOUND], life.matures_on
    before = life.paces.until_maturity
    if before is not None and matures_on > start:
        grower = _Grower(claim.name, COMPOUND_KIND, before, base_minor, fixed, now)
        exact = claim.compound_exact_by(start, life.paces, matures_on)
        yield from grower.stretches(start, matures_on if end is None else min(matures_on, end), exact)
        start = matures_on
    grower = _Grower(claim.name, COMPOUND_KIND, life.paces.penalty, base_minor, fixed, now)
    yield from grower.stretches(start, end, claim.compound_exact_by(start, life.paces, matures_on))


def grown(stretches: Iterable[Growth], *, kind: str, until: date) -> int:
    """Return what one kind grows from the day of the position until a later day."""
    return sum(
        one.earned(until) - one.earned_before_minor
        for one in stretches
        if one.kind == kind and one.starts_on <= until and (one.ends_on is None or until < one.ends_on)
    )
