"""The second review: one cent and one month above each threshold."""

from __future__ import annotations

import pytest

from lending.policies.second_review import second_review_reasons


class TestASecondReview:
    @pytest.mark.parametrize(
        ("changes", "found"),
        [
            ({}, ()),
            ({"proposed_minor": 50_000_001}, ("amount_above_threshold", "amount_above_computed")),
            ({"computed_minor": 49_999_999}, ("amount_above_computed",)),
            ({"term_months": 12}, ()),
            ({"term_months": 13}, ("term_above_threshold",)),
        ],
    )
    def test_begins_beyond_each_threshold(self, changes, found):
        usual = {
            "proposed_minor": 50_000_000,
            "computed_minor": 50_000_000,
            "above_minor": 50_000_000,
            "term_months": None,
            "months_above": 12,
        }
        assert second_review_reasons(**{**usual, **changes}) == found
