"""The promotional rate: the worked figures, its days, and a budget that pays all or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.kernel.rounding import Rounding
from lending.policies.rate_discount import Discount, discounted_interest

FIRST, LAST = date(2024, 10, 20), date(2024, 11, 11)


def interest(*, on=date(2024, 11, 1), overdue=False, budget=3_000_000_000, whole_life=True, **changes):
    terms = {"principal_minor": 5_000_000, "annual_rate_e8": 14_400_000, "days": 30, "year_days": 360}
    return discounted_interest(
        **{**terms, **changes},
        on=on,
        overdue=overdue,
        discount=Discount(8_500, FIRST, LAST, budget, whole_life),
        rounding=Rounding.HALF_UP,
    )


class TestADiscount:
    def test_has_the_worked_figures(self):
        found = interest()
        assert (found.rate_e8, found.interest_minor, found.full_minor) == (12_240_000, 51_000, 60_000)
        assert (found.subsidy_minor, found.refused) == (9_000, "")

    @pytest.mark.parametrize(
        ("changes", "refused"),
        [
            ({"on": date(2024, 10, 19)}, "not_valid"),
            ({"on": FIRST}, ""),
            ({"on": LAST}, ""),
            ({"on": date(2024, 11, 12)}, "not_valid"),
            ({"overdue": True}, "overdue"),
            ({"budget": 0}, "budget_spent"),
            ({"budget": 8_999}, "budget_spent"),
            ({"budget": 9_000}, ""),
            ({"budget": 0, "days": 0}, "budget_spent"),
        ],
    )
    def test_is_given_in_full_or_not_at_all(self, changes, refused):
        found = interest(**changes)
        assert found.refused == refused
        if refused:
            assert (found.rate_e8, found.subsidy_minor) == (14_400_000, 0)
            assert found.interest_minor == found.full_minor

    @pytest.mark.parametrize(
        ("on", "cheap_days"), [(date(2024, 11, 1), 11), (LAST, 1), (FIRST, 23), (date(2024, 10, 25), 18)]
    )
    def test_may_end_with_its_own_days(self, on, cheap_days):
        assert interest(on=on, whole_life=False).subsidy_minor == 300 * cheap_days

    @given(principal=st.integers(1, 10**10), rate=st.integers(0, 36_000_000), days=st.integers(0, 400))
    def test_and_interest_add_up_to_the_full_interest(self, principal, rate, days):
        found = interest(principal_minor=principal, annual_rate_e8=rate, days=days, budget=10**15)
        assert found.interest_minor + found.subsidy_minor == found.full_minor
        assert 0 <= found.subsidy_minor <= found.full_minor
