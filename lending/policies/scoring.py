"""From a card and an applicant's figures to a total, a grade and a decision (D-114 .. D-118).

Owns: the weighted sum in exact fractions, the contribution of every indicator, reason codes, and what beats
the band: a veto always rejects, a flag asks for a person, the white list skips the manual band and no more.
Refuses to know: where figures come from. A group is scored from its indicators, or given a score directly.
The total is rounded once, and the band is that of the rounded total: 74.99 is below 75.00.
Worked example: 80, 70, 90, 60, 50 at 40, 25, 20, 10, 5% are 32 + 17.5 + 18 + 6 + 2.5 = 76.00.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded
from lending.policies.binning import NEUTRAL, POINTS_MAX
from lending.policies.collection_move import move_for
from lending.policies.limit_policy import BPS
from lending.policies.scorecard import Group, Scorecard

REASONS_MAX: Final = 4
AUTO, MANUAL, REJECT = "auto", "manual", "reject"


class ScoreGroupWithoutFigures(Refusal):
    """A group of the card has no indicators and was given no score."""

    code = "LENDING_SCORE_GROUP_WITHOUT_FIGURES"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What one indicator adds to its group; ``lost`` is what it takes from the best possible total."""

    name: str
    value: str | None
    bin: str
    points: Decimal
    share: Fraction
    contribution: Fraction
    lost: Fraction


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What one group adds to the total."""

    name: str
    weight_bps: int
    score: Fraction
    contribution: Fraction
    indicators: tuple[IndicatorScore, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A scored card: ``exact`` before and ``total`` after the one rounding."""

    groups: tuple[GroupScore, ...]
    exact: Fraction
    total: Decimal
    grade: str
    decision: str
    reasons: tuple[str, ...]


def score_card(
    *,
    card: Scorecard,
    figures: Mapping[str, Any],
    group_scores: Mapping[str, Decimal],
    veto_lists: Sequence[str] = (),
    flags: Sequence[str] = (),
    white_listed: bool = False,
    bucket: str | None = None,
) -> Score:
    """Return the score; ``figures`` are by indicator, None or absent is missing, ``group_scores`` by group.

    ``bucket`` is that of an overdue loan, for a C card.

    Refusals: ScoreGroupWithoutFigures, ScoreCategoryUnknown.
    """
    groups = tuple(_group(group, card, figures, group_scores.get(group.name)) for group in card.groups)
    exact = sum((group.contribution for group in groups), Fraction(0))
    total = _rounded(exact, card)
    band = card.band_of(total)
    decision, overrides = decide(band.decision, veto_lists=veto_lists, flags=flags, white_listed=white_listed)
    if bucket is not None and decision != (moved := move_for(decision, bucket=bucket)):
        decision, overrides = moved, (f"bucket:{bucket}",)
    return Score(groups, exact, total, band.grade, decision, (*overrides, *_reasons(groups)))


def decide(
    by_band: str, *, veto_lists: Sequence[str], flags: Sequence[str], white_listed: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the decision and the codes of whatever changed the band's one."""
    if veto_lists:
        return REJECT, tuple(f"veto:{name}" for name in veto_lists)
    if flags and by_band in (AUTO, MANUAL):
        return MANUAL, tuple(f"flag:{name}" for name in flags)
    if white_listed and by_band == MANUAL:
        return AUTO, ("white_list",)
    return by_band, ()


def _group(group: Group, card: Scorecard, figures: Mapping[str, Any], given: Decimal | None) -> GroupScore:
    weight = Fraction(group.weight_bps, BPS) * card.multiplier
    if given is not None:
        return GroupScore(group.name, group.weight_bps, Fraction(given), Fraction(given) * weight, ())
    if not group.indicators:
        raise ScoreGroupWithoutFigures(
            "A group without indicators is given a score.", field=f"sub_scores.{group.name}"
        )
    indicators = tuple(_indicators(group, figures, weight))
    score = sum((held.share * Fraction(held.points) for held in indicators), Fraction(0))
    return GroupScore(group.name, group.weight_bps, score, score * weight, indicators)


def _indicators(group: Group, figures: Mapping[str, Any], weight: Fraction) -> list[IndicatorScore]:
    found = []
    for indicator in group.indicators:
        value, share = figures.get(indicator.name), group.share(indicator)
        held = indicator.bins.find(value, path=f"indicators.{indicator.name}")
        worth = Fraction(held.points)
        found.append(
            IndicatorScore(
                name=indicator.name,
                value=None if value is None else str(value),
                bin=held.label,
                points=held.points,
                share=share,
                contribution=worth * share * weight,
                lost=(POINTS_MAX - worth) * share * weight,
            )
        )
    return found


def _reasons(groups: Sequence[GroupScore]) -> tuple[str, ...]:
    """Return the indicators that cost the most, the dearest first, and those whose value is missing."""
    scored = [(group.name, held) for group in groups for held in group.indicators]
    costly = sorted((row for row in scored if row[1].lost), key=lambda row: (-row[1].lost, row[1].name))
    return (
        *(f"score:{group}.{held.name}" for group, held in costly[:REASONS_MAX]),
        *sorted(f"missing:{group}.{held.name}" for group, held in scored if held.bin == NEUTRAL),
    )


def _rounded(exact: Fraction, card: Scorecard) -> Decimal:
    scaled = exact * 10**card.decimals
    steps = divide_rounded(numerator=scaled.numerator, denominator=scaled.denominator, mode=card.rounding)
    return Decimal(steps).scaleb(-card.decimals)
