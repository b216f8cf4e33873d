"""Penalty and compound interest: 8,000.00 at 14.4% with 96.00 of interest, unpaid at maturity."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.penalty import is_past_grace, penalty_accruals, penalty_rate_e8

DUE = date(2024, 4, 4)


def accruals(*, rate_e8=21_600_000, compound=True, principal_minor=800_000, interest_minor=9_600, own=None):
    return penalty_accruals(
        instalment_key="1.1",
        due_on=DUE,
        on=DUE + timedelta(days=4),
        principal_minor=principal_minor,
        interest_minor=interest_minor,
        rate_e8=rate_e8,
        day_base=360,
        compound=compound,
        compound_rate_e8=own,
    )


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


class TestGrace:
    @pytest.mark.parametrize(
        ("days", "grace_days", "is_past"), [(0, 3, False), (3, 3, False), (4, 3, True), (1, 0, True)]
    )
    def test_ends_after_its_last_day(self, days, grace_days, is_past):
        assert is_past_grace(due_on=DUE, grace_days=grace_days, on=DUE + timedelta(days=days)) is is_past


class TestPenaltyAccruals:
    def test_match_the_worked_amounts_after_25_days(self):
        penalty, compound = accruals()
        on = DUE + timedelta(days=25)
        assert (penalty.kind, penalty.earned(on)) == ("penalty", 12_000)
        assert (compound.kind, compound.earned(on)) == ("compound", 144)

    def test_count_from_the_due_date_and_are_posted_from_the_day_they_start(self):
        penalty, _ = accruals()
        assert (penalty.started_on, penalty.accrue_from) == (DUE, DUE + timedelta(days=4))
        assert penalty.earned(penalty.accrue_from) == 1_920

    @pytest.mark.parametrize(
        ("changes", "kinds"),
        [
            ({"compound": False}, ["penalty"]),
            ({"interest_minor": 0}, ["penalty"]),
            ({"principal_minor": 0}, ["compound"]),
            ({"rate_e8": 0}, []),
        ],
    )
    def test_exist_only_where_something_can_be_earned(self, changes, kinds):
        assert [accrual.kind for accrual in accruals(**changes)] == kinds

    def test_let_unpaid_interest_bear_a_rate_of_its_own(self):
        penalty, compound = accruals(own=14_400_000)
        on = DUE + timedelta(days=25)
        assert (penalty.earned(on), compound.earned(on)) == (12_000, 96)

    def test_start_with_the_smallest_claim_there_is(self):
        (penalty,) = accruals(principal_minor=1, interest_minor=0, rate_e8=1)
        assert (penalty.key, penalty.per_day_numerator) == ("penalty:1.1", 1)
