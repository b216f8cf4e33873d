"""Day counts: 30,000.00 at 15% from 15 December 2023 to 15 March 2024, and the awkward month ends."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.domain.interest import simple_interest
from ledger.kernel.day_count import DayCount, PeriodReversed, days_between, year_fraction


class TestDaysBetween:
    def test_counts_the_start_day_and_not_the_end_day(self):
        assert days_between(start=date(2024, 3, 1), end=date(2024, 3, 11)) == 10
        assert days_between(start=date(2024, 3, 1), end=date(2024, 3, 1)) == 0

    def test_refuses_a_reversed_period(self):
        with pytest.raises(PeriodReversed):
            days_between(start=date(2024, 3, 2), end=date(2024, 3, 1))


class TestYearFraction:
    @pytest.mark.parametrize(
        ("convention", "fraction", "interest_minor"),
        [
            (DayCount.ACT_360, Fraction(91, 360), 113_750),
            (DayCount.ACT_365F, Fraction(91, 365), 112_192),
            (DayCount.ACT_ACT_ISDA, Fraction(17, 365) + Fraction(74, 366), 111_943),
            (DayCount.THIRTY_360, Fraction(90, 360), 112_500),
            (DayCount.THIRTY_E_360, Fraction(90, 360), 112_500),
        ],
    )
    def test_prices_the_same_quarter_by_convention(self, convention, fraction, interest_minor):
        part = year_fraction(convention=convention, start=date(2023, 12, 15), end=date(2024, 3, 15))
        assert part == fraction
        interest = simple_interest(principal_minor=3_000_000, annual_rate_e8=15_000_000, year_part=part)
        assert interest == interest_minor

    @pytest.mark.parametrize(
        ("start", "end", "bond_days", "euro_days"),
        [
            (date(2024, 2, 29), date(2024, 3, 31), 32, 31),
            (date(2024, 1, 31), date(2024, 3, 31), 60, 60),
            (date(2024, 1, 30), date(2024, 3, 31), 60, 60),
            (date(2024, 1, 15), date(2024, 3, 31), 76, 75),
            (date(2023, 2, 28), date(2024, 2, 29), 361, 361),
        ],
    )
    def test_treats_the_31st_by_the_letter_of_each_thirty_day_rule(self, start, end, bond_days, euro_days):
        bond = year_fraction(convention=DayCount.THIRTY_360, start=start, end=end)
        euro = year_fraction(convention=DayCount.THIRTY_E_360, start=start, end=end)
        assert (bond * 360, euro * 360) == (bond_days, euro_days)

    @pytest.mark.parametrize(
        ("start", "end", "fraction"),
        [
            (date(2024, 1, 1), date(2025, 1, 1), Fraction(1)),
            (date(2023, 7, 1), date(2025, 7, 1), Fraction(184, 365) + 1 + Fraction(181, 365)),
            (date(2024, 12, 31), date(2025, 1, 1), Fraction(1, 366)),
            (date(2024, 5, 5), date(2024, 5, 5), Fraction(0)),
        ],
    )
    def test_shares_a_period_among_its_calendar_years(self, start, end, fraction):
        assert year_fraction(convention=DayCount.ACT_ACT_ISDA, start=start, end=end) == fraction

    @pytest.mark.parametrize("convention", list(DayCount))
    def test_refuses_a_reversed_period_in_every_convention(self, convention):
        with pytest.raises(PeriodReversed):
            year_fraction(convention=convention, start=date(2024, 3, 2), end=date(2024, 3, 1))
