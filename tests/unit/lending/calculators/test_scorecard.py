"""The calculator ``scorecard``: three ways to give figures, and what goes together."""

from __future__ import annotations

import pytest

from ledger.calculators import calculate
from ledger.calculators.refusals import (
    InputContradictory,
    InputFieldInvalid,
    InputFieldMissing,
    InputFieldUnknown,
    InputOutOfBounds,
)
from lending.calculators.scorecard import SCORECARD
from lending.policies.binning import ScoreBinsOverlap, ScoreNeutralMissing
from lending.policies.scorecard import ScoreWeightsNotWhole

WORKED = SCORECARD.example["sub_scores"]
OWN_CARD = {
    "name": "own",
    "version": "1",
    "groups": [
        {
            "name": "credit",
            "weight": "1",
            "indicators": [
                {
                    "name": "inquiries",
                    "bins": [{"at_least": "7", "points": "0"}, {"below": "7", "points": "100"}],
                    "neutral": "50",
                },
                {
                    "name": "device",
                    "categories": [{"value": "known", "points": "100"}],
                    "other": "20",
                    "neutral": "50",
                },
            ],
        }
    ],
    "bands": [
        {"grade": "good", "at_least": "75", "decision": "auto"},
        {"grade": "bad", "at_least": "0", "decision": "reject"},
    ],
}


def result(**given):
    return calculate("scorecard", given)["result"]


def own_card(indicator=0, **changes):
    first, second = OWN_CARD["groups"][0]["indicators"]
    changed = [{**first, **changes}, second] if indicator == 0 else [first, {**second, **changes}]
    return {**OWN_CARD, "groups": [{**OWN_CARD["groups"][0], "indicators": changed}]}


class TestScorecard:
    def test_says_how_the_total_came_about(self):
        found = result(sub_scores=WORKED)
        assert found["how"] == (
            "32 + 17.5 + 18 + 6 + 2.5 = 76, half_up 76.00, which reaches 75: low_risk, auto"
        )
        assert found["card"] == {"kind": "A", "name": "seller-application", "version": "A-1"}

    def test_says_what_changed_the_decision_of_the_band(self):
        found = result(sub_scores=WORKED, vetoes=["blacklist"])
        assert found["how"].endswith("low_risk, auto; veto:blacklist makes it reject")
        assert (found["total"], found["grade"], found["decision"]) == ("76.00", "low_risk", "reject")

    def test_mixes_group_scores_and_indicators(self):
        given = {name: score for name, score in WORKED.items() if name != "behaviour"}
        found = result(sub_scores=given, indicators={"device": "known", "linked_risk": None})
        behaviour = found["groups"][3]
        assert [row["bin"] for row in behaviour["indicators"]] == ["neutral", "neutral", "known", "neutral"]
        assert (behaviour["score"], behaviour["how"]) == ("62.5", "62.5 x 0.1 = 6.25")

    def test_scores_a_card_given_in_full(self):
        answer = calculate("scorecard", {"card": OWN_CARD, "indicators": {"inquiries": "6", "device": "new"}})
        assert (answer["result"]["total"], answer["result"]["decision"]) == ("60.00", "reject")
        assert answer["conventions"]["bands"][0] == {"grade": "good", "at_least": "75", "decision": "auto"}

    @pytest.mark.parametrize(
        ("score", "total", "decision"), [("60", "600.00", "call"), ("49.9", "499.00", "legal")]
    )
    def test_scores_the_collection_card_in_hundreds(self, score, total, decision):
        found = result(
            kind="C", bucket="M3", sub_scores=dict.fromkeys(("arrears", "promises", "contact"), score)
        )
        assert (found["total"], found["decision"]) == (total, decision)
        assert found["groups"][0]["how"].startswith(f"{score} x 0.5 x 10 = ")

    @pytest.mark.parametrize(
        ("given", "kind", "field"),
        [
            ({}, InputFieldMissing, "sub_scores.operating"),
            ({"sub_scores": {"operating": "80"}}, InputFieldMissing, "sub_scores.financial"),
            ({"sub_scores": {**WORKED, "luck": "1"}}, InputFieldUnknown, "sub_scores.luck"),
            ({"sub_scores": {**WORKED, "other": "100.01"}}, InputOutOfBounds, "sub_scores.other"),
            ({"sub_scores": {**WORKED, "other": 50}}, InputFieldInvalid, "sub_scores.other"),
            ({"sub_scores": []}, InputFieldInvalid, "sub_scores"),
            ({"sub_scores": {f"g{n}": "1" for n in range(201)}}, InputOutOfBounds, "sub_scores"),
            ({"indicators": {"luck": "1"}}, InputFieldUnknown, "indicators.luck"),
            ({"indicators": {"debt_ratio": "half"}}, InputFieldInvalid, "indicators.debt_ratio"),
            (
                {"sub_scores": WORKED, "indicators": {"device": "new"}},
                InputContradictory,
                "sub_scores.behaviour",
            ),
            ({"kind": "B", "sub_scores": WORKED, "vetoes": ["x"]}, InputContradictory, "vetoes"),
            ({"sub_scores": WORKED, "bucket": "M1"}, InputContradictory, "bucket"),
            ({"kind": "C", "sub_scores": {}}, InputFieldMissing, "bucket"),
            ({"card": own_card(neutral=None)}, InputFieldInvalid, "card.groups[0].indicators[0].neutral"),
            ({"card": own_card(other="1")}, InputContradictory, "card.groups[0].indicators[0].other"),
            ({"card": own_card(categories=[])}, InputContradictory, "card.groups[0].indicators[0]"),
            (
                {"card": own_card(bins=[{"points": "1"}] * 2)},
                ScoreBinsOverlap,
                "card.groups[0].indicators[0]",
            ),
            ({"card": own_card(weight="0.5")}, ScoreWeightsNotWhole, "card.groups[0].indicators"),
        ],
    )
    def test_refuses_by_name(self, given, kind, field):
        with pytest.raises(kind) as refused:
            result(**given)
        assert refused.value.field == field

    def test_refuses_a_card_without_neutral_points(self):
        first, second = OWN_CARD["groups"][0]["indicators"]
        without = {name: value for name, value in first.items() if name != "neutral"}
        card = {**OWN_CARD, "groups": [{**OWN_CARD["groups"][0], "indicators": [without, second]}]}
        with pytest.raises(ScoreNeutralMissing) as refused:
            result(card=card)
        assert refused.value.field == "card.groups[0].indicators[0].neutral"
