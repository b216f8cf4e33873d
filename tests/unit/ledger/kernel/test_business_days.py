"""Business days: weekends, holidays, worked Saturdays, and where a date moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.kernel.business_days import EVERY_DAY, Adjustment, BusinessCalendar, CalendarContradictory

# Labour Day 2024: 1 to 5 May off, Sunday 28 April and Saturday 11 May worked.
MAY = BusinessCalendar(
    holidays=frozenset(date(2024, 5, day) for day in range(1, 6)),
    working_days=frozenset({date(2024, 4, 28), date(2024, 5, 11)}),
    provisional_from=date(2025, 1, 1),
)


class TestBusinessCalendar:
    @pytest.mark.parametrize(
        ("on", "is_business"),
        [
            (date(2024, 4, 27), False),
            (date(2024, 4, 28), True),
            (date(2024, 5, 1), False),
            (date(2024, 5, 6), True),
            (date(2024, 5, 11), True),
            (date(2024, 5, 12), False),
        ],
    )
    def test_knows_weekends_holidays_and_worked_days(self, on, is_business):
        assert MAY.is_business_day(on) is is_business

    @pytest.mark.parametrize(
        ("on", "rule", "moved"),
        [
            (date(2024, 5, 1), Adjustment.UNADJUSTED, date(2024, 5, 1)),
            (date(2024, 5, 1), Adjustment.FOLLOWING, date(2024, 5, 6)),
            (date(2024, 5, 1), Adjustment.MODIFIED_FOLLOWING, date(2024, 5, 6)),
            (date(2024, 5, 1), Adjustment.PRECEDING, date(2024, 4, 30)),
            (date(2024, 5, 6), Adjustment.PRECEDING, date(2024, 5, 6)),
            (date(2024, 6, 29), Adjustment.FOLLOWING, date(2024, 7, 1)),
            (date(2024, 6, 29), Adjustment.MODIFIED_FOLLOWING, date(2024, 6, 28)),
            (date(2023, 12, 31), Adjustment.MODIFIED_FOLLOWING, date(2023, 12, 29)),
        ],
    )
    def test_moves_a_date_by_the_rule(self, on, rule, moved):
        assert MAY.adjusted(on, rule=rule) == moved

    @pytest.mark.parametrize(("on", "is_guess"), [(date(2024, 12, 31), False), (date(2025, 1, 1), True)])
    def test_says_where_it_is_only_a_guess(self, on, is_guess):
        assert MAY.is_provisional(on) is is_guess
        assert not EVERY_DAY.is_provisional(on)

    def test_has_no_weekend_unless_one_is_given(self):
        assert EVERY_DAY.adjusted(date(2024, 5, 4), rule=Adjustment.FOLLOWING) == date(2024, 5, 4)

    def test_refuses_a_day_that_is_both(self):
        with pytest.raises(CalendarContradictory) as refused:
            BusinessCalendar(
                holidays=frozenset({date(2024, 5, 1)}), working_days=frozenset({date(2024, 5, 1)})
            )
        assert refused.value.details == {"day": "2024-05-01"}

    def test_refuses_to_search_for_ever(self):
        always_closed = BusinessCalendar(
            holidays=frozenset(date(2024, 5, 1) + timedelta(days=day) for day in range(90))
        )
        with pytest.raises(CalendarContradictory):
            always_closed.adjusted(date(2024, 5, 1), rule=Adjustment.FOLLOWING)
