"""Ceilings of the yearly cost: by licence, by the prime rate on the day of signing, and the check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from ledger.calculators import calculate, find_calculator
from ledger.policies.rate_ceiling import (
    LPR_CONFIRMED_UNTIL,
    LPR_ONE_YEAR,
    CeilingKind,
    PrimeRateUnknown,
    RateAboveCeiling,
    ceiling_e8,
    is_provisional,
    is_within_ceiling,
    require_within_ceiling,
)


class TestTheCeilingOfAnAnswer:
    @pytest.mark.parametrize(
        ("signed_on", "provisional"),
        [
            ("2026-09-19", {}),
            ("2026-09-20", {"provisional": True, "prime_rate_confirmed_until": "2026-09-19"}),
        ],
    )
    def test_says_when_its_prime_rate_is_a_guess(self, signed_on, provisional):
        given = {
            **find_calculator("annual-rate").example,
            "ceiling": "private_lending",
            "signed_on": signed_on,
        }
        ceiling = calculate("annual-rate", given)["result"]["ceiling"]
        assert ceiling["limit"] == "0.12"
        assert {name: ceiling[name] for name in provisional} == provisional
        assert ("provisional" in ceiling) is bool(provisional)


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

    @pytest.mark.parametrize(
        ("kind", "signed_on", "is_guess"),
        [
            ("private_lending", LPR_CONFIRMED_UNTIL, False),
            ("private_lending", date(2026, 9, 20), True),
            ("licensed", date(2026, 9, 20), False),
        ],
    )
    def test_says_when_the_prime_rate_is_a_guess(self, kind, signed_on, is_guess):
        assert is_provisional(CeilingKind(kind), signed_on=signed_on) is is_guess

    @pytest.mark.parametrize(
        ("signed_on", "expected_e8"),
        [
            (date(2019, 9, 19), 17_000_000),
            (date(2019, 9, 20), 16_800_000),
            (date(2019, 11, 20), 16_600_000),
            (date(2020, 2, 20), 16_200_000),
            (date(2020, 4, 20), 15_400_000),
            (date(2021, 12, 20), 15_200_000),
            (date(2022, 1, 20), 14_800_000),
            (date(2022, 8, 22), 14_600_000),
            (date(2023, 6, 20), 14_200_000),
            (date(2023, 8, 20), 14_200_000),
            (date(2023, 8, 21), 13_800_000),
            (date(2024, 10, 21), 12_400_000),
            (date(2025, 5, 20), 12_000_000),
        ],
    )
    def test_is_four_times_the_prime_rate_of_the_day(self, signed_on, expected_e8):
        assert ceiling_e8(CeilingKind.PRIVATE_LENDING, signed_on=signed_on) == expected_e8

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
