"""Ages, months overdue and waiting after a settlement: every bound from both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lending.policies.admission_rules import FEBRUARY_28, MARCH_1, age_on
from lending.policies.rejection import Waiting, reapply_from
from lending.policies.seller_facts import SellerFacts
from lending.policies.turnover import six_months_before
from lending.policies.veto import RULES, VetoPolicy, vetoes
from lending.policies.veto_facts import VetoFacts

APPLIED_ON = date(2024, 11, 21)
POLICY = VetoPolicy(enabled=tuple(RULES))


def facts_of(*, applied_on=APPLIED_ON, industry_code="apparel", **seller):
    turnover = {f"2024-{month:02d}": 100_000 for month in range(1, 13)}
    return VetoFacts(
        applied_on=applied_on,
        blacklisted=False,
        account_count=1,
        trading_since=date(2020, 1, 1),
        window=six_months_before(applied_on=applied_on, turnover_minor=turnover),
        debt_ratio_bps=0,
        industry_code=industry_code,
        seller=SellerFacts(**seller),
        turnover_minor=turnover,
    )


def codes(policy=POLICY, **facts):
    return [reason.code for reason in vetoes(facts=facts_of(**facts), policy=policy)]


class TestAnAge:
    @pytest.mark.parametrize(
        ("born_on", "on", "february", "march"),
        [
            (date(2006, 11, 21), date(2024, 11, 20), 17, 17),
            (date(2006, 11, 21), date(2024, 11, 21), 18, 18),
            (date(2008, 2, 29), date(2026, 2, 27), 17, 17),
            (date(2008, 2, 29), date(2026, 2, 28), 18, 17),
            (date(2008, 2, 29), date(2026, 3, 1), 18, 18),
            (date(2008, 2, 29), date(2028, 2, 28), 19, 19),
            (date(2008, 2, 29), date(2028, 2, 29), 20, 20),
            (date(2024, 11, 22), date(2024, 11, 21), -1, -1),
        ],
    )
    def test_is_in_completed_years(self, born_on, on, february, march):
        assert age_on(on, born_on=born_on, leap_birthday=FEBRUARY_28) == february
        assert age_on(on, born_on=born_on, leap_birthday=MARCH_1) == march

    @pytest.mark.parametrize(
        ("born_on", "found"),
        [
            (date(2006, 11, 21), []),
            (date(2006, 11, 22), ["age"]),
            (date(1959, 11, 21), []),
            (date(1958, 11, 22), []),
            (date(1958, 11, 21), ["age"]),
            (None, []),
        ],
    )
    def test_of_18_to_65_passes(self, born_on, found):
        assert codes(born_on=born_on) == found

    @pytest.mark.parametrize(
        ("born_on", "earliest"), [(date(2010, 1, 1), date(2024, 12, 21)), (date(1950, 1, 1), None)]
    )
    def test_too_young_may_come_back_and_too_old_may_not(self, born_on, earliest):
        reasons = vetoes(facts=facts_of(born_on=born_on), policy=POLICY)
        assert reapply_from(reasons=reasons, decided_on=APPLIED_ON) == earliest


class TestMonthsOverdue:
    @pytest.mark.parametrize(
        ("months", "found"),
        [
            ([], []),
            (["2023-11", "2023-12", "2024-01"], ["consecutive_overdue"]),
            (["2023-11", "2023-12", "2024-02"], []),
            (["2024-09", "2024-10", "2024-11"], ["consecutive_overdue"]),
            (["2023-01", "2023-03", "2023-05", "2023-07", "2023-09"], []),
            (["2023-01", "2023-03", "2023-05", "2023-07", "2023-09", "2023-11"], ["total_overdue"]),
            (["2022-10", "2023-03", "2023-05", "2023-07", "2023-09", "2023-11"], []),
            (["2022-11", "2023-03", "2023-05", "2023-07", "2023-09", "2023-11"], ["total_overdue"]),
            (["2022-10", "2022-11", "2022-12"], []),
            (["2022-11", "2022-12", "2023-01"], ["consecutive_overdue"]),
            (["2024-01"] * 6, []),
            (["2024-12", "2025-01", "2025-02"], []),
        ],
    )
    def test_reject_three_in_a_row_or_six_in_24_months(self, months, found):
        assert codes(overdue_months=tuple(months)) == found


class TestTheCreditRecord:
    @pytest.mark.parametrize(
        ("facts", "found"),
        [
            ({"overdue_now_minor": 0}, []),
            ({"overdue_now_minor": 1}, ["currently_overdue"]),
            ({"inquiries_3_months": 6}, []),
            ({"inquiries_3_months": 7}, ["inquiries"]),
            ({"identity_matches": True}, []),
            ({"identity_matches": False}, ["identity_failed"]),
            ({"penalty_active": True}, ["operating_abnormal"]),
            ({"industry_code": "p2p"}, ["restricted_industry"]),
            ({"industry_code": "virtual_currency"}, ["restricted_industry"]),
        ],
    )
    def test_rejects_beyond_each_threshold(self, facts, found):
        assert codes(**facts) == found

    @pytest.mark.parametrize(
        ("settled_on", "applied_on", "found"),
        [
            (date(2024, 1, 31), date(2024, 7, 30), ["old_overdue"]),
            (date(2024, 1, 31), date(2024, 7, 31), []),
            (date(2023, 8, 31), date(2024, 2, 28), ["old_overdue"]),
            (date(2023, 8, 31), date(2024, 2, 29), []),
        ],
    )
    def test_forgives_an_old_overdue_six_months_after_its_settlement(self, settled_on, applied_on, found):
        facts = facts_of(applied_on=applied_on, overdue_settled_on=settled_on)
        policy = replace(POLICY, enabled=("old_overdue",))
        assert [reason.code for reason in vetoes(facts=facts, policy=policy)] == found


class TestASeasonalShop:
    def test_is_compared_with_its_own_last_year(self):
        turnover = {f"2024-{month:02d}": 100_000 for month in range(5, 11)} | {"2024-10": 300_000}
        turnover |= {month.replace("2024", "2023"): amount for month, amount in turnover.items()}
        window = six_months_before(applied_on=APPLIED_ON, turnover_minor=turnover)
        facts = replace(facts_of(), window=window, turnover_minor=turnover)
        assert [reason.code for reason in vetoes(facts=facts, policy=POLICY)] == ["volatility"]
        assert vetoes(facts=facts, policy=replace(POLICY, seasonal=True)) == ()


class TestEveryWaitingPeriod:
    @pytest.mark.parametrize(
        ("waiting", "decided_on", "earliest"),
        [
            (Waiting.DATA, date(2024, 1, 31), date(2024, 2, 29)),
            (Waiting.OPERATING, date(2023, 1, 31), date(2023, 2, 28)),
            (Waiting.CREDIT_MINOR, date(2023, 11, 30), date(2024, 2, 29)),
            (Waiting.CREDIT_SERIOUS, date(2023, 8, 31), date(2024, 2, 29)),
            (Waiting.NEVER, date(2024, 1, 31), None),
        ],
    )
    def test_ends_by_the_month_end_rule(self, waiting, decided_on, earliest):
        reason = replace(vetoes(facts=facts_of(penalty_active=True), policy=POLICY)[0], waiting=waiting)
        assert reapply_from(reasons=[reason], decided_on=decided_on) == earliest
