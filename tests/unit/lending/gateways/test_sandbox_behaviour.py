"""The sandbox's behaviours: tokens first, then seeded shares."""

from __future__ import annotations

from collections import Counter

import pytest

from lending.gateways.sandbox_behaviour import Behaviour, BehaviourTable


class TestBehaviourTable:
    @pytest.mark.parametrize(
        ("token", "behaviour"),
        [
            ("acct-1-fail", Behaviour.FAIL),
            ("acct-1-slow-fail", Behaviour.SLOW_FAIL),
            ("acct-1-slow", Behaviour.SLOW),
            ("acct-1-timeout-before", Behaviour.TIMEOUT_BEFORE),
            ("acct-1-timeout-after", Behaviour.TIMEOUT_AFTER),
            ("acct-1-unreachable", Behaviour.UNREACHABLE),
            ("acct-1-twice", Behaviour.TWICE),
            ("acct-1", Behaviour.PAY),
            ("acct-fail-1", Behaviour.PAY),
            ("fail", Behaviour.PAY),
            ("", Behaviour.PAY),
        ],
    )
    def test_reads_the_end_of_the_token(self, token, behaviour):
        assert BehaviourTable().behaviour_for(account_token=token, reference="r") is behaviour

    def test_shares_out_about_as_many_as_it_says_and_the_same_ones_each_time(self):
        shares = ((Behaviour.FAIL, 100), (Behaviour.TIMEOUT_AFTER, 50))
        tables = [BehaviourTable(seed="demo", shares=shares) for _ in range(2)]
        drawn = [
            [table.behaviour_for(account_token="acct", reference=f"loan-{n}") for n in range(4_000)]
            for table in tables
        ]
        assert drawn[0] == drawn[1]
        counts = Counter(drawn[0])
        assert 300 < counts[Behaviour.FAIL] < 500
        assert 130 < counts[Behaviour.TIMEOUT_AFTER] < 270
        assert sum(counts.values()) == 4_000

    def test_lets_the_token_win_over_the_shares(self):
        table = BehaviourTable(shares=((Behaviour.FAIL, 1_000),))
        assert table.behaviour_for(account_token="acct-twice", reference="r") is Behaviour.TWICE
        assert table.behaviour_for(account_token="acct", reference="r") is Behaviour.FAIL

    @pytest.mark.parametrize("shares", [((Behaviour.FAIL, 1_001),), ((Behaviour.FAIL, -1),)])
    def test_refuses_shares_that_are_not_parts_of_a_thousand(self, shares):
        with pytest.raises(ValueError, match="parts per thousand"):
            BehaviourTable(shares=shares)
