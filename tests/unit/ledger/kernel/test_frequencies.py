"""Steps and due dates: anchors, fixed days, given first dates and the end of the month."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.kernel.frequencies import DueDateRule, DueDateRuleImpossible, Frequency, FrequencyUnknown, Unit

MONTHLY = Frequency.named("monthly")


def dates(start, *, count=3, frequency=MONTHLY, **rule):
    due = DueDateRule(frequency=frequency, **rule).dates(start=date.fromisoformat(start), count=count)
    return [on.isoformat() for on in due]


class TestFrequency:
    @pytest.mark.parametrize(
        ("name", "first", "second"),
        [
            ("weekly", "2024-02-07", "2024-02-14"),
            ("fortnightly", "2024-02-14", "2024-02-28"),
            ("monthly", "2024-02-29", "2024-03-31"),
            ("quarterly", "2024-04-30", "2024-07-31"),
            ("half_yearly", "2024-07-31", "2025-01-31"),
            ("yearly", "2025-01-31", "2026-01-31"),
        ],
    )
    def test_steps_from_its_anchor(self, name, first, second):
        assert dates("2024-01-31", count=2, frequency=Frequency.named(name)) == [first, second]

    @pytest.mark.parametrize(
        ("unit", "every", "expected"),
        [
            (Unit.DAY, 10, ["2024-02-10", "2024-02-20"]),
            (Unit.WEEK, 3, ["2024-02-21", "2024-03-13"]),
            (Unit.MONTH, 2, ["2024-03-31", "2024-05-31"]),
        ],
    )
    def test_takes_any_number_of_units(self, unit, every, expected):
        assert dates("2024-01-31", count=2, frequency=Frequency(unit, every)) == expected

    @pytest.mark.parametrize(
        ("unit", "every", "year_days", "part"),
        [
            (Unit.MONTH, 1, None, Fraction(1, 12)),
            (Unit.MONTH, 3, None, Fraction(1, 4)),
            (Unit.WEEK, 2, None, Fraction(1, 26)),
            (Unit.DAY, 10, None, Fraction(10, 365)),
            (Unit.MONTH, 1, 365, Fraction(30, 365)),
            (Unit.WEEK, 1, 360, Fraction(7, 360)),
            (Unit.DAY, 1, 360, Fraction(1, 360)),
        ],
    )
    def test_is_worth_a_part_of_a_year(self, unit, every, year_days, part):
        assert Frequency(unit, every).year_part(year_days=year_days) == part

    @pytest.mark.parametrize(
        ("unit", "every"),
        [(Unit.MONTH, 0), (Unit.MONTH, 25), (Unit.WEEK, 53), (Unit.DAY, 367), (Unit.DAY, True)],
    )
    def test_refuses_absurd_steps(self, unit, every):
        with pytest.raises(FrequencyUnknown):
            Frequency(unit, every)

    def test_refuses_unknown_names(self):
        with pytest.raises(FrequencyUnknown):
            Frequency.named("daily-ish")


class TestFixedDay:
    @pytest.mark.parametrize(
        ("start", "options", "expected"),
        [
            ("2024-01-05", {}, ["2024-01-20", "2024-02-20", "2024-03-20"]),  # exactly 15 days
            ("2024-01-06", {}, ["2024-02-20", "2024-03-20", "2024-04-20"]),  # 14 days are too few
            ("2024-01-20", {}, ["2024-02-20", "2024-03-20", "2024-04-20"]),
            ("2024-01-25", {"first_period_days_min": 30}, ["2024-03-20", "2024-04-20", "2024-05-20"]),
            ("2024-01-10", {"first_period_days_min": 0}, ["2024-01-20", "2024-02-20", "2024-03-20"]),
            ("2024-12-28", {"fixed_day": 31}, ["2025-01-31", "2025-02-28", "2025-03-31"]),
        ],
    )
    def test_moves_a_short_first_period_to_the_next_month(self, start, options, expected):
        assert dates(start, **{"fixed_day": 20, **options}) == expected

    def test_counts_quarters_from_the_first_full_one(self):
        assert dates("2024-01-05", frequency=Frequency.named("quarterly"), fixed_day=20) == [
            "2024-03-20",
            "2024-06-20",
            "2024-09-20",
        ]


class TestOtherAnchors:
    def test_a_first_date_that_is_given_anchors_the_others(self):
        assert dates("2024-01-10", first_due_on=date(2024, 2, 29)) == [
            "2024-02-29",
            "2024-03-29",
            "2024-04-29",
        ]

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2024-02-29", ["2024-03-31", "2024-04-30", "2024-05-31"]),
            ("2024-04-30", ["2024-05-31", "2024-06-30", "2024-07-31"]),
            ("2024-04-29", ["2024-05-29", "2024-06-29", "2024-07-29"]),
        ],
    )
    def test_the_end_of_the_month_stays_the_end(self, start, expected):
        assert dates(start, end_of_month=True) == expected

    @pytest.mark.parametrize("rule", [{"fixed_day": 31}, {"end_of_month": True}])
    def test_a_clipped_first_date_may_lead_back_to_longer_months(self, rule):
        found = dates("2024-01-10", first_due_on=date(2024, 2, 29), **rule)
        assert found == ["2024-02-29", "2024-03-31", "2024-04-30"]

    def test_every_date_may_be_listed(self):
        listed = (date(2024, 2, 8), date(2024, 2, 29), date(2024, 4, 1))
        assert dates("2024-01-10", listed=listed) == ["2024-02-08", "2024-02-29", "2024-04-01"]

    def test_without_the_switch_the_day_stays(self):
        assert dates("2024-02-29") == ["2024-03-29", "2024-04-29", "2024-05-29"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("rule", "field"),
        [
            ({"fixed_day": 20, "end_of_month": True}, "fixed_day"),
            ({"listed": (date(2024, 2, 1),), "fixed_day": 20, "count": 1}, "due_dates"),
            ({"listed": (date(2024, 2, 1),), "count": 2}, "due_dates"),
            ({"listed": (date(2024, 2, 1), date(2024, 2, 1)), "count": 2}, "due_dates"),
            ({"listed": (date(2024, 1, 10),), "count": 1}, "due_dates"),
            ({"fixed_day": 32}, "fixed_day"),
            ({"fixed_day": 0}, "fixed_day"),
            ({"fixed_day": 20, "frequency": Frequency.named("weekly")}, "frequency"),
            ({"end_of_month": True, "frequency": Frequency.named("weekly")}, "frequency"),
            ({"first_due_on": date(2024, 1, 10)}, "first_due_on"),
            ({"count": 0}, "count"),
            ({"count": 601}, "count"),
        ],
    )
    def test_contradictions_are_refused_by_name(self, rule, field):
        with pytest.raises(DueDateRuleImpossible) as refused:
            dates("2024-01-10", **rule)
        assert refused.value.field == field
