"""Unit-periods between dates, and the examples that Appendix J of Regulation Z publishes with their dates."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from ledger.calculators import calculate
from ledger.domain.annual_rates.common_period import common_period
from ledger.domain.annual_rates.unit_periods import (
    FlowBeforeAdvance,
    Interval,
    UnitPeriod,
    UnitPeriodInvalid,
)
from ledger.kernel.periods import months_after

DAY, WEEK, HALF, MONTH = Interval.DAY, Interval.WEEK, Interval.HALF_MONTH, Interval.MONTH


class TestUnitPeriods:
    @pytest.mark.parametrize(
        ("start", "end", "unit", "whole", "fraction"),
        [
            # 10 February to 29 March: one month back from the 29th is 29 February, 19 days after the 10th.
            ("2024-02-10", "2024-03-29", UnitPeriod(MONTH), 1, Fraction(19, 30)),
            ("1978-01-10", "1978-07-10", UnitPeriod(MONTH), 6, Fraction(0)),
            ("2024-01-01", "2024-02-02", UnitPeriod(WEEK), 4, Fraction(4, 7)),
            ("2024-01-01", "2024-09-12", UnitPeriod(DAY, 255), 1, Fraction(0)),
            ("2024-01-01", "2024-03-16", UnitPeriod(MONTH, 2), 1, Fraction(15, 60)),
            # A full month is 30 days here: 22 and 30, although 50 days pass.
            ("1978-01-10", "1978-03-01", UnitPeriod(MONTH, 2), 0, Fraction(52, 60)),
            ("1978-02-23", "1978-03-01", UnitPeriod(HALF), 0, Fraction(6, 15)),
            ("1978-02-23", "1978-04-16", UnitPeriod(HALF), 3, Fraction(6, 15)),
            ("1978-01-15", "1979-07-15", UnitPeriod(MONTH, 12), 1, Fraction(6, 12)),
            ("1978-01-15", "1979-07-16", UnitPeriod(MONTH, 12), 1, Fraction(182, 365)),
            ("2024-01-01", "2024-01-01", UnitPeriod(MONTH), 0, Fraction(0)),
        ],
    )
    def test_are_measured_back_and_odd_days_forward(self, start, end, unit, whole, fraction):
        found = unit.between(start=date.fromisoformat(start), end=date.fromisoformat(end))
        assert found == (whole, fraction)

    def test_refuse_a_flow_before_the_advance(self):
        with pytest.raises(FlowBeforeAdvance):
            UnitPeriod(MONTH).between(start=date(2024, 1, 15), end=date(2024, 1, 14))

    @pytest.mark.parametrize("unit", [(MONTH, 13), (WEEK, 53), (DAY, 367), (HALF, 2), (MONTH, 0)])
    def test_are_not_longer_than_a_year(self, unit):
        with pytest.raises(UnitPeriodInvalid):
            UnitPeriod(*unit)

    @pytest.mark.parametrize(
        ("unit", "days", "most"), [((MONTH, 1), 31, 30), ((DAY, 1), 2, 1), ((MONTH, 12), 366, 365)]
    )
    def test_have_no_more_odd_days_than_one_of_them(self, unit, days, most):
        assert UnitPeriod(*unit).odd_part(most) == 1
        with pytest.raises(UnitPeriodInvalid) as refused:
            UnitPeriod(*unit).odd_part(days)
        assert refused.value.field == "odd_days"

    @pytest.mark.parametrize(
        ("unit", "expected"),
        [((MONTH, 1), 12), ((HALF, 1), 24), ((WEEK, 2), 26), ((DAY, 255), Fraction(365, 255))],
    )
    def test_know_how_many_a_year_has(self, unit, expected):
        assert UnitPeriod(*unit).in_year == expected


def months(first, count, *, every=1):
    return [months_after(date.fromisoformat(first), months=every * k) for k in range(count)]


def weeks(first, count, *, every=1):
    return [date.fromisoformat(first) + timedelta(weeks=every * k) for k in range(count)]


def halves(first, count):
    return sorted([*months(first, count // 2), *months(first[:-2] + "16", count // 2)])


def paid(dates, amount):
    return [(on.isoformat(), f"-{amount}") for on in dates]


# What is advanced, what is paid, the unit-period, and the rate that the appendix states; the last rows are
# further cases of the same rules, checked with a spreadsheet by others.
PUBLISHED = [
    ("1978-01-10", "5000.00", paid(months("1978-02-10", 24), "230.00"), ("month", 1), "9.69"),
    ("1978-02-10", "6000.00", paid(months("1978-04-01", 36), "200.00"), ("month", 1), "11.82"),
    ("1978-02-23", "5000.00", paid(halves("1978-03-01", 24), "219.17"), ("half_month", 1), "10.34"),
    ("1978-05-23", "10000.00", paid(months("1978-10-01", 40, every=3), "385.00"), ("month", 3), "8.97"),
    ("1978-03-20", "500.00", paid(weeks("1978-04-21", 30), "17.60"), ("week", 1), "14.96"),
    (
        "1978-01-10",
        "5000.00",
        [("1978-02-10", "-250.00"), *paid(months("1978-03-10", 23), "230.00")],
        ("month", 1),
        "10.08",
    ),
    (
        "1978-03-18",
        "400.00",
        [("1978-04-20", "-39.50"), *paid(weeks("1978-05-18", 11, every=4), "38.31")],
        ("week", 4),
        "28.50",
    ),
    (
        "1978-01-10",
        "5000.00",
        [*paid(months("1978-02-10", 23), "230.00"), ("1980-01-10", "-280.00")],
        ("month", 1),
        "10.50",
    ),
    (
        "1978-04-03",
        "200.00",
        [*paid(weeks("1978-04-11", 19, every=2), "9.50"), ("1979-01-02", "-30.00")],
        ("week", 2),
        "12.22",
    ),
    (
        "1978-01-10",
        "5000.00",
        [("1978-02-10", "-250.00"), *paid(months("1978-03-10", 22), "230.00"), ("1980-01-10", "-280.00")],
        ("month", 1),
        "10.90",
    ),
    (
        "1978-01-10",
        "8000.00",
        [
            ("1978-03-01", "-449.36"),
            *paid(months("1978-05-01", 18, every=2), "465.00"),
            ("1981-05-01", "-200.00"),
        ],
        ("month", 2),
        "7.30",
    ),
    ("1978-01-03", "1000.00", [("1978-09-15", "-1080.00")], ("day", 255), "11.45"),
    ("1978-07-15", "1000.00", [("1979-01-15", "-1044.00")], ("month", 6), "8.80"),
    ("1978-01-15", "1000.00", [("1979-07-15", "-1135.19")], ("month", 12), "8.76"),
    ("1978-01-03", "1000.00", [("1980-01-03", "-1240.00")], ("month", 12), "11.36"),
    (
        "1978-03-03",
        "7350.00",
        [
            *paid(months("1978-09-15", 3), "1000.00"),
            ("1979-03-15", "-2000.00"),
            *paid(months("1979-09-15", 3), "750.00"),
            ("1980-02-01", "-1000.00"),
        ],
        ("month", 1),
        "10.22",
    ),
    (
        "1979-04-10",
        "20000.00",
        [
            ("1979-06-12", "20000.00"),
            ("1979-09-18", "20000.00"),
            *paid(months("1979-12-10", 240), "612.36"),
        ],
        ("month", 1),
        "10.25",
    ),
    ("1978-06-23", "10000.00", paid(months("1978-10-01", 40, every=3), "385.00"), ("month", 3), "9.15"),
    ("1978-07-23", "10000.00", paid(months("1978-10-01", 40, every=3), "385.00"), ("month", 3), "9.32"),
    ("2023-10-28", "1000.00", paid(weeks("2023-11-30", 5), "250.00"), ("week", 1), "176.52"),
    ("2023-11-24", "1000.00", paid(weeks("2023-11-30", 5), "250.00"), ("week", 1), "434.30"),
    ("2023-10-26", "1000.00", paid(months("2023-11-30", 5, every=12), "500.00"), ("month", 12), "78.34"),
]


class TestCommonPeriods:
    @pytest.mark.parametrize(
        ("dates", "expected"),
        [
            (["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"], (MONTH, 1)),
            (["2024-01-15", "2024-01-31", "2024-02-15", "2024-02-29"], (HALF, 1)),
            (["2024-01-01", "2024-01-11", "2024-01-21"], (DAY, 10)),
            (["2024-01-01", "2024-07-01", "2025-07-01", "2026-07-01"], (MONTH, 12)),
            (["2024-01-01", "2024-01-08", "2024-01-15", "2024-02-15", "2024-03-15"], (WEEK, 1)),
            (["2024-01-01", "2026-03-05"], (MONTH, 12)),
            (["2024-01-01", "2024-01-01", "2024-03-01"], (MONTH, 2)),
        ],
    )
    def test_are_the_intervals_that_occur_most_often(self, dates, expected):
        assert common_period(map(date.fromisoformat, dates)) == UnitPeriod(*expected)

    @pytest.mark.parametrize("dates", [["2024-01-01", "2024-01-11", "2024-02-01"], ["2024-01-01"]])
    def test_are_not_guessed(self, dates):
        with pytest.raises(UnitPeriodInvalid) as refused:
            common_period(map(date.fromisoformat, dates))
        assert refused.value.field == "unit"


class TestPublishedExamples:
    @pytest.mark.parametrize(("advanced_on", "advance", "later", "unit", "expected"), PUBLISHED)
    def test_are_met_to_the_last_digit(self, advanced_on, advance, later, unit, expected):
        flows = [{"on": on, "amount": amount} for on, amount in [(advanced_on, advance), *later]]
        given = {"currency": "USD", "method": "reg_z", "unit": unit[0], "every": unit[1], "flows": flows}
        assert calculate("annual-rate", given)["result"]["percent"] == expected

    @pytest.mark.parametrize(("advanced_on", "advance", "later", "unit", "expected"), PUBLISHED)
    def test_are_met_without_stating_the_unit_period(self, advanced_on, advance, later, unit, expected):
        flows = [{"on": on, "amount": amount} for on, amount in [(advanced_on, advance), *later]]
        answered = calculate("annual-rate", {"currency": "USD", "method": "reg_z", "flows": flows})
        assert answered["result"]["percent"] == expected
        found = answered["conventions"]
        assert (found["unit"], found["every"]) == unit

    def test_a_student_who_pays_before_the_first_advance_has_one_rate_although_two_fit(self):
        advances = [(f"{year}-09-05", "1800.00") for year in range(1978, 1982)]
        advances += [(f"{year}-01-05", "1000.00") for year in range(1979, 1983)]
        flows = [*advances, *paid(months("1978-07-01", 50), "240.00")]
        given = {
            "currency": "USD",
            "method": "reg_z",
            "flows": [{"on": on, "amount": amount} for on, amount in flows],
        }
        nearest = calculate("annual-rate", given)["result"]["percent"]
        assert nearest == calculate("annual-rate", given | {"near": "0.3"})["result"]["percent"]
        assert (
            float(calculate("annual-rate", given | {"near": "10"})["result"]["percent"])
            > 800
            > float(nearest)
        )

    def test_reach_over_three_centuries_of_days(self):
        flows = [{"on": "1900-01-01", "amount": "1000.00"}, {"on": "2199-01-01", "amount": "-1100.00"}]
        data = {"currency": "CNY", "method": "reg_z", "unit": "day", "flows": flows}
        rate = Fraction(calculate("annual-rate", data)["result"]["actuarial_rate"])
        assert (1 + rate / 365) ** 109_207 == pytest.approx(1.1, abs=1e-6)
