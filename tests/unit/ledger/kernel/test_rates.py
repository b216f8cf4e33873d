"""Annual rates as whole numbers of 1e-8."""

from __future__ import annotations

import pytest

from ledger.kernel.rates import (
    RateMalformed,
    RateNotText,
    RateTooLarge,
    RateTooPrecise,
    format_rate,
    parse_rate,
)


class TestParseRate:
    @pytest.mark.parametrize(
        ("text", "rate_e8", "written"),
        [
            ("0.144", 14_400_000, "0.144"),
            ("0.14400000", 14_400_000, "0.144"),
            ("0", 0, "0"),
            ("1", 100_000_000, "1"),
            ("0.00000001", 1, "0.00000001"),
            ("10", 1_000_000_000, "10"),
            ("2.05", 205_000_000, "2.05"),
        ],
    )
    def test_reads_an_annual_fraction_and_writes_it_back(self, text, rate_e8, written):
        assert parse_rate(text) == rate_e8
        assert format_rate(rate_e8) == written

    @pytest.mark.parametrize(
        ("value", "refusal"),
        [
            (0.144, RateNotText),
            (1, RateNotText),
            (False, RateNotText),
            (None, RateNotText),
            ("-0.1", RateMalformed),
            ("1e-2", RateMalformed),
            ("14.4%", RateMalformed),
            ("", RateMalformed),
            ("100", RateMalformed),
            ("0.123456789", RateTooPrecise),
            ("14.4", RateTooLarge),
        ],
    )
    def test_refuses_anything_else_by_name(self, value, refusal):
        with pytest.raises(refusal) as refused:
            parse_rate(value, field="rate")
        assert refused.value.field == "rate"
