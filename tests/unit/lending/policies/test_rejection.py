"""Rejections: what the applicant is told, and when another try is taken."""

from __future__ import annotations

from datetime import date

import pytest

from lending.policies.rejection import (
    WAITING_MONTHS,
    Category,
    ReapplyNotPossible,
    ReapplyTooEarly,
    Reason,
    Waiting,
    check_reapply,
    reapply_from,
)


def reasons(*waiting):
    return [Reason("any", Category.CREDIT, period) for period in waiting]


class TestReapplyFrom:
    @pytest.mark.parametrize(
        ("waiting", "decided_on", "earliest"),
        [
            ([Waiting.DATA], date(2024, 1, 31), date(2024, 2, 29)),
            ([Waiting.DATA], date(2023, 1, 31), date(2023, 2, 28)),
            ([Waiting.OPERATING], date(2024, 12, 31), date(2025, 1, 31)),
            ([Waiting.CREDIT_MINOR], date(2024, 11, 30), date(2025, 2, 28)),
            ([Waiting.CREDIT_SERIOUS], date(2024, 8, 31), date(2025, 2, 28)),
            ([Waiting.DATA, Waiting.CREDIT_SERIOUS], date(2024, 1, 1), date(2024, 7, 1)),
            ([Waiting.DATA, Waiting.NEVER], date(2024, 1, 1), None),
            ([], date(2024, 1, 1), None),
        ],
    )
    def test_waits_for_the_longest_lower_bound(self, waiting, decided_on, earliest):
        assert reapply_from(reasons=reasons(*waiting), decided_on=decided_on) == earliest

    def test_has_a_period_for_every_class(self):
        assert set(WAITING_MONTHS) == set(Waiting)


class TestCheckReapply:
    def test_refuses_the_day_before_with_the_date(self):
        with pytest.raises(ReapplyTooEarly) as caught:
            check_reapply(earliest=date(2024, 2, 29), applied_on=date(2024, 2, 28))
        assert caught.value.details == {"earliest": "2024-02-29"}

    def test_takes_the_day_itself(self):
        check_reapply(earliest=date(2024, 2, 29), applied_on=date(2024, 2, 29))

    def test_refuses_for_good_after_a_final_rejection(self):
        with pytest.raises(ReapplyNotPossible):
            check_reapply(earliest=None, applied_on=date(2099, 1, 1))


class TestReason:
    def test_never_tells_a_fraud_rule(self):
        assert Reason("cash_out", Category.FRAUD, Waiting.NEVER).applicant_text == "综合评分不足"

    def test_tells_each_class_something(self):
        texts = {Reason("any", category, Waiting.DATA).applicant_text for category in Category}
        assert len(texts) == len(Category)
