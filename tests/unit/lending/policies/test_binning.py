"""Tables of points: where a value falls, and which tables are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lending.policies.binning import (
    CategoryBins,
    Interval,
    NumericBins,
    ScoreBinsGapped,
    ScoreBinsOverlap,
    ScoreCategoryUnknown,
    ScoreNeutralMissing,
    ScorePointsOutOfRange,
)


def interval(low, high, points=50):
    bounds = [None if bound is None else Decimal(bound) for bound in (low, high)]
    return Interval(*bounds, Decimal(points))


def numeric(*intervals, neutral=Decimal(50)):
    return NumericBins(tuple(intervals), neutral)


INQUIRIES = numeric(interval(None, "2", 100), interval("2", "7", 60), interval("7", None, 0))
DEVICE = CategoryBins((("known", Decimal(100)), ("shared", Decimal(0))), Decimal(40))


class TestNumericBins:
    @pytest.mark.parametrize(
        ("value", "label", "points"),
        [
            ("-5", "(-inf, 2)", 100),
            ("1.99999999", "(-inf, 2)", 100),
            ("2", "[2, 7)", 60),
            ("6.99999999", "[2, 7)", 60),
            ("7", "[7, inf)", 0),
            (None, "neutral", 50),
        ],
    )
    def test_hold_their_lower_bound_and_not_their_upper_one(self, value, label, points):
        found = INQUIRIES.find(None if value is None else Decimal(value), path="x")
        assert (found.label, found.points) == (label, points)

    def test_may_be_listed_in_any_order(self):
        shuffled = numeric(*reversed(INQUIRIES.intervals))
        shuffled.check(path="x")
        assert shuffled.find(Decimal(3), path="x") == INQUIRIES.find(Decimal(3), path="x")

    @pytest.mark.parametrize(
        ("table", "refusal", "field"),
        [
            (numeric(), ScoreBinsGapped, "x"),
            (numeric(interval("0", None)), ScoreBinsGapped, "x"),
            (numeric(interval(None, "1")), ScoreBinsGapped, "x"),
            (numeric(interval(None, "1"), interval("2", None)), ScoreBinsGapped, "x"),
            (numeric(interval(None, "1"), interval("3", "2"), interval("1", None)), ScoreBinsGapped, "x"),
            (numeric(interval(None, "1"), interval("1", "1"), interval("1", None)), ScoreBinsGapped, "x"),
            (numeric(interval(None, "2"), interval("1", None)), ScoreBinsOverlap, "x"),
            (numeric(interval(None, None), interval(None, None)), ScoreBinsOverlap, "x"),
            (numeric(interval(None, "1"), interval("1", None), interval("1", None)), ScoreBinsOverlap, "x"),
            (numeric(interval(None, "1"), interval(None, "2"), interval("2", None)), ScoreBinsOverlap, "x"),
            (numeric(interval(None, None), neutral=None), ScoreNeutralMissing, "x.neutral"),
            (numeric(interval(None, None, 101)), ScorePointsOutOfRange, "x"),
            (numeric(interval(None, None, -1)), ScorePointsOutOfRange, "x"),
            (numeric(interval(None, None), neutral=Decimal("100.01")), ScorePointsOutOfRange, "x"),
        ],
    )
    def test_are_refused_unless_every_value_has_one_bin(self, table, refusal, field):
        with pytest.raises(refusal) as refused:
            table.check(path="x")
        assert refused.value.field == field

    def test_name_the_two_bins_that_do_not_meet(self):
        with pytest.raises(ScoreBinsGapped) as refused:
            numeric(interval(None, "1"), interval("2", None)).check(path="x")
        assert refused.value.details["bins"] == ["(-inf, 1)", "[2, inf)"]


class TestCategoryBins:
    @pytest.mark.parametrize(
        ("value", "label", "points"),
        [("known", "known", 100), ("shared", "shared", 0), (None, "neutral", 40)],
    )
    def test_find_a_word(self, value, label, points):
        DEVICE.check(path="x")
        found = DEVICE.find(value, path="x")
        assert (found.label, found.points) == (label, points)

    def test_refuse_a_word_that_is_not_listed(self):
        with pytest.raises(ScoreCategoryUnknown) as refused:
            DEVICE.find("borrowed", path="indicators.device")
        assert refused.value.field == "indicators.device"
        assert refused.value.details["known"] == ["known", "shared"]

    def test_take_other_words_if_they_have_a_bin(self):
        table = CategoryBins((("known", Decimal(100)),), Decimal(40), Decimal(10))
        table.check(path="x")
        found = table.find("borrowed", path="x")
        assert (found.label, found.points) == ("other", 10)

    @pytest.mark.parametrize(
        ("table", "refusal"),
        [
            (CategoryBins((), Decimal(1)), ScoreBinsGapped),
            (CategoryBins((("a", Decimal(1)), ("a", Decimal(2))), Decimal(1)), ScoreBinsOverlap),
            (CategoryBins((("a", Decimal(1)),), None), ScoreNeutralMissing),
            (CategoryBins((("a", Decimal(101)),), Decimal(1)), ScorePointsOutOfRange),
            (CategoryBins((("a", Decimal(1)),), Decimal(1), Decimal(-1)), ScorePointsOutOfRange),
        ],
    )
    def test_are_refused_when_they_are_unsound(self, table, refusal):
        with pytest.raises(refusal):
            table.check(path="x")
