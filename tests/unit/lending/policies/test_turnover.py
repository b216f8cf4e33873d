"""Turnover: which six months count, their average, and how much they jump."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lending.policies.turnover import TurnoverWindow, six_months_before


def window(*amounts):
    return TurnoverWindow(tuple((f"2024-{month:02d}", amount) for month, amount in enumerate(amounts, 1)))


class TestSixMonthsBefore:
    @pytest.mark.parametrize(
        ("applied_on", "first", "last"),
        [
            (date(2024, 7, 1), "2024-01", "2024-06"),
            (date(2024, 7, 31), "2024-01", "2024-06"),
            (date(2024, 3, 31), "2023-09", "2024-02"),
            (date(2024, 1, 1), "2023-07", "2023-12"),
            (date(2024, 12, 31), "2024-06", "2024-11"),
        ],
    )
    def test_takes_full_calendar_months_before_the_date(self, applied_on, first, last):
        months = [month for month, _ in six_months_before(applied_on=applied_on, turnover_minor={}).months]
        assert (months[0], months[-1], len(months)) == (first, last, 6)

    def test_counts_a_month_without_sales_as_zero(self):
        turnover = {"2024-06": 600, "2024-07": 999_999, "2023-12": 999_999}
        found = six_months_before(applied_on=date(2024, 7, 15), turnover_minor=turnover)
        assert found.total_minor == 600
        assert found.average == 100

    def test_keeps_the_average_exact(self):
        assert window(1, 0, 0, 0, 0, 0).average == Fraction(1, 6)
