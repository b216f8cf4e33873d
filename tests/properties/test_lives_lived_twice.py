"""Whole lives of sellers by the product on its database, and every loan once more by the reference beside it.

After each step the laws of the world hold, and each loan the step touched is the same in both: rows, uses of
money, arrears, status, payoff, tables, every balance in the ledger, and what is refused. A failure names its
seed, its last steps and the command that lives it again; ``make simulate SEED=7 STEPS=5000`` lives longer.
"""

from __future__ import annotations

import os
import time

import pytest

from ledger import postings
from ledger.domain import chart_of_accounts as chart
from ledger.domain.servicing.life import Life
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
            print(f"\nseed {seed}: {STEPS} steps, {STEPS / took:.1f} a second, {dict(life.compared)}")  # noqa: T201
        assert min(life.compared[what] for what in ("loans", "taken", "refused")) > 0
