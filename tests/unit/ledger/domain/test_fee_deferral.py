"""Fees over the life of a loan: the worked rate and rows, and the straight line."""

from __future__ import annotations

from decimal import Decimal

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


class TestDeferByStraightLine:
    def test_spreads_the_fee_evenly(self):
        found = defer_by_straight_line(fee_minor=50_000, count=6)
        assert found.rate is None
        assert sorted(found.earned_minor) == [8_333] * 4 + [8_334] * 2
        assert sum(found.earned_minor) == 50_000
