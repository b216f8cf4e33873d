"""A draw whose interest is settled with the principal it was earned on: 40,000.00 at 14.4% over 360 days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.loan_state import LoanStatus
from ledger.domain.plans.revolving import Settlement
from tests.unit.ledger.builders import repay
from tests.unit.ledger.domain.test_loans_on_conventions import conventions, lent

START = date(2024, 3, 5)
BY_PRINCIPAL = conventions(ContractMethod.REVOLVING_DAILY, settlement=Settlement.ON_REPAID_PRINCIPAL)


@pytest.fixture
def draw():
    return lent(BY_PRINCIPAL, principal_minor=4_000_000, start=START, term=60)


def after(days):
    return START + timedelta(days=days)


class TestAPaymentBeforeMaturity:
    @pytest.mark.parametrize("kind", ["instalment", "prepayment"])
    def test_repays_principal_with_its_own_interest(self, draw, kind):
        done = repay(draw, after(12), kind=kind, amount_minor=1_507_200)
        (part,) = done.parts
        assert (part.interest_minor, part.principal_minor, done.left_over_minor) == (7_200, 1_500_000, 0)
        (rest,) = repay(draw, after(32), kind="payoff").parts
        assert (rest.interest_minor, rest.principal_minor) == (32_000, 2_500_000)
        assert draw.state.status is LoanStatus.SETTLED

    def test_of_more_than_everything_ends_the_draw_and_leaves_the_rest(self, draw):
        done = repay(draw, after(10), kind="prepayment", amount_minor=5_000_000)
        assert (done.kind, done.applied_minor, done.left_over_minor) == (
            "payoff",
            4_016_000,
            983_984 + 16,
        )
        assert draw.state.status is LoanStatus.SETTLED

    def test_leaves_a_unit_that_repays_nothing_with_its_interest(self, draw):
        """Below 250 minor units of principal one more earns nothing in a day, so that all of it is used."""
        done = repay(draw, after(30), amount_minor=84)
        assert done.applied_minor + done.left_over_minor == 84
        assert done.parts[0].interest_minor == 1

    def test_of_less_than_a_unit_of_principal_with_its_interest_pays_interest(self):
        """After 800 days a single unit has earned 0.53, which is one more unit."""
        draw = lent(BY_PRINCIPAL, principal_minor=1_000, term=900, start=START, annual_rate_e8=24_000_000)
        (part,) = repay(draw, after(800), kind="prepayment", amount_minor=1).parts
        assert (part.interest_minor, part.principal_minor) == (1, 0)


class TestAPaymentAfterMaturity:
    def test_settles_all_interest_first(self, draw):
        """60 days of 40,000.00 at 14.4% over 360 are 960.00."""
        (part,) = repay(draw, after(60), amount_minor=100_000).parts
        assert (part.interest_minor, part.principal_minor) == (96_000, 4_000)
