"""The shipped calendar of China: worked weekends, holidays, and where it is only a guess."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.calculators import calculate
from ledger.calculators.refusals import InputFieldInvalid
from ledger.kernel.business_days import SATURDAY, Adjustment
from ledger.policies.calendars import CALENDARS
from ledger.policies.calendars.china import DAYS_OFF, WORKED_WEEKENDS

CHINA = CALENDARS["CN"]
# However days are moved: days of the year, less weekend days, less statutory holidays (11, from 2025 on 13).
WORKING_DAYS = {2023: 365 - 105 - 11, 2024: 366 - 104 - 11, 2025: 365 - 104 - 13, 2026: 365 - 104 - 13}


class TestTheCalendarOfChina:
    @pytest.mark.parametrize(
        ("on", "is_business"),
        [
            (date(2023, 1, 2), False),
            (date(2023, 1, 28), True),
            (date(2023, 10, 8), True),
            (date(2024, 2, 9), True),
            (date(2024, 2, 16), False),
            (date(2024, 10, 12), True),
            (date(2025, 10, 8), False),
            (date(2025, 10, 11), True),
            (date(2026, 1, 2), False),
            (date(2026, 9, 20), True),
            (date(2026, 10, 8), True),
        ],
    )
    def test_knows_days_off_and_make_up_days(self, on, is_business):
        assert CHINA.is_business_day(on) is is_business

    @pytest.mark.parametrize(("year", "expected"), WORKING_DAYS.items())
    def test_has_so_many_working_days(self, year, expected):
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
        assert sum(day.year == year and CHINA.is_business_day(day) for day in days) == expected

    def test_lists_days_in_order_and_works_only_on_weekends(self):
        bounds = [day for days in DAYS_OFF for day in days]
        assert bounds == sorted(bounds)
        assert all(day.weekday() >= SATURDAY for day in WORKED_WEEKENDS)

    def test_moves_a_due_date_past_the_spring_festival(self):
        assert CHINA.adjusted(date(2026, 2, 15), rule=Adjustment.FOLLOWING) == date(2026, 2, 24)

    @pytest.mark.parametrize(
        ("on", "is_guess"),
        [
            (date(2022, 12, 31), True),
            (date(2023, 1, 1), False),
            (date(2026, 12, 31), False),
            (date(2027, 1, 1), True),
        ],
    )
    def test_says_which_years_are_provisional(self, on, is_guess):
        assert CHINA.is_provisional(on) is is_guess


class TestACalendarByName:
    def test_moves_dates_and_marks_provisional_ones(self):
        given = {"start": "2026-09-01", "count": 5, "holiday_rule": "following", "calendar": "CN"}
        answer = calculate("due-dates", given)
        rows = [(row["due_on"], row["provisional"]) for row in answer["result"]["rows"]]
        assert answer["conventions"]["calendar"] == "CN"
        assert rows == [
            ("2026-10-08", False),
            ("2026-11-02", False),
            ("2026-12-01", False),
            ("2027-01-04", True),
            ("2027-02-01", True),
        ]

    def test_serves_a_schedule_as_well(self):
        given = {
            "currency": "CNY",
            "principal": "50000.00",
            "method": "equal_instalment",
            "annual_rate": "0.108",
            "start": "2026-11-05",
            "count": 3,
            "calendar": "CN",
            "holiday_rule": "following",
        }
        rows = calculate("schedule", given)["result"]["rows"]
        assert [row["due_on"] for row in rows] == ["2026-12-07", "2027-01-05", "2027-02-09"]
        assert [row.get("provisional", False) for row in rows] == [False, True, True]

    def test_marks_a_due_date_that_moved_out_of_a_provisional_year(self):
        given = {
            "currency": "CNY",
            "principal": "50000.00",
            "method": "equal_instalment",
            "annual_rate": "0.108",
            "start": "2026-12-01",
            "count": 1,
            "calendar": "CN",
            "holiday_rule": "preceding",
        }
        (row,) = calculate("schedule", given)["result"]["rows"]
        assert (row["due_on"], row["provisional"]) == ("2026-12-31", True)

    def test_is_refused_when_it_does_not_ship(self):
        with pytest.raises(InputFieldInvalid) as refused:
            calculate("due-dates", {"start": "2026-09-01", "count": 1, "calendar": "XX"})
        assert refused.value.field == "calendar"
