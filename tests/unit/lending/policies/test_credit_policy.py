"""The credit decision: which version, which answer, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lending.policies.credit_policy import (
    CREDIT_POLICIES,
    DecisionInputs,
    PolicyNotInForce,
    decide,
    policy_in_force,
)
from lending.policies.veto import VetoPolicy

POLICY = CREDIT_POLICIES[0]
GOOD = DecisionInputs(
    applied_on=date(2024, 7, 15),
    currency="CNY",
    blacklisted=False,
    account_count=121,
    trading_since=date(2022, 7, 15),
    debt_ratio_bps=5_000,
    clean_record=True,
    industry_code="apparel",
    turnover_minor={f"2024-{month:02d}": 50_000_000 for month in range(1, 7)},
)


class TestDecide:
    def test_grants_the_worked_example(self):
        decision = decide(inputs=GOOD, policy=POLICY)
        assert (decision.approved, decision.limit_minor, decision.reasons) == (True, 12_240_000, ())
        assert decision.reapply_from is None

    @pytest.mark.parametrize(
        ("changes", "codes", "earliest"),
        [
            ({"blacklisted": True}, ["veto:blacklist"], date(2025, 1, 15)),
            ({"debt_ratio_bps": 7_001}, ["debt_ratio"], date(2024, 10, 15)),
            ({"trading_since": date(2024, 1, 16)}, ["months_in_business"], date(2024, 8, 15)),
            ({"turnover_minor": {"2024-07": 1}}, ["no_turnover"], date(2024, 8, 15)),
            (
                {"account_count": 0, "trading_since": None, "turnover_minor": {}},
                ["no_business_scene", "no_turnover"],
                date(2024, 8, 15),
            ),
            ({"turnover_minor": {"2024-06": 100_000}}, ["limit_below_minimum"], date(2024, 8, 15)),
        ],
    )
    def test_rejects_with_reasons_and_a_date(self, changes, codes, earliest):
        decision = decide(inputs=replace(GOOD, **changes), policy=POLICY)
        assert [reason.code for reason in decision.reasons] == codes
        assert (decision.approved, decision.limit_minor) == (False, 0)
        assert decision.reapply_from == earliest

    def test_never_approves_without_a_limit_when_rules_are_off(self):
        lax = replace(POLICY, veto=VetoPolicy(enabled=()))
        inputs = replace(GOOD, trading_since=None, turnover_minor={}, account_count=0)
        decision = decide(inputs=inputs, policy=lax)
        assert (decision.approved, decision.limit_minor) == (False, 0)

    def test_gives_equal_decisions_for_equal_facts_and_another_hash_for_others(self):
        first, second = decide(inputs=GOOD, policy=POLICY), decide(inputs=GOOD, policy=POLICY)
        other = decide(inputs=replace(GOOD, debt_ratio_bps=5_001), policy=POLICY)
        assert first == second
        assert first.inputs_sha256 != other.inputs_sha256

    def test_ignores_turnover_outside_the_six_months(self):
        more = replace(GOOD, turnover_minor={**GOOD.turnover_minor, "2024-07": 10**9, "2023-12": 10**9})
        assert decide(inputs=more, policy=POLICY) == decide(inputs=GOOD, policy=POLICY)

    def test_figures_are_pairs_of_unique_names_and_texts(self):
        figures = decide(inputs=GOOD, policy=POLICY).figures
        assert all(isinstance(value, str) for _, value in figures)
        assert len(dict(figures)) == len(figures)


class TestPolicyInForce:
    def test_takes_the_latest_version_that_has_begun(self):
        later = replace(POLICY, version="seller-credit-2", effective_from=date(2024, 7, 15))
        policies = (later, POLICY)
        assert policy_in_force(on=date(2024, 7, 14), policies=policies) is POLICY
        assert policy_in_force(on=date(2024, 7, 15), policies=policies) is later

    def test_refuses_a_day_before_the_first_version(self):
        with pytest.raises(PolicyNotInForce):
            policy_in_force(on=date(2015, 12, 31))
