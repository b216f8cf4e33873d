"""From the fields of an input to a scorecard.

Owns: which fields of an indicator exclude or need each other. Refuses to know: what makes a card sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.calculators.refusals import InputContradictory
from ledger.kernel.refusals import Refusal
from ledger.kernel.rounding import Rounding
from lending.policies.binning import CategoryBins, Interval, NumericBins
from lending.policies.published_cards import CARDS
from lending.policies.scorecard import Band, CardKind, Group, Indicator, Scorecard, card_in_force


def card_of(values: Mapping[str, Any]) -> Scorecard:
    """Return the card that is given in full, or the published one in force.

    Refuses InputContradictory, ScorecardNotInForce and whatever an unsound card refuses.
    """
    kind, given = CardKind(values["kind"]), values["card"]
    cards = CARDS if given is None else (_sound_card(given, kind),)
    return card_in_force(kind=kind, on=values["on"], cards=cards)


def _sound_card(given: Mapping[str, Any], kind: CardKind) -> Scorecard:
    """Return the card that is given; what it refuses is named as a field of the input."""
    try:
        return _card(given, kind)
    except Refusal as refusal:
        refusal.field = f"card.{refusal.field}"
        raise


def _card(given: Mapping[str, Any], kind: CardKind) -> Scorecard:
    return Scorecard(
        kind=kind,
        name=given["name"],
        version=given["version"],
        effective_from=given["effective_from"],
        groups=tuple(
            Group(
                group["name"],
                group["weight"],
                tuple(
                    _indicator(held, path=f"groups[{at}].indicators[{number}]")
                    for number, held in enumerate(group["indicators"])
                ),
            )
            for at, group in enumerate(given["groups"])
        ),
        bands=tuple(Band(band["grade"], band["at_least"], band["decision"]) for band in given["bands"]),
        multiplier=given["multiplier"],
        decimals=given["decimals"],
        rounding=Rounding(given["rounding"]),
    )


def _indicator(held: Mapping[str, Any], *, path: str) -> Indicator:
    if (held["bins"] is None) == (held["categories"] is None):
        raise InputContradictory("An indicator has bins or categories.", field=path)
    if held["categories"] is not None:
        listed = tuple((row["value"], row["points"]) for row in held["categories"])
        words = CategoryBins(listed, held["neutral"], held["other"])
        return Indicator(held["name"], words, held["weight"])
    if held["other"] is not None:
        raise InputContradictory("Only a table of words has a bin for others.", field=f"{path}.other")
    intervals = tuple(Interval(row["at_least"], row["below"], row["points"]) for row in held["bins"])
    return Indicator(held["name"], NumericBins(intervals, held["neutral"]), held["weight"])
