"""The vetoes: each threshold on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lending.policies.turnover import six_months_before
from lending.policies.veto import RULES, VetoPolicy, vetoes
from lending.policies.veto_facts import VetoFacts

ALL_RULES = VetoPolicy(enabled=tuple(RULES))
APPLIED_ON = date(2024, 7, 15)


def window(*amounts):
    months = {f"2024-{month:02d}": amount for month, amount in enumerate(amounts, 1)}
    return six_months_before(applied_on=APPLIED_ON, turnover_minor=months)


GOOD = VetoFacts(
    applied_on=APPLIED_ON,
    blacklisted=False,
    account_count=1,
    trading_since=date(2022, 1, 1),
    window=window(*[100_000] * 6),
    debt_ratio_bps=0,
    idle_days=0,
)


class TestVetoes:
    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({}, []),
            ({"blacklisted": True}, ["veto:blacklist"]),
            ({"account_count": 0, "trading_since": None}, ["no_business_scene"]),
            ({"trading_since": date(2024, 1, 15)}, []),
            ({"trading_since": date(2024, 1, 16)}, ["months_in_business"]),
            ({"trading_since": None}, []),
            ({"debt_ratio_bps": 7_000}, []),
            ({"debt_ratio_bps": 7_001}, ["debt_ratio"]),
            ({"window": window(0, 0, 0, 0, 0, 0)}, ["no_turnover"]),
            ({"window": window(*[0] * 5, 1)}, ["volatility"]),
            ({"window": window(50_000, *[100_000] * 4, 150_000)}, []),
            ({"window": window(*[100_000] * 5, 180_000)}, ["volatility"]),
            ({"idle_days": 15}, []),
            ({"idle_days": 16}, ["idle_days"]),
            ({"idle_days": None}, []),
            (
                {"blacklisted": True, "debt_ratio_bps": 9_000, "idle_days": 40},
                ["veto:blacklist", "debt_ratio", "idle_days"],
            ),
        ],
    )
    def test_reject_beyond_each_threshold(self, changes, codes):
        found = vetoes(facts=replace(GOOD, **changes), policy=ALL_RULES)
        assert [reason.code for reason in found] == codes

    @pytest.mark.parametrize(
        ("opened", "applied_on", "passes"),
        [
            (date(2024, 1, 15), date(2024, 7, 14), False),
            (date(2024, 1, 15), date(2024, 7, 15), True),
            (date(2023, 8, 31), date(2024, 2, 28), False),
            (date(2023, 8, 31), date(2024, 2, 29), True),
        ],
    )
    def test_count_months_in_business_by_the_month_end_rule(self, opened, applied_on, passes):
        facts = replace(GOOD, trading_since=opened, applied_on=applied_on)
        assert (vetoes(facts=facts, policy=ALL_RULES) == ()) is passes

    def test_switch_off_volatility_and_idle_days_unless_a_policy_asks(self):
        facts = replace(GOOD, idle_days=99, window=window(600_000, 0, 0, 0, 0, 0))
        assert vetoes(facts=facts, policy=VetoPolicy()) == ()

    def test_move_with_the_thresholds_of_the_policy(self):
        policy = replace(ALL_RULES, debt_ratio_max_bps=5_000, idle_days_max=3, months_in_business_min=36)
        facts = replace(GOOD, debt_ratio_bps=5_001, idle_days=4)
        codes = [reason.code for reason in vetoes(facts=facts, policy=policy)]
        assert codes == ["months_in_business", "debt_ratio", "idle_days"]


class TestVetoPolicy:
    def test_refuses_a_rule_that_does_not_exist(self):
        with pytest.raises(ValueError, match="horoscope"):
            VetoPolicy(enabled=("blacklist", "horoscope"))
