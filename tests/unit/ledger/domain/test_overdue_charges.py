"""Penalty and compound interest: worked amounts, grace in both modes, maturity, the cap on all charges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.overdue_charges import (
    CompoundMode,
    GraceMode,
    OverdueCharges,
    OverdueTerms,
    OverdueTermsInvalid,
    overdue_charges,
)
from ledger.kernel.day_count import DayCount
from ledger.kernel.rounding import Rounding

DUE = date(2024, 4, 4)


def charges(days, *, principal=800_000, interest=9_600, fee=0, pay_by=None, **terms):
    return overdue_charges(
        OverdueTerms(**{"contract_rate_e8": 14_400_000, **terms}),
        due_on=DUE,
        on=DUE + timedelta(days=days),
        principal_minor=principal,
        interest_minor=interest,
        fee_minor=fee,
        pay_by=pay_by,
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

    @pytest.mark.parametrize(("agreed", "rate_e8"), [(18_000_000, 18_000_000), (36_500_000, 24_000_000)])
    def test_take_a_penalty_rate_that_is_agreed_itself_up_to_the_ceiling(self, agreed, rate_e8):
        assert OverdueTerms(contract_rate_e8=0, agreed_penalty_rate_e8=agreed).penalty_rate_e8 == rate_e8

    def test_may_count_the_last_day(self):
        found = charges(24, counts_last_day=True)
        assert (found.days_charged, found.penalty_minor, found.days_past_due) == (25, 12_000, 24)
        assert charges(3, counts_last_day=True).days_charged == 0

    @pytest.mark.parametrize(("days", "charged"), [(5, 0), (6, 6)])
    def test_wait_for_the_last_punctual_day(self, days, charged):
        assert charges(days, pay_by=DUE + timedelta(days=5)).days_charged == charged

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
            ({"grace_days": -1}, "grace_days"),
            ({"grace_days": 61}, "grace_days"),
            ({"contract_rate_e8": -1}, "contract_rate"),
            ({"contract_rate_e8": 24_000_001}, "contract_rate"),
            ({"compound": CompoundMode.CONTRACT_UNTIL_MATURITY}, "matures_on"),
            ({"matures_on": DUE}, "matures_on"),
        ],
    )
    def test_refuse_unsound_terms(self, terms, field):
        with pytest.raises(OverdueTermsInvalid) as refused:
            charges(25, **terms)
        assert refused.value.field == field
        assert str(refused.value).endswith(".")

    @pytest.mark.parametrize(
        "terms",
        [
            {"uplift_e8": 0},
            {"uplift_e8": 100_000_000},
            {"grace_days": 0},
            {"grace_days": 60},
            {"contract_rate_e8": 0},
            {"contract_rate_e8": 24_000_000},
        ],
    )
    def test_may_be_agreed_up_to_the_bounds_themselves(self, terms):
        agreed = OverdueTerms(**{"contract_rate_e8": 14_400_000, **terms})
        assert {name: getattr(agreed, name) for name in terms} == terms

    def test_add_up_with_the_fee(self):
        found = charges(25, fee=1_000)
        assert found.total_minor == 12_000 + 144 + 1_000

    def test_name_the_day_from_which_they_count(self):
        assert charges(25).charged_from == DUE
        assert charges(25, grace_mode=GraceMode.PLAIN).charged_from == DUE + timedelta(days=3)

    def test_are_nothing_at_all_within_the_grace_days(self):
        assert charges(3, fee=1_000) == OverdueCharges(3, None, 0, 0, 0, 0, 0)

    def test_leave_no_room_for_a_fee_at_the_ceiling(self):
        # Penalty and compound interest at 24% are the cap; rounding leaves not one unit over.
        found = charges(25, uplift_e8=100_000_000, fee=1_000)
        assert (found.fee_minor, found.cap_minor) == (0, found.penalty_minor + found.compound_minor)

    def test_round_as_agreed(self):
        # 1.00 at 21.6% for 25 days of 360 is 0.015.
        down, up = (charges(25, principal=100, rounding=mode) for mode in (Rounding.DOWN, Rounding.HALF_UP))
        assert (down.penalty_minor, up.penalty_minor) == (1, 2)

    def test_compound_by_the_same_convention(self):
        found = charges(25, interest=96_000, day_count=DayCount.ACT_365F)
        assert found.compound_minor == round(96_000 * 0.216 * 25 / 365)


class TestTheWords:
    def test_by_which_a_contract_names_its_way_do_not_change(self):
        assert [*GraceMode] == ["retroactive", "plain"]
        assert [*CompoundMode] == ["off", "penalty_rate", "contract_until_maturity"]

    @pytest.mark.parametrize(("word", "days"), [("retroactive", 25), ("plain", 22)])
    def test_say_from_when_a_penalty_counts(self, word, days):
        assert charges(25, grace_mode=GraceMode(word)).days_charged == days

    @pytest.mark.parametrize(
        ("word", "terms", "compound_minor"),
        [
            ("off", {}, 0),
            ("penalty_rate", {}, 144),  # 96.00 for 25 days at 21.6%, then at 14.4%
            ("contract_until_maturity", {"matures_on": DUE + timedelta(days=100)}, 96),
        ],
    )
    def test_say_at_which_rate_unpaid_interest_bears_interest(self, word, terms, compound_minor):
        assert charges(25, compound=CompoundMode(word), **terms).compound_minor == compound_minor
