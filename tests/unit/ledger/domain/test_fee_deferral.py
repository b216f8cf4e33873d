"""Fees over the life of a loan: the worked rate and rows, and the straight line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.domain.fee_deferral import defer_by_effective_rate, defer_by_straight_line

INTEREST = [45_000, 37_667, 30_268, 22_802, 15_270, 7_669]
TOTALS = [859_779] * 5 + [859_781]


class TestDeferByEffectiveRate:
    def test_matches_the_worked_rate_and_rows(self):
        found = defer_by_effective_rate(
            principal_minor=5_000_000, fee_minor=50_000, rows=list(zip(INTEREST, TOTALS, strict=True))
        )
        assert round(found.rate, 12) == Decimal("0.011926955391")
        assert found.earned_minor == (14_038, 11_821, 9_556, 7_242, 4_878, 2_465)
        assert sum(found.earned_minor) == 50_000

    @pytest.mark.parametrize(
        ("rows", "fee_minor", "earned_minor"),
        [
            (3, 7, (3, 2, 2)),  # 3.49, 2.34 and 1.18 make 6 when each is rounded
            (4, 9, (4, 3, 2, 0)),  # 3.58, 2.70, 1.81 and 0.91 make 10
        ],
    )
    def test_leaves_the_roundings_to_the_last_row(self, rows, fee_minor, earned_minor):
        found = defer_by_effective_rate(
            principal_minor=100 * rows, fee_minor=fee_minor, rows=[(0, 100)] * rows
        )
        assert found.earned_minor == earned_minor


class TestDeferByStraightLine:
    def test_spreads_the_fee_evenly(self):
        found = defer_by_straight_line(fee_minor=50_000, count=6)
        assert found.rate is None
        assert sorted(found.earned_minor) == [8_333] * 4 + [8_334] * 2
        assert sum(found.earned_minor) == 50_000
