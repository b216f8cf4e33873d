"""Blacklist triggers: each way in, its window and its count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from collection.policies.blacklist_trigger import (
    DEFAULT_POLICY,
    BlacklistPolicy,
    OverdueInstalment,
    find_blacklist_trigger,
)

ON = date(2024, 7, 31)
ONLY_CONSECUTIVE = BlacklistPolicy(repeated_count=0, total_count=0)
ONLY_TOTAL = BlacklistPolicy(repeated_count=0, consecutive_months=0)


def overdue(since, *, grace_days=3, reference=None):
    passed = None if grace_days is None else since + timedelta(days=grace_days)
    return OverdueInstalment(reference or since.isoformat(), since - timedelta(days=1), since, passed)


def found(instalments, policy=DEFAULT_POLICY, on=ON):
    return find_blacklist_trigger(instalments=instalments, on=on, policy=policy)


class TestRepeatedOverdue:
    def test_lists_at_the_third_instalment(self):
        three = [overdue(date(2024, month, 5)) for month in (1, 4, 7)]
        assert found(three[:2]) is None
        finding = found(three)
        assert finding.rule == "repeated_overdue"
        assert finding.instalments == ("2024-01-05", "2024-04-05", "2024-07-05")

    def test_counts_instalments_of_one_day_each(self):
        same_day = [overdue(date(2024, 7, 5), reference=f"loan-{number}/1") for number in range(3)]
        assert found(same_day).instalments == ("loan-0/1", "loan-1/1", "loan-2/1")

    @pytest.mark.parametrize(
        ("first_passed", "listed"), [(date(2023, 7, 31), False), (date(2023, 8, 1), True)]
    )
    def test_forgets_what_passed_grace_twelve_months_ago(self, first_passed, listed):
        first = replace(overdue(date(2023, 7, 20)), passed_grace_on=first_passed)
        others = [overdue(date(2024, 3, 5)), overdue(date(2024, 7, 5))]
        assert (found([first, *others]) is not None) is listed

    @pytest.mark.parametrize("grace_days", [None, 30])
    def test_leaves_out_what_has_not_passed_grace(self, grace_days):
        instalments = [overdue(date(2024, month, 5)) for month in (1, 4)]
        assert found([*instalments, overdue(date(2024, 7, 5), grace_days=grace_days)]) is None


class TestConsecutiveMonths:
    @pytest.mark.parametrize(
        ("days", "listed"),
        [
            ([date(2023, 11, 30), date(2023, 12, 1), date(2024, 1, 31)], True),
            ([date(2023, 11, 30), date(2024, 1, 31), date(2024, 2, 1)], False),
            ([date(2024, 1, 5), date(2024, 1, 15), date(2024, 1, 25)], False),
            ([date(2022, 4, 5), date(2022, 5, 5), date(2022, 6, 5)], False),
        ],
    )
    def test_asks_for_three_calendar_months_in_a_row(self, days, listed):
        finding = found([overdue(day) for day in days], ONLY_CONSECUTIVE)
        assert (finding is not None) is listed

    def test_names_one_instalment_for_each_month(self):
        days = [date(2023, 11, 5), date(2023, 12, 5), date(2024, 1, 5), date(2024, 5, 5)]
        finding = found([overdue(day) for day in days], ONLY_CONSECUTIVE)
        assert finding.rule == "consecutive_months"
        assert finding.instalments == ("2023-11-05", "2023-12-05", "2024-01-05")


class TestTotalOverdue:
    MONTHS = [date(2022, 9, 5), date(2022, 12, 5), date(2023, 3, 5), date(2023, 7, 5), date(2023, 12, 5)]

    def test_asks_for_six_single_months_in_twenty_four(self):
        assert found([overdue(day) for day in self.MONTHS], ONLY_TOTAL) is None
        finding = found([overdue(day) for day in [*self.MONTHS, date(2024, 5, 5)]], ONLY_TOTAL)
        assert finding.rule == "total_overdue"
        assert len(finding.instalments) == 6

    def test_counts_a_month_once(self):
        days = [*self.MONTHS, date(2023, 12, 25)]
        assert found([overdue(day) for day in days], ONLY_TOTAL) is None

    def test_ignores_the_twenty_fifth_month_back(self):
        days = [date(2022, 7, 5), *self.MONTHS]
        assert found([overdue(day) for day in days], ONLY_TOTAL) is None


class TestFindBlacklistTrigger:
    def test_finds_nothing_for_a_good_payer(self):
        assert found([]) is None

    def test_finds_nothing_when_every_way_is_switched_off(self):
        off = BlacklistPolicy(repeated_count=0, consecutive_months=0, total_count=0)
        assert found([overdue(date(2024, month, 5)) for month in range(1, 8)], off) is None
