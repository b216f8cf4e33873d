"""Cards as a whole: what is refused when a card is built, which version counts, and what is scored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ledger.kernel.rounding import Rounding
from lending.policies.binning import Interval, NumericBins, ScoreBinsGapped, ScoreCategoryUnknown
from lending.policies.published_cards import APPLICATION_CARD, CARDS
from lending.policies.scorecard import (
    Band,
    CardKind,
    Group,
    Indicator,
    ScoreBandsUnsound,
    ScorecardNotInForce,
    ScoreNameRepeated,
    ScoreWeightsNotWhole,
    card_in_force,
)
from lending.policies.scoring import ScoreGroupWithoutFigures, score_card

GROUPS = ("operating", "financial", "credit", "behaviour", "other")
WORKED = dict(zip(GROUPS, map(Decimal, (80, 70, 90, 60, 50)), strict=True))


def flat(points=50):
    return NumericBins((Interval(None, None, Decimal(points)),), Decimal(50))


def alike(score):
    return dict.fromkeys(GROUPS, Decimal(score))


def scored(group_scores=WORKED, *, card=APPLICATION_CARD, figures=None, **overrides):
    return score_card(card=card, figures=figures or {}, group_scores=group_scores, **overrides)


def with_groups(*groups):
    return replace(APPLICATION_CARD, groups=groups)


class TestACard:
    @pytest.mark.parametrize(
        "weights", [(10_000, 1), (9_999,), (10_001, -1), (4_000, 2_500, 2_000, 1_000, 499)]
    )
    def test_has_weights_of_exactly_100_percent(self, weights):
        groups = [Group(f"g{at}", weight) for at, weight in enumerate(weights)]
        with pytest.raises(ScoreWeightsNotWhole) as refused:
            with_groups(*groups)
        assert (refused.value.field, refused.value.details["sum_bps"]) == ("groups", sum(weights))

    @pytest.mark.parametrize("weights", [(5_000, None), (5_000, 4_999)])
    def test_has_weights_of_exactly_100_percent_in_a_group(self, weights):
        indicators = tuple(Indicator(f"i{at}", flat(), weight) for at, weight in enumerate(weights))
        with pytest.raises(ScoreWeightsNotWhole) as refused:
            with_groups(Group("all", 10_000, indicators))
        assert refused.value.field == "groups[0].indicators"

    def test_says_which_indicator_has_unsound_bins(self):
        bad = NumericBins((Interval(None, Decimal(1), Decimal(1)),), Decimal(50))
        with pytest.raises(ScoreBinsGapped) as refused:
            with_groups(Group("all", 10_000, (Indicator("a", flat()), Indicator("b", bad))))
        assert refused.value.field == "groups[0].indicators[1]"

    @pytest.mark.parametrize(
        "groups",
        [
            (Group("same", 5_000), Group("same", 5_000)),
            (
                Group("one", 5_000, (Indicator("same", flat()),)),
                Group("two", 5_000, (Indicator("same", flat()),)),
            ),
        ],
    )
    def test_gives_a_name_once(self, groups):
        with pytest.raises(ScoreNameRepeated) as refused:
            with_groups(*groups)
        assert refused.value.details["names"] == ["same"]

    @pytest.mark.parametrize(
        "bands",
        [
            (),
            (Band("a", Decimal(1), "auto"),),
            (Band("a", Decimal(0), "auto"), Band("b", Decimal(101), "auto")),
            (Band("a", Decimal(0), "reject"), Band("b", Decimal(0), "auto")),
            (Band("a", Decimal(0), "auto"), Band("b", Decimal(60), "reject")),
            (Band("a", Decimal(0), "sms"),),
        ],
    )
    def test_has_bands_that_lead_every_total_to_one_decision(self, bands):
        with pytest.raises(ScoreBandsUnsound) as refused:
            replace(APPLICATION_CARD, bands=bands)
        assert refused.value.field == "bands"


class TestTheCardInForce:
    def test_is_the_latest_that_has_begun(self):
        second = replace(APPLICATION_CARD, version="A-2", effective_from=date(2024, 7, 15))
        cards = (second, *CARDS)
        assert card_in_force(kind=CardKind.A, on=date(2024, 7, 14), cards=cards) is APPLICATION_CARD
        assert card_in_force(kind=CardKind.A, on=date(2024, 7, 15), cards=cards) is second
        assert card_in_force(kind=CardKind.A, on=None, cards=cards) is second

    @pytest.mark.parametrize("kind", CardKind)
    def test_exists_for_every_kind(self, kind):
        assert card_in_force(kind=kind, on=date(2024, 1, 1), cards=CARDS).kind is kind

    def test_is_refused_before_the_first_version(self):
        with pytest.raises(ScorecardNotInForce) as refused:
            card_in_force(kind=CardKind.A, on=date(2015, 12, 31), cards=CARDS)
        assert refused.value.field == "on"


class TestAScore:
    def test_is_the_weighted_sum_of_the_worked_example(self):
        score = scored()
        assert [group.contribution for group in score.groups] == [32, Fraction(35, 2), 18, 6, Fraction(5, 2)]
        assert (score.exact, str(score.total), score.decision) == (76, "76.00", "auto")

    @pytest.mark.parametrize(
        ("total", "grade", "decision"),
        [
            ("100", "low_risk", "auto"),
            ("75", "low_risk", "auto"),
            ("74.99", "medium_risk", "manual"),
            ("60", "medium_risk", "manual"),
            ("59.99", "high_risk", "reject"),
            ("0", "high_risk", "reject"),
        ],
    )
    def test_has_the_grade_of_its_total(self, total, grade, decision):
        score = scored(alike(total))
        assert (score.total, score.grade, score.decision) == (Decimal(total), grade, decision)

    @pytest.mark.parametrize(
        ("rounding", "total", "decision"),
        [("half_up", "75.00", "auto"), ("half_even", "75.00", "auto"), ("down", "74.99", "manual")],
    )
    def test_is_decided_on_the_rounded_total(self, rounding, total, decision):
        card = replace(APPLICATION_CARD, rounding=Rounding(rounding))
        score = scored(alike("74.995"), card=card)
        assert (str(score.total), score.decision) == (total, decision)

    @pytest.mark.parametrize(
        ("total", "overrides", "decision", "reason"),
        [
            ("100", {"veto_lists": ["blacklist"]}, "reject", "veto:blacklist"),
            ("100", {"veto_lists": ["fraud"], "white_listed": True}, "reject", "veto:fraud"),
            ("65", {"white_listed": True}, "auto", "white_list"),
            ("59.99", {"white_listed": True}, "reject", None),
            ("80", {"white_listed": True}, "auto", None),
            ("80", {"flags": ["concentration"]}, "manual", "flag:concentration"),
            ("65", {"flags": ["cash_out"], "white_listed": True}, "manual", "flag:cash_out"),
            ("59", {"flags": ["cash_out"]}, "reject", None),
        ],
    )
    def test_yields_to_a_veto_a_flag_and_the_white_list(self, total, overrides, decision, reason):
        score = scored(alike(total), **overrides)
        assert (score.decision, score.reasons) == (decision, () if reason is None else (reason,))

    def test_takes_neutral_points_for_what_is_missing_and_says_so(self):
        score = scored({}, figures={"debt_ratio": None, "device": "known"})
        assert score.exact == Fraction(50) + Fraction(50, 4) / 10
        assert "missing:credit.debt_ratio" in score.reasons
        assert "missing:behaviour.device" not in score.reasons

    def test_gives_the_dearest_indicators_as_reasons(self):
        figures = {
            **{held.name: Decimal(10**9) for held in APPLICATION_CARD.groups[0].indicators},
            "turnover_volatility": Decimal(0),
            "top_5_share": Decimal("0.8"),
        }
        others = {name: Decimal(100) for name in GROUPS[1:]}
        score = scored(others, figures=figures)
        assert score.reasons == ("score:operating.top_5_share",)
        (held,) = [row for row in score.groups[0].indicators if row.lost]
        assert (held.bin, held.points, held.lost) == ("[0.8, inf)", 20, Fraction(80, 5) * Fraction(4, 10))
        assert score.exact == 100 - held.lost

    def test_weighs_indicators_as_their_group_says(self):
        group = Group("all", 10_000, (Indicator("a", flat(100), 9_000), Indicator("b", flat(0), 1_000)))
        score = scored({}, card=with_groups(group), figures={"a": Decimal(1), "b": Decimal(1)})
        assert score.exact == 90

    def test_is_multiplied_where_the_card_says_so(self):
        card = CARDS[2]
        score = scored({group.name: Decimal("59.9") for group in card.groups}, card=card)
        assert (str(score.total), score.decision) == ("599.00", "call")

    @pytest.mark.parametrize(
        ("bucket", "score", "decision", "reasons"),
        [
            ("M1", "60", "sms", ()),
            ("M1", "59.99", "call", ()),
            ("M1", "49.99", "call", ("bucket:M1",)),
            ("M2", "60", "call", ("bucket:M2",)),
            ("M2", "49.99", "call", ("bucket:M2",)),
            ("M3", "50", "call", ()),
            ("M3", "49.99", "legal", ()),
            ("M6+", "90", "call", ("bucket:M6+",)),
            ("M6+", "0", "legal", ()),
        ],
    )
    def test_of_an_overdue_loan_is_read_with_its_bucket(self, bucket, score, decision, reasons):
        card = CARDS[2]
        found = scored({group.name: Decimal(score) for group in card.groups}, card=card, bucket=bucket)
        assert (found.decision, found.reasons) == (decision, reasons)

    def test_is_refused_for_a_group_without_figures(self):
        with pytest.raises(ScoreGroupWithoutFigures) as refused:
            scored({}, card=with_groups(Group("bare", 10_000)))
        assert refused.value.field == "sub_scores.bare"

    def test_is_refused_for_a_word_the_card_does_not_know(self):
        with pytest.raises(ScoreCategoryUnknown) as refused:
            scored({}, figures={"device": "borrowed"})
        assert refused.value.field == "indicators.device"


class TestTheApplicationCard:
    def test_has_the_weights_of_the_rules(self):
        assert [group.weight_bps for group in APPLICATION_CARD.groups] == [4_000, 2_500, 2_000, 1_000, 500]

    @pytest.mark.parametrize(
        ("indicator", "value", "points"),
        [
            ("inquiries_3_months", "6", 60),
            ("inquiries_3_months", "7", 0),
            ("debt_ratio", "0.7", 50),
            ("debt_ratio", "0.7001", 0),
            ("top_5_share", "0.7999", 60),
            ("top_5_share", "0.8", 20),
            ("months_in_business", "5", 0),
            ("months_in_business", "6", 40),
            ("overdue_24_months", "5", 30),
            ("overdue_24_months", "6", 0),
        ],
    )
    def test_changes_points_where_the_vetoes_begin(self, indicator, value, points):
        bins = {held.name: held.bins for group in APPLICATION_CARD.groups for held in group.indicators}
        assert bins[indicator].find(Decimal(value), path="x").points == points
