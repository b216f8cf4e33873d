"""Equal instalments: when the level is set, over which factors, and what it leaves for principal.

Owns: the level after a principal grace, the new level after a rate change (computed with the rates known
by the due date of that row), the one level over all known rates, and a given instalment.
Refuses to know: interest rounding and grace, which are the walk's.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ledger.domain.plans.choices import Basis, Level
from ledger.domain.plans.level import exact_level, rounded_to_multiple
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.rows import FactorPiece, PlanPeriod
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import Step


class LevelRule:
    """The principal rule of equal instalments; ``levels`` collects every exact level by row number."""

    def __init__(
        self, terms: PlanTerms, periods: Sequence[PlanPeriod], *, given_minor: int | None = None
    ) -> None:
        self._terms, self._periods, self._given_minor = terms, periods, given_minor
        self._steps_known = 0
        self._level_minor = 0
        self.levels: list[tuple[int, Fraction]] = []

    def __call__(self, step: Step) -> tuple[int, int | None]:
        """Return what the level leaves for principal, and the level."""
        if step.index < self._terms.grace.principal_rows:
            return 0, None
        if self._given_minor is not None:
            return self._given_minor - step.interest_minor, self._given_minor
        known = self._known_at(step.index)
        if not self.levels or len(known.steps) > self._steps_known:
            self._set_level(step, known)
        self._steps_known = len(known.steps)
        return self._level_minor - step.interest_minor, self._level_minor

    def _known_at(self, index: int) -> RateTable:
        rates = self._terms.rates
        return rates.known_before(self._periods[index].due_on) if self._terms.relevels else rates

    def _set_level(self, step: Step, known: RateTable) -> None:
        whole = None if self._by_days() else self._whole_step()
        level = exact_level(
            balance_minor=step.balance_minor,
            balloon_minor=self._terms.balloon_minor,
            factors=[self._factor(period, known, whole) for period in self._periods[step.index :]],
        )
        self.levels.append((self._periods[step.index].number, level))
        self._level_minor = rounded_to_multiple(
            amount=level, multiple_minor=self._terms.multiple_minor, mode=self._terms.rounding
        )

    def _factor(self, period: PlanPeriod, known: RateTable, whole: Fraction | None) -> Fraction:
        """Return the interest on one unit in a row, by its own days or for a whole step."""
        total = Fraction(0)
        for piece in period.pieces:
            part = piece.year_part if whole is None else _share(whole, piece, period)
            total += self._rate_as_known(piece, known) * part
        return total

    def _rate_as_known(self, piece: FactorPiece, known: RateTable) -> Fraction:
        if known is self._terms.rates:
            return piece.rate
        (as_known,) = known.pieces(start=piece.starts_on, end=piece.ends_on)
        return as_known.rate

    def _by_days(self) -> bool:
        return (self._terms.level or default_level(self._terms.basis)) is Level.LEVEL_EXACT

    def _whole_step(self) -> Fraction:
        return self._terms.due_dates.frequency.year_part(year_days=self._terms.year_days)


def _share(whole: Fraction, piece: FactorPiece, period: PlanPeriod) -> Fraction:
    return whole if piece.days == period.days else whole * Fraction(piece.days, period.days)


def default_level(basis: Basis) -> Level:
    """Return how the level is set where the terms do not say: rows by exact days get an exact level."""
    return Level.LEVEL_EXACT if basis is Basis.EXACT else Level.ANNUITY_PERIODIC
