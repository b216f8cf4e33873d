"""The calculator ``scorecard``: groups, contributions, total, grade and decision, with reasons.

Owns: its input and answer. Refuses to know: what makes a card sound, and how it is scored (policies).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.refusals import InputContradictory, InputFieldMissing, InputFieldUnknown
from ledger.calculators.shapes import Shape
from ledger.calculators.wording import number
from lending.calculators.exact_fields import Exact
from lending.calculators.scorecard_fields import FIELDS
from lending.calculators.scorecard_reading import card_of
from lending.policies.binning import CategoryBins
from lending.policies.limit_policy import BPS
from lending.policies.scorecard import CardKind, Scorecard
from lending.policies.scoring import GroupScore, IndicatorScore, Score, score_card


def compute_scorecard(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the score of one applicant and how it came about."""
    card = card_of(values)
    _check_overrides(values, card)
    score = score_card(
        card=card,
        figures=_figures(values, card),
        group_scores=_group_scores(values, card),
        veto_lists=values["vetoes"],
        flags=values["flags"],
        white_listed=values["white_listed"],
        bucket=values["bucket"],
    )
    return {**score_answer(score, card), "conventions": _conventions(card)}


def score_answer(score: Score, card: Scorecard) -> dict[str, Any]:
    """Return a score as JSON."""
    return {
        "card": {"kind": card.kind.value, "name": card.name, "version": card.version},
        "groups": [_group_answer(group, card) for group in score.groups],
        "exact": number(score.exact),
        "total": format(score.total, "f"),
        "grade": score.grade,
        "decision": score.decision,
        "reasons": list(score.reasons),
        "how": " + ".join(number(group.contribution) for group in score.groups)
        + f" = {number(score.exact)}, {card.rounding} {score.total:f}, {_band_sentence(card, score)}",
    }


def _group_answer(group: GroupScore, card: Scorecard) -> dict[str, Any]:
    times = f" x {card.multiplier}" if card.multiplier > 1 else ""
    weight = number(Fraction(group.weight_bps, BPS))
    answer: dict[str, Any] = {
        "group": group.name,
        "weight": weight,
        "score": number(group.score),
        "contribution": number(group.contribution),
        "how": f"{number(group.score)} x {weight}{times} = {number(group.contribution)}",
    }
    if group.indicators:
        answer["indicators"] = [_indicator_answer(held) for held in group.indicators]
    return answer


def _indicator_answer(held: IndicatorScore) -> dict[str, Any]:
    return {
        "indicator": held.name,
        "value": held.value,
        "bin": held.bin,
        "points": format(held.points, "f"),
        "share": number(held.share),
        "contribution": number(held.contribution),
        "lost": number(held.lost),
    }


def _band_sentence(card: Scorecard, score: Score) -> str:
    band = card.band_of(score.total)
    sentence = f"which reaches {band.at_least:f}: {band.grade}, {band.decision}"
    changed = band.decision != score.decision
    return f"{sentence}; {score.reasons[0]} makes it {score.decision}" if changed else sentence


def _conventions(card: Scorecard) -> dict[str, Any]:
    return {
        "bands": [
            {"grade": band.grade, "at_least": format(band.at_least, "f"), "decision": band.decision}
            for band in sorted(card.bands, key=lambda band: -band.at_least)
        ],
        "rounding": card.rounding.value,
        "decimals": card.decimals,
        "intervals": "the lower bound is inside, the upper one is outside",
    }


def _figures(values: Mapping[str, Any], card: Scorecard) -> dict[str, Any]:
    """Return what was measured, as numbers where the table is one of numbers."""
    tables = {held.name: held.bins for group in card.groups for held in group.indicators}
    given = dict(values["indicators"])
    _check_known(given, tables, field="indicators")
    for group in card.groups:
        twice = [held.name for held in group.indicators if held.name in given]
        if twice and group.name in values["sub_scores"]:
            raise InputContradictory(
                "A group has a score or indicators, not both.", field=f"sub_scores.{group.name}"
            )
    return {
        name: value
        if value is None or isinstance(tables[name], CategoryBins)
        else Exact().read(value, path=f"indicators.{name}", currency="")
        for name, value in given.items()
    }


def _group_scores(values: Mapping[str, Any], card: Scorecard) -> dict[str, Decimal]:
    given: dict[str, Decimal] = values["sub_scores"]
    names = [group.name for group in card.groups]
    _check_known(given, names, field="sub_scores")
    # Scores alone are scores of every group; a missing one must not become neutral unnoticed.
    missing = [name for name in names if name not in given] if not values["indicators"] else []
    if missing:
        raise InputFieldMissing(
            "Without indicators every group is given a score.", field=f"sub_scores.{missing[0]}"
        )
    return given


def _check_known(given: Mapping[str, Any], known: Any, *, field: str) -> None:
    for name in given:
        if name not in known:
            raise InputFieldUnknown(
                "The card does not know this name.", field=f"{field}.{name}", known=sorted(known)
            )


def _check_overrides(values: Mapping[str, Any], card: Scorecard) -> None:
    given = [name for name in ("vetoes", "flags", "white_listed") if values[name]]
    if given and card.kind is not CardKind.A:
        raise InputContradictory("Only an application is vetoed, flagged or waved through.", field=given[0])
    if card.kind is CardKind.C and values["bucket"] is None:
        raise InputFieldMissing("What a C card proposes depends on the bucket.", field="bucket")
    if card.kind is not CardKind.C and values["bucket"] is not None:
        raise InputContradictory("Only a C card looks at a bucket.", field="bucket")


SCORECARD = register(
    Calculator(
        name="scorecard",
        title="Score, grade and decision by a versioned scorecard",
        shape=Shape(FIELDS),
        example={
            "sub_scores": {
                "operating": "80",
                "financial": "70",
                "credit": "90",
                "behaviour": "60",
                "other": "50",
            }
        },
        compute=compute_scorecard,
    )
)
