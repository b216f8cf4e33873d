"""When a change is a restructuring, how long it is watched, and how far a maturity may move."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.policies.classification import Category
from ledger.policies.extension_limit import (
    ExtensionTooLong,
    latest_maturity,
    require_short_enough,
    whole_months,
)
from ledger.policies.restructuring import restructuring_flags

ON = date(2024, 5, 15)


def flags(*, days=0, hardship=False, concession=True, dues=()):
    return restructuring_flags(
        on=ON,
        is_concession=concession,
        days_past_due=days,
        for_hardship=hardship,
        due_dates_after=[date.fromisoformat(due) for due in dues],
    )


class TestTheFlag:
    @pytest.mark.parametrize(
        ("given", "restructured", "why"),
        [
            ({}, False, "offered_before_overdue"),
            ({"hardship": True}, True, "granted_for_hardship"),
            ({"days": 1}, True, "granted_while_overdue"),
            ({"days": 45, "concession": False}, False, "no_concession"),
            ({"days": 45, "hardship": True, "concession": False}, False, "no_concession"),
        ],
    )
    def test_is_set_for_concessions_in_difficulty_or_arrears(self, given, restructured, why):
        found = flags(**given)
        assert (found.is_restructured, found.why) == (restructured, why)
        expected = Category.SPECIAL_MENTION if restructured else Category.NORMAL
        assert found.category_min is expected
        assert (found.observed_until is None) is not restructured


class TestTheObservation:
    @pytest.mark.parametrize(
        ("dues", "until"),
        [
            (["2024-06-05", "2024-07-05", "2024-08-05"], date(2025, 5, 15)),
            (["2024-12-15", "2025-06-15", "2025-12-15"], date(2025, 6, 15)),
            (["2026-05-15"], date(2026, 5, 15)),
            ([], date(2025, 5, 15)),
        ],
    )
    def test_lasts_two_periods_and_a_year(self, dues, until):
        assert flags(hardship=True, dues=dues).observed_until == until


class TestTheMaturity:
    @pytest.mark.parametrize(
        ("start", "maturity", "latest"),
        [
            ("2024-01-31", "2024-07-31", "2025-01-31"),
            ("2024-03-05", "2024-09-05", "2025-03-08"),
            ("2024-03-05", "2024-03-25", "2024-04-14"),
            ("2024-01-15", "2025-01-15", "2026-01-16"),
            ("2024-01-15", "2027-01-15", "2028-07-15"),
            ("2020-01-15", "2025-01-15", "2027-07-15"),
            ("2020-01-15", "2030-01-15", "2033-01-15"),
        ],
    )
    def test_moves_by_the_original_term_at_most(self, start, maturity, latest):
        start, maturity, latest = map(date.fromisoformat, (start, maturity, latest))
        assert latest_maturity(start=start, maturity=maturity) == latest
        require_short_enough(start=start, original_maturity=maturity, new_maturity=latest)
        with pytest.raises(ExtensionTooLong) as refused:
            require_short_enough(
                start=start, original_maturity=maturity, new_maturity=date.fromordinal(latest.toordinal() + 1)
            )
        assert refused.value.details["latest_maturity"] == latest.isoformat()

    def test_counts_full_months(self):
        assert whole_months(date(2024, 1, 31), date(2024, 2, 28)) == 0
        assert whole_months(date(2024, 1, 31), date(2024, 2, 29)) == 1
