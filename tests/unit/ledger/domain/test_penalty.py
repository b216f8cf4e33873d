"""The penalty rate: the contract rate raised by the uplift, up to the ceiling."""

from __future__ import annotations

import pytest

from ledger.domain.penalty import penalty_rate_e8


class TestPenaltyRate:
    @pytest.mark.parametrize(
        ("contract_rate_e8", "uplift_e8", "rate_e8"),
        [
            (14_400_000, 50_000_000, 21_600_000),
            (14_400_000, 30_000_000, 18_720_000),
            (20_000_000, 50_000_000, 24_000_000),  # 30% would pass the ceiling
            (12_000_000, 100_000_000, 24_000_000),
            (0, 50_000_000, 0),
            (1, 50_000_000, 2),
        ],
    )
    def test_raises_the_contract_rate_up_to_the_ceiling(self, contract_rate_e8, uplift_e8, rate_e8):
        rate = penalty_rate_e8(contract_rate_e8=contract_rate_e8, uplift_e8=uplift_e8, ceiling_e8=24_000_000)
        assert rate == rate_e8
