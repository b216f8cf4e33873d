"""Whole lives of sellers by the product on its database, and every loan once more by the reference beside it.

After each step the laws of the world hold, and each loan the step touched is the same in both: rows, uses of
money, arrears, status, payoff, tables, every balance in the ledger, and what is refused. A failure names its
seed, its last steps and the command that lives it again; ``make simulate SEED=7 STEPS=5000`` lives longer.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from ledger import postings
from ledger.domain import chart_of_accounts as chart
from ledger.domain import loan_account
from ledger.domain.servicing.terms import PaymentRules
from tests.builders.simulation import LawBroken
from tests.twice.life import Twice

SEEDS = [int(seed) for seed in os.environ.get("SIMULATION_SEEDS", "1").split()]
STEPS = int(os.environ.get("SIMULATION_STEPS", "150"))
STEPS_TO_FIND_A_BUG = 150

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0 if STEPS > 1_000 else 300)]


class TestALifeLivedTwice:
    @pytest.mark.parametrize("seed", SEEDS)
    def test_is_the_same_after_every_step(self, committed_books, seed, capsys):
        life, begun = Twice(seed), time.monotonic()
        life.run(STEPS)
        took = time.monotonic() - begun
        with capsys.disabled():
            print(f"\nseed {seed}: {STEPS} steps, {STEPS / took:.1f} a second, {dict(life.compared)}")
        assert min(life.compared[what] for what in ("loans", "taken", "refused")) > 0


def plant_fees_booked_as_penalties(patch):
    """Entries balance, and the product's own proof reads the same table; only the account is wrong."""
    patch.setitem(postings.ACCOUNTS, "fee_income", chart.PENALTY_INCOME)


def plant_amounts_that_nobody_refuses(patch):
    """Refunds, waivers and rates beyond their bounds are taken."""
    patch.setattr(loan_account, "require_sound", lambda *args, **kwargs: None)


def plant_principal_before_interest(patch):
    """A payment settles the same amount, in another order."""
    right = PaymentRules.order.func
    patch.setattr(PaymentRules, "order", property(lambda rules: _turned_round(right(rules))))


def _turned_round(order):
    visits = tuple((when, tuple(reversed(components))) for when, components in order.visits)
    return replace(order, visits=visits)


BUGS = [
    plant_fees_booked_as_penalties,
    plant_amounts_that_nobody_refuses,
    plant_principal_before_interest,
]


class TestAPlantedBug:
    @pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__.removeprefix("plant_"))
    def test_is_found(self, committed_books, monkeypatch, plant):
        plant(monkeypatch)
        with pytest.raises(LawBroken, match=r"(?s)seed 2, step \d+: .*reference") as caught:
            Twice(2).run(STEPS_TO_FIND_A_BUG)
        assert "make simulate SEED=2 STEPS=" in str(caught.value)
        assert 1 < len(str(caught.value).split("the last steps were\n")[1].splitlines()) <= 40
