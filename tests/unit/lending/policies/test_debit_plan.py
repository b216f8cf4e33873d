"""The plan of debits: when a due amount is tried, what part may be taken, and which plan is in force."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from lending.policies.debit_plan import ATTEMPTS_MAX, PLANS, DebitPlan, debit_plan_on

START = date(2024, 1, 1)


def plan(*hours, **changes):
    """Return a plan with an attempt at each of the hours."""
    given = {"version": 1, "effective_from": START, "at": tuple(time(hour) for hour in hours)}
    return DebitPlan(**{**given, **changes})


class TestAPlan:
    def test_has_no_more_attempts_than_a_date_has_room_for(self):
        assert len(plan(*range(ATTEMPTS_MAX)).at) == 12
        with pytest.raises(ValueError, match="few"):
            plan(*range(ATTEMPTS_MAX + 1))

    @pytest.mark.parametrize("hours", [(16, 10), (10, 10), (10, 16, 12)])
    def test_has_attempts_that_follow_each_other(self, hours):
        with pytest.raises(ValueError, match="follow each other"):
            plan(*hours)

    @pytest.mark.parametrize(
        ("clock", "attempt"),
        [
            (time(0), 0),
            (time(9, 59, 59), 0),
            (time(10), 1),
            (time(15, 59), 1),
            (time(16), 2),
            (time(23, 59), 2),
        ],
    )
    def test_counts_the_attempts_whose_time_has_come(self, clock, attempt):
        assert plan(10, 16).attempt_at(clock) == attempt

    def test_leaves_the_last_attempt_to_the_day_close(self):
        assert plan(10, 16).closing_attempt == 3
        assert [plan(10, 16).name_of(attempt) for attempt in (1, 2, 3)] == ["10:00", "16:00", "day close"]

    def test_without_times_leaves_the_debit_to_the_day_close(self):
        assert (plan().attempt_at(time(23, 59)), plan().closing_attempt) == (0, 1)
        assert plan().name_of(1) == "day close"

    def test_writes_times_to_the_minute(self):
        assert plan(at=(time(9, 5),)).name_of(1) == "09:05"


class TestAPart:
    def test_is_taken_of_every_product_that_is_not_named(self):
        some = plan(10, whole_only=frozenset({"instalment-monthly"}))
        assert some.takes_part_of("revolving-daily")
        assert not some.takes_part_of("instalment-monthly")

    def test_is_taken_of_no_product_where_the_lender_takes_none(self):
        none = plan(10, takes_part=False, whole_only=frozenset({"instalment-monthly"}))
        assert not none.takes_part_of("revolving-daily")
        assert not none.takes_part_of("instalment-monthly")


class TestThePlanInForce:
    PLANS = (
        plan(10),
        plan(12, version=2, effective_from=START + timedelta(days=31)),
        plan(11, version=3),
    )

    @pytest.mark.parametrize(("days", "version"), [(0, 3), (30, 3), (31, 2), (400, 2)])
    def test_is_the_latest_by_date_and_then_by_version(self, days, version):
        on = START + timedelta(days=days)
        assert debit_plan_on(on, plans=self.PLANS).version == version
        assert debit_plan_on(on, plans=self.PLANS[::-1]).version == version

    def test_is_missing_before_the_first(self):
        with pytest.raises(ValueError, match="no debit plan is in force on 2023-12-31"):
            debit_plan_on(START - timedelta(days=1), plans=self.PLANS)

    def test_is_the_one_that_ships_where_none_is_named(self):
        assert debit_plan_on(START) is PLANS[0]
        assert [PLANS[0].name_of(attempt) for attempt in (1, 2, 3, 4)] == [
            "10:00",
            "16:00",
            "22:00",
            "day close",
        ]
