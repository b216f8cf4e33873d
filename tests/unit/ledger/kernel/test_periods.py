"""Due dates from one anchor."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.kernel.periods import PeriodCountInvalid, monthly_due_dates, regular_due_dates


class TestMonthlyDueDates:
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
        assert list(monthly_due_dates(start=start, count=3)) == due

    def test_refuses_no_period(self):
        with pytest.raises(PeriodCountInvalid):
            monthly_due_dates(start=date(2024, 1, 1), count=0)


class TestRegularDueDates:
    def test_steps_by_weeks(self):
        dates = regular_due_dates(start=date(2024, 2, 20), count=2, step_days=14)
        assert dates == (date(2024, 3, 5), date(2024, 3, 19))

    @pytest.mark.parametrize(("count", "step_days"), [(0, 7), (1, 0), (-1, 7)])
    def test_refuses_no_step(self, count, step_days):
        with pytest.raises(PeriodCountInvalid):
            regular_due_dates(start=date(2024, 1, 1), count=count, step_days=step_days)
