"""Ceilings of the yearly cost: by licence, by the prime rate on the day of signing, and the check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from ledger.policies.rate_ceiling import (
    LPR_ONE_YEAR,
    CeilingKind,
    PrimeRateUnknown,
    RateAboveCeiling,
    ceiling_e8,
    is_within_ceiling,
    require_within_ceiling,
)


class TestCeiling:
    @pytest.mark.parametrize(
        ("kind", "signed_on", "expected_e8"),
        [
            ("licensed", date(2024, 1, 1), 24_000_000),
            ("absolute", date(2024, 1, 1), 36_000_000),
            ("private_lending", date(2024, 7, 21), 13_800_000),
            ("private_lending", date(2024, 7, 22), 13_400_000),
            ("private_lending", date(2019, 8, 20), 17_000_000),
        ],
    )
    def test_depends_on_licence_and_day(self, kind, signed_on, expected_e8):
        assert ceiling_e8(CeilingKind(kind), signed_on=signed_on) == expected_e8

    def test_is_unknown_before_the_first_prime_rate(self):
        with pytest.raises(PrimeRateUnknown):
            ceiling_e8(CeilingKind.PRIVATE_LENDING, signed_on=date(2019, 8, 19))

    def test_table_rises_by_date(self):
        assert all(earlier[0] < later[0] for earlier, later in pairwise(LPR_ONE_YEAR))

    @pytest.mark.parametrize(
        ("rate", "is_within"),
        [(Decimal("0.24"), True), (Fraction(24, 100), True), (Decimal("0.2400000001"), False)],
    )
    def test_itself_is_allowed(self, rate, is_within):
        assert is_within_ceiling(rate, ceiling=24_000_000) is is_within
        if is_within:
            require_within_ceiling(rate, ceiling=24_000_000)
        else:
            with pytest.raises(RateAboveCeiling) as refused:
                require_within_ceiling(rate, ceiling=24_000_000)
            assert refused.value.details == {"ceiling": "0.24"}
