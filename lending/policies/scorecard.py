"""Scorecards as dated records: groups with weights, indicators with tables, bands with decisions.

Owns: the shape of a card, and the check of a card as a whole when it is built (D-116 .. D-119): weights that
are exactly 100%, names that are not repeated, bins without gaps or overlaps, bands from 0 upwards.
Refuses to know: any applicant. Weights are in basis points of the total: 4000 is 40%.
An A card decides on applications, a B card on limits of borrowers, a C card on how overdue debts are collected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import Rounding
from lending.policies.binning import POINTS_MAX, CategoryBins, NumericBins
from lending.policies.limit_policy import BPS


class CardKind(StrEnum):
    """What a card decides on."""

    A = "A"
    B = "B"
    C = "C"


# From the best band to the worst.
DECISIONS: Final[dict[CardKind, tuple[str, ...]]] = {
    CardKind.A: ("auto", "manual", "reject"),
    CardKind.B: ("raise", "keep", "cut"),
    CardKind.C: ("sms", "call", "legal"),
}


class ScoreWeightsNotWhole(Refusal):
    """The weights of a scorecard's groups, or of the indicators of a group, are not exactly 100%."""

    code = "LENDING_SCORE_WEIGHTS_NOT_WHOLE"
    kind = RefusalKind.INVALID


class ScoreNameRepeated(Refusal):
    """Two groups or two indicators of a scorecard have one name."""

    code = "LENDING_SCORE_NAME_REPEATED"
    kind = RefusalKind.INVALID


class ScoreBandsUnsound(Refusal):
    """The bands of a scorecard do not lead every total to one decision."""

    code = "LENDING_SCORE_BANDS_UNSOUND"
    kind = RefusalKind.INVALID


class ScorecardNotInForce(Refusal):
    """No version of the scorecard covers the date."""

    code = "LENDING_SCORECARD_NOT_IN_FORCE"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measured thing; without ``weight_bps`` all indicators of its group weigh the same."""

    name: str
    bins: NumericBins | CategoryBins
    weight_bps: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that answer one question together."""

    name: str
    weight_bps: int
    indicators: tuple[Indicator, ...] = ()

    def share(self, indicator: Indicator) -> Fraction:
        """Return an indicator's part of the group's score."""
        if indicator.weight_bps is None:
            return Fraction(1, len(self.indicators))
        return Fraction(indicator.weight_bps, BPS)


@dataclass(frozen=True, slots=True)
class Band:
    """Totals from ``at_least`` up to the next band."""

    grade: str
    at_least: Decimal
    decision: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One version of a card; a total is the weighted score times ``multiplier``, rounded to ``decimals``."""

    kind: CardKind
    name: str
    version: str
    effective_from: date
    groups: tuple[Group, ...]
    bands: tuple[Band, ...]
    multiplier: int = 1
    decimals: int = 2
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        _check_names([group.name for group in self.groups], field="groups")
        _check_names([held.name for group in self.groups for held in group.indicators], field="groups")
        _check_weights([group.weight_bps for group in self.groups], field="groups")
        for at, group in enumerate(self.groups):
            _check_group(group, path=f"groups[{at}].indicators")
        _check_bands(self)

    def band_of(self, total: Decimal) -> Band:
        """Return the highest band that a total reaches."""
        return max((band for band in self.bands if band.at_least <= total), key=lambda band: band.at_least)


def card_in_force(*, kind: CardKind, on: date | None, cards: Sequence[Scorecard]) -> Scorecard:
    """Return the latest version that has begun; without a date the latest of all.

    Refusals: ScorecardNotInForce.
    """
    begun = [card for card in cards if card.kind is kind and (on is None or card.effective_from <= on)]
    if not begun:
        raise ScorecardNotInForce(f"No {kind.value} card is in force on that day.", field="on")
    return max(begun, key=lambda card: card.effective_from)


def _check_group(group: Group, *, path: str) -> None:
    weights = [held.weight_bps for held in group.indicators]
    if any(weight is not None for weight in weights):
        _check_weights([weight or 0 for weight in weights], field=path)
    for at, indicator in enumerate(group.indicators):
        indicator.bins.check(path=f"{path}[{at}]")


def _check_weights(weights_bps: list[int], *, field: str) -> None:
    if sum(weights_bps) != BPS or min(weights_bps) < 0:
        raise ScoreWeightsNotWhole(
            "Weights are not negative and add up to exactly 100%.", field=field, sum_bps=sum(weights_bps)
        )


def _check_names(names: list[str], *, field: str) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ScoreNameRepeated("A name is given once in a card.", field=field, names=repeated)


def _check_bands(card: Scorecard) -> None:
    bounds = sorted(band.at_least for band in card.bands)
    if not bounds or bounds[0] != 0 or bounds[-1] > POINTS_MAX * card.multiplier:
        raise ScoreBandsUnsound("Bands begin at 0 and end below the highest total.", field="bands")
    if len(set(bounds)) < len(bounds):
        raise ScoreBandsUnsound("Two bands begin at different totals.", field="bands")
    allowed = DECISIONS[card.kind]
    ranks = [
        allowed.index(band.decision) if band.decision in allowed else None
        for band in sorted(card.bands, key=lambda band: -band.at_least)
    ]
    if None in ranks or ranks != sorted(rank for rank in ranks if rank is not None):
        raise ScoreBandsUnsound(
            "A higher band never has a worse decision, of those its card can take.",
            field="bands",
            decisions=list(allowed),
        )
