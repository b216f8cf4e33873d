"""Dates so many months from one anchor."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.kernel.periods import months_after


class TestMonthsAfter:
    @pytest.mark.parametrize(
        ("start", "due"),
        [
            (date(2024, 1, 31), [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]),
            (date(2023, 1, 31), [date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30)]),
            (date(2024, 2, 29), [date(2024, 3, 29), date(2024, 4, 29), date(2024, 5, 29)]),
            (date(2024, 11, 15), [date(2024, 12, 15), date(2025, 1, 15), date(2025, 2, 15)]),
            (date(2024, 11, 30), [date(2024, 12, 30), date(2025, 1, 30), date(2025, 2, 28)]),
        ],
    )
    def test_clips_to_the_month_end_and_returns_to_the_anchor_day(self, start, due):
        assert [months_after(start, months=months) for months in (1, 2, 3)] == due
