"""Schedules: the worked table, the last row, and what cannot be scheduled."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.schedule import (
    InstalmentDoesNotAmortise,
    Period,
    PrincipalNotPositive,
    amortise,
    equal_instalment_schedule,
    level_instalment,
)

START = date(2024, 1, 31)


class TestEqualInstalmentSchedule:
    def test_matches_the_worked_table(self):
        # 50,000.00 at 10.8%, 6 months: number, due, opening, principal, interest, total.
        rows = equal_instalment_schedule(
            principal_minor=5_000_000, annual_rate_e8=10_800_000, start=START, count=6
        )
        table = [
            (row.number, row.due_on.isoformat(), row.opening_minor, row.principal_minor, row.interest_minor)
            for row in rows
        ]
        assert table == [
            (1, "2024-02-29", 5_000_000, 814_779, 45_000),
            (2, "2024-03-31", 4_185_221, 822_112, 37_667),
            (3, "2024-04-30", 3_363_109, 829_511, 30_268),
            (4, "2024-05-31", 2_533_598, 836_977, 22_802),
            (5, "2024-06-30", 1_696_621, 844_509, 15_270),
            (6, "2024-07-31", 852_112, 852_112, 7_669),
        ]
        assert [row.total_minor for row in rows] == [859_779] * 5 + [859_781]

    def test_divides_evenly_without_interest(self):
        rows = equal_instalment_schedule(principal_minor=100, annual_rate_e8=0, start=START, count=3)
        assert [(row.principal_minor, row.interest_minor) for row in rows] == [(33, 0), (33, 0), (34, 0)]

    def test_each_period_starts_where_the_one_before_fell_due(self):
        rows = equal_instalment_schedule(principal_minor=9_000, annual_rate_e8=0, start=START, count=3)
        assert [row.starts_on for row in rows] == [START, *(row.due_on for row in rows[:-1])]
        assert [row.key for row in rows] == ["1.1", "1.2", "1.3"]

    @pytest.mark.parametrize("principal_minor", [0, -1, True, 1.0])
    def test_needs_a_principal(self, principal_minor):
        with pytest.raises(PrincipalNotPositive) as refused:
            equal_instalment_schedule(principal_minor=principal_minor, annual_rate_e8=0, start=START, count=3)
        assert refused.value.field == "principal"

    def test_refuses_an_instalment_that_never_amortises(self):
        periods = [Period(1, START, date(2024, 2, 29)), Period(2, date(2024, 2, 29), date(2024, 3, 31))]
        with pytest.raises(InstalmentDoesNotAmortise) as refused:
            amortise(
                principal_minor=5_000_000,
                annual_rate_e8=10_800_000,
                level_minor=45_000,  # exactly the first row's interest
                periods=periods,
                version=1,
            )
        assert (refused.value.field, refused.value.details) == ("term", {"row": 1})

    def test_ends_with_the_row_that_repays_the_rest(self):
        periods = [Period(number, START, date(2024, 2, 29)) for number in (1, 2, 3)]
        rows = amortise(principal_minor=100, annual_rate_e8=0, level_minor=60, periods=periods, version=1)
        assert [(row.number, row.principal_minor) for row in rows] == [(1, 60), (2, 40)]

    def test_amortises_by_as_little_as_one_minor_unit(self):
        periods = [Period(1, START, date(2024, 2, 29)), Period(2, date(2024, 2, 29), date(2024, 3, 31))]
        rows = amortise(
            principal_minor=5_000_000,
            annual_rate_e8=10_800_000,
            level_minor=45_001,
            periods=periods,
            version=1,
        )
        assert [row.principal_minor for row in rows] == [1, 4_999_999]


class TestLevelInstalment:
    @pytest.mark.parametrize(
        ("principal_minor", "annual_rate_e8", "count", "level_minor"),
        [(5_000_000, 10_800_000, 6, 859_779), (2_363_109, 10_800_000, 4, 604_129), (120_000, 0, 12, 10_000)],
    )
    def test_matches_the_annuity(self, principal_minor, annual_rate_e8, count, level_minor):
        level = level_instalment(principal_minor=principal_minor, annual_rate_e8=annual_rate_e8, count=count)
        assert level == level_minor
