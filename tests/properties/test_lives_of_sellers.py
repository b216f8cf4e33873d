"""The whole book keeps its laws after every step of any life, and the loan and the ledger always agree.

Method: seeded random lives of three sellers (``builders.simulation``). A failure names its seed and its
last steps; ``make simulate SEED=7 STEPS=5000`` lives longer. Bugs are planted on purpose, one at a time,
and have to be found.
"""

from __future__ import annotations

import os

import pytest

from ledger import postings
from ledger.domain import accrual, chart_of_accounts
from lending.domain.credit_line import CreditLine
from tests.builders.simulation import LawBroken, Simulation
from tests.builders.storage import committed, content
from tests.conftest import FIRST_DAY

SEEDS = [int(seed) for seed in os.environ.get("SIMULATION_SEEDS", "1 2 3").split()]
STEPS = int(os.environ.get("SIMULATION_STEPS", "120"))
STEPS_TO_FIND_A_BUG = 300

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0 if STEPS > 1_000 else 300)]


class TestALife:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_keeps_every_law_after_every_step(self, committed_books, seed):
        life = Simulation(seed)
        life.run(STEPS)
        accepted = {name.split()[0] for name in life.seen if name.endswith(" ok")}
        assert {"record_receipt", "request_drawdown", "record_repayment"} <= accepted
        assert any(not name.endswith(" ok") for name in life.seen)

    def test_is_the_same_for_the_same_seed(self, django_db_setup, django_db_blocker):
        told = []
        for _ in range(2):
            with committed(django_db_blocker, on=FIRST_DAY):
                life = Simulation(4)
                life.run(25)
                told.append((list(life.past), content()))
        assert told[0] == told[1]


def plant_interest_that_is_cut_off_instead_of_rounded(patch):
    """One unit now and then: the rule says 0.5 up, the planted one forgets it."""
    patch.setattr(accrual, "divide_rounded", lambda *, numerator, denominator: numerator // denominator)


def plant_a_repayment_posted_a_cent_off(patch):
    """The entry balances; a cent of principal goes to interest."""
    original = postings.POSTINGS["loan.payment_received"]

    def cent_off(event):
        legs = list(original(event))
        at = [index for index, leg in enumerate(legs) if leg.account == chart_of_accounts.LOAN_PRINCIPAL]
        if at and legs[at[0]].amount_minor > 1:
            principal = legs[at[0]]
            legs[at[0]] = postings.replace(principal, amount_minor=principal.amount_minor - 1)
            legs.append(
                postings.replace(principal, amount_minor=1, account=chart_of_accounts.INTEREST_RECEIVABLE)
            )
        return tuple(legs)

    patch.setitem(postings.POSTINGS, "loan.payment_received", cent_off)


def plant_a_limit_that_is_not_given_back_in_full(patch):
    original = CreditLine.restore_limit

    def short(self, *, loan_id, amount_minor, effective_date):
        original(self, loan_id=loan_id, amount_minor=max(1, amount_minor - 1), effective_date=effective_date)

    patch.setattr(CreditLine, "restore_limit", short)


BUGS = [
    plant_interest_that_is_cut_off_instead_of_rounded,
    plant_a_repayment_posted_a_cent_off,
    plant_a_limit_that_is_not_given_back_in_full,
]


class TestAPlantedBug:
    @pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__.removeprefix("plant_"))
    def test_is_found(self, committed_books, monkeypatch, plant):
        plant(monkeypatch)
        with pytest.raises(LawBroken, match=r"(?s)seed 1, step \d+: .*the last steps were") as caught:
            Simulation(1).run(STEPS_TO_FIND_A_BUG)
        assert 1 < len(str(caught.value).split("the last steps were\n")[1].splitlines()) <= 40
