"""Penalty and compound interest: worked amounts, grace in both modes, maturity, the cap on all charges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.overdue_charges import (
    CompoundMode,
    GraceMode,
    OverdueTerms,
    OverdueTermsInvalid,
    overdue_charges,
)
from ledger.kernel.day_count import DayCount

DUE = date(2024, 4, 4)


def charges(days, *, principal=800_000, interest=9_600, fee=0, **terms):
    return overdue_charges(
        OverdueTerms(**{"contract_rate_e8": 14_400_000, **terms}),
        due_on=DUE,
        on=DUE + timedelta(days=days),
        principal_minor=principal,
        interest_minor=interest,
        fee_minor=fee,
    )


class TestOverdueCharges:
    def test_match_the_worked_amounts(self):
        found = charges(25)
        assert (found.penalty_minor, found.compound_minor, found.days_charged) == (12_000, 144, 25)
        assert found.total_minor == 12_144

    @pytest.mark.parametrize(
        ("terms", "rate_e8"),
        [
            ({}, 21_600_000),
            ({"uplift_e8": 30_000_000}, 18_720_000),
            ({"contract_rate_e8": 20_000_000}, 24_000_000),
            ({"uplift_e8": 100_000_000}, 24_000_000),
        ],
    )
    def test_rate_is_raised_up_to_the_ceiling(self, terms, rate_e8):
        assert OverdueTerms(**{"contract_rate_e8": 14_400_000, **terms}).penalty_rate_e8 == rate_e8

    @pytest.mark.parametrize(
        ("days", "mode", "charged", "past_due"),
        [
            (-1, GraceMode.RETROACTIVE, 0, 0),
            (0, GraceMode.RETROACTIVE, 0, 0),
            (3, GraceMode.RETROACTIVE, 0, 3),
            (4, GraceMode.RETROACTIVE, 4, 4),
            (3, GraceMode.PLAIN, 0, 3),
            (4, GraceMode.PLAIN, 1, 4),
        ],
    )
    def test_begin_after_the_grace_days(self, days, mode, charged, past_due):
        found = charges(days, grace_mode=mode)
        assert (found.days_charged, found.days_past_due) == (charged, past_due)
        assert (found.total_minor > 0) is (charged > 0)

    def test_leave_compound_interest_out(self):
        assert charges(25, compound=CompoundMode.OFF).compound_minor == 0

    @pytest.mark.parametrize(
        ("matures_on", "compound_minor"),
        [
            (DUE + timedelta(days=100), 960),  # 25 days at 14.4%
            (DUE + timedelta(days=10), 384 + 864),  # 10 days at 14.4%, 15 at 21.6%
            (DUE, 1_440),
        ],
    )
    def test_compound_at_the_contract_rate_until_maturity(self, matures_on, compound_minor):
        found = charges(
            25, interest=96_000, compound=CompoundMode.CONTRACT_UNTIL_MATURITY, matures_on=matures_on
        )
        assert found.compound_minor == compound_minor

    def test_count_days_by_the_convention(self):
        assert charges(25, day_count=DayCount.ACT_365F).penalty_minor == round(800_000 * 0.216 * 25 / 365)

    def test_cut_fees_that_pass_the_cap(self):
        # (8,000.00 + 96.00) x 24% x 25/360 is 134.93; 121.44 are charged already.
        found = charges(25, fee=5_000)
        assert (found.cap_minor, found.fee_minor) == (13_493, 1_349)
        assert charges(25, fee=1_000).fee_minor == 1_000

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"uplift_e8": -1}, "uplift"),
            ({"uplift_e8": 100_000_001}, "uplift"),
            ({"grace_days": 61}, "grace_days"),
            ({"contract_rate_e8": 24_000_001}, "contract_rate"),
            ({"compound": CompoundMode.CONTRACT_UNTIL_MATURITY}, "matures_on"),
            ({"matures_on": DUE}, "matures_on"),
        ],
    )
    def test_refuse_unsound_terms(self, terms, field):
        with pytest.raises(OverdueTermsInvalid) as refused:
            charges(25, **terms)
        assert refused.value.field == field
