"""What one indicator of a scorecard is worth: tables that turn a value into points (D-117).

Owns: numeric tables of half-open intervals, tables of categories, the neutral points of a missing value, and
the check that every value falls into exactly one bin.
Refuses to know: what the indicator measures, and how much weight it has. Points lie between 0 and 100.
An interval holds its lower bound and not its upper one; the order in which intervals are listed does not
matter. The lowest interval has no lower bound and the highest none above, so that no value is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind

POINTS_MAX: Final = 100
NEUTRAL: Final = "neutral"
OTHER: Final = "other"


class ScoreBinsOverlap(Refusal):
    """A value would fall into two bins of a scorecard."""

    code = "LENDING_SCORE_BINS_OVERLAP"
    kind = RefusalKind.INVALID


class ScoreBinsGapped(Refusal):
    """A value would fall into no bin of a scorecard."""

    code = "LENDING_SCORE_BINS_GAPPED"
    kind = RefusalKind.INVALID


class ScorePointsOutOfRange(Refusal):
    """A bin is worth 0 to 100 points."""

    code = "LENDING_SCORE_POINTS_OUT_OF_RANGE"
    kind = RefusalKind.INVALID


class ScoreNeutralMissing(Refusal):
    """An indicator of a scorecard does not say what a missing value is worth."""

    code = "LENDING_SCORE_NEUTRAL_MISSING"
    kind = RefusalKind.INVALID


class ScoreCategoryUnknown(Refusal):
    """A value is none of the indicator's categories, and the table has no bin for others."""

    code = "LENDING_SCORE_CATEGORY_UNKNOWN"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, slots=True)
class Bin:
    """Where a value fell, and what that is worth."""

    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Interval:
    """Values from ``at_least`` on and below ``below``; None is no bound."""

    at_least: Decimal | None
    below: Decimal | None
    points: Decimal

    @property
    def label(self) -> str:
        """Return the interval as it is written in mathematics."""
        low = "(-inf" if self.at_least is None else f"[{self.at_least:f}"
        return f"{low}, {'inf' if self.below is None else format(self.below, 'f')})"

    def holds(self, value: Decimal) -> bool:
        """Say whether a value falls here."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.below is None or value < self.below)


@dataclass(frozen=True, slots=True)
class NumericBins:
    """A table for numbers."""

    intervals: tuple[Interval, ...]
    neutral: Decimal | None

    def check(self, *, path: str) -> None:
        """Refuses ScoreBinsGapped, ScoreBinsOverlap, ScorePointsOutOfRange, ScoreNeutralMissing."""
        _check_points((held.points for held in self.intervals), self.neutral, path=path)
        ordered = sorted(self.intervals, key=_by_lower_bound)
        if not ordered or ordered[0].at_least is not None or ordered[-1].below is not None:
            raise ScoreBinsGapped("The lowest and the highest bin are open-ended.", field=path)
        if any(_is_empty(held) for held in ordered):
            raise ScoreBinsGapped("A bin's upper bound is above its lower one.", field=path)
        for lower, upper in pairwise(ordered):
            _check_neighbours(lower, upper, path)

    def find(self, value: Decimal | None, *, path: str) -> Bin:
        """Return the bin of a number, or the neutral one."""
        del path
        held = None if value is None else next(held for held in self.intervals if held.holds(value))
        return _neutral(self.neutral) if held is None else Bin(held.label, held.points)


@dataclass(frozen=True, slots=True)
class CategoryBins:
    """A table for words; ``other`` is for those that are not listed, if they are allowed."""

    categories: tuple[tuple[str, Decimal], ...]
    neutral: Decimal | None
    other: Decimal | None = None

    def check(self, *, path: str) -> None:
        """Refuses ScoreBinsOverlap, ScoreBinsGapped, ScorePointsOutOfRange, ScoreNeutralMissing."""
        others = () if self.other is None else (self.other,)
        _check_points((*(points for _, points in self.categories), *others), self.neutral, path=path)
        if not self.categories:
            raise ScoreBinsGapped("A table has at least one category.", field=path)
        if len(dict(self.categories)) < len(self.categories):
            raise ScoreBinsOverlap("A category is listed once.", field=path)

    def find(self, value: str | None, *, path: str) -> Bin:
        """Return the bin of a word, or the neutral one. Refuses ScoreCategoryUnknown."""
        if value is None:
            return _neutral(self.neutral)
        listed = dict(self.categories)
        if value in listed:
            return Bin(value, listed[value])
        if self.other is None:
            raise ScoreCategoryUnknown("This is none of the categories.", field=path, known=sorted(listed))
        return Bin(OTHER, self.other)


def _check_points(points: Iterable[Decimal], neutral: Decimal | None, *, path: str) -> None:
    if neutral is None:
        raise ScoreNeutralMissing("An indicator says what a missing value is worth.", field=f"{path}.neutral")
    if any(not 0 <= worth <= POINTS_MAX for worth in (*points, neutral)):
        raise ScorePointsOutOfRange(f"A bin is worth 0 to {POINTS_MAX} points.", field=path)


def _check_neighbours(lower: Interval, upper: Interval, path: str) -> None:
    if lower.below is None or upper.at_least is None or upper.at_least < lower.below:
        raise ScoreBinsOverlap(
            f"The bins {lower.label} and {upper.label} share values.",
            field=path,
            bins=[lower.label, upper.label],
        )
    if upper.at_least > lower.below:
        raise ScoreBinsGapped(
            f"Nothing is said between {lower.label} and {upper.label}.",
            field=path,
            bins=[lower.label, upper.label],
        )


def _by_lower_bound(held: Interval) -> tuple[bool, Decimal, bool, Decimal]:
    zero = Decimal(0)
    return (held.at_least is not None, held.at_least or zero, held.below is None, held.below or zero)


def _is_empty(held: Interval) -> bool:
    return held.at_least is not None and held.below is not None and held.at_least >= held.below


def _neutral(points: Decimal | None) -> Bin:
    assert points is not None  # a card that exists has been checked
    return Bin(NEUTRAL, points)
