"""The day counts that peers and bond markets add: 364 days, and the three ways to meet a leap year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.kernel.day_count import DayCount, year_fraction


def part(convention, start, end):
    return year_fraction(
        convention=DayCount(convention), start=date.fromisoformat(start), end=date.fromisoformat(end)
    )


class TestYearFraction:
    @pytest.mark.parametrize(
        ("convention", "expected"),
        [
            ("ACT/364", Fraction(91, 364)),
            ("ACT/ACT ISDA", Fraction(17, 365) + Fraction(74, 366)),
            ("ACT/ACT 31DEC", Fraction(16, 365) + Fraction(75, 366)),
            ("ACT/ACT FEB29", Fraction(91, 366)),
        ],
    )
    def test_of_91_days_over_a_new_year(self, convention, expected):
        assert part(convention, "2023-12-15", "2024-03-15") == expected

    @pytest.mark.parametrize(
        ("start", "end", "year"),
        [
            ("2024-02-28", "2024-02-29", 366),  # the leap day ends the period
            ("2024-02-29", "2024-03-01", 365),  # the leap day opens it and lies behind it
            ("2023-03-01", "2024-02-28", 365),
            ("2023-03-01", "2024-02-29", 366),
            ("2024-03-01", "2025-03-01", 365),
        ],
    )
    def test_by_leap_day_looks_for_it_inside_the_period(self, start, end, year):
        days = (date.fromisoformat(end) - date.fromisoformat(start)).days
        assert part("ACT/ACT FEB29", start, end) == Fraction(days, year)

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ("2023-12-31", "2024-12-31", Fraction(1)),
            ("2023-12-30", "2024-01-02", Fraction(1, 365) + Fraction(2, 366)),
            ("2023-12-31", "2023-12-31", Fraction(0)),
            ("2022-12-31", "2025-12-31", Fraction(3)),
        ],
    )
    def test_cut_at_the_last_of_december_gives_that_day_to_the_new_year(self, start, end, expected):
        assert part("ACT/ACT 31DEC", start, end) == expected
