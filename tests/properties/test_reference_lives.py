"""The product and a reference loan that shares no code with it say the same of random lives.

After every fact, in whatever order facts arrive, each row, each use of money, arrears, payoff and the books
are the same to the cent. LOANBOOK_LIVES, LOANBOOK_STEPS and LOANBOOK_SEED make a run as long as is wished.
The last class proves that the comparison notices a wrong rule.
"""

from __future__ import annotations

import ast
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import tests.reference
from ledger.domain.servicing.claims import Claim
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.terms import PaymentRules
from tests.reference.comparing import compare_a_life

LIVES = int(os.environ.get("LOANBOOK_LIVES", "48"))
STEPS = int(os.environ.get("LOANBOOK_STEPS", "10"))
SEED = int(os.environ.get("LOANBOOK_SEED", "1"))
PARTS = 4
KNOW_THE_PRODUCT = {"product.py", "saying.py", "comparing.py"}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_step_of_a_life_is_the_same_in_both(part):
    for seed in range(SEED + part, SEED + LIVES, PARTS):
        difference = compare_a_life(seed, steps=STEPS).difference
        assert difference is None, str(difference)


def test_the_reference_imports_nothing_of_the_product():
    folder = Path(tests.reference.__file__).parent
    for path in folder.glob("*.py"):
        if path.name not in KNOW_THE_PRODUCT:
            tree = ast.parse(path.read_text())
            names = {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
            names |= {
                alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names
            }
            ours = {name for name in names if name.split(".")[0] not in {*SMALL_WORLD, "tests"}}
            assert (path.name, ours) == (path.name, set())
            assert not {f"tests.reference.{known[:-3]}" for known in KNOW_THE_PRODUCT} & names


SMALL_WORLD = {
    "__future__",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "fractions",
    "itertools",
} | {
    "random",
    "typing",
}


class TestAWrongRuleIsNoticed:
    def test_a_day_too_many_of_penalty(self, monkeypatch):
        right = Claim.penalty_exact_by
        self._is_noticed(
            monkeypatch,
            Claim,
            "penalty_exact_by",
            lambda claim, on, paces: right(claim, on + timedelta(days=1), paces),
        )

    def test_penalty_rounded_every_day(self, monkeypatch):
        def rounded_daily(claim, on, paces):
            base = claim.amounts[4] - claim.gone[4]
            unit, total = paces.penalty.denominator, claim.penalty_exact
            for after in range((on - claim.penalty_since).days):
                day = claim.penalty_since + timedelta(days=after)
                exact = base * paces.penalty.between(day, day + timedelta(days=1))
                total += (2 * exact + unit) // (2 * unit) * unit
            return total

        self._is_noticed(monkeypatch, Claim, "penalty_exact_by", rounded_daily)

    def test_principal_never_first_after_long_arrears(self, monkeypatch):
        self._is_noticed(monkeypatch, PaymentRules, "order_after_long_arrears", None)

    def test_arrears_counted_without_regard_to_the_oldest_row(self, monkeypatch):
        right = Life.rows_due
        self._is_noticed(monkeypatch, Life, "rows_due", lambda life, on: reversed(list(right(life, on))))

    def _is_noticed(self, monkeypatch, owner, name, wrong):
        monkeypatch.setattr(owner, name, wrong)
        assert any(compare_a_life(seed, steps=STEPS).difference for seed in range(1, 1 + LIVES))


def test_a_difference_names_its_seed_and_its_last_steps(monkeypatch):
    monkeypatch.setattr(Life, "days_past_due", lambda life, on: 7)
    difference = compare_a_life(1, steps=STEPS).difference
    shown = str(replace(difference, steps=[f"step {number}." for number in range(100)]))
    assert "seed 1 on" in shown
    assert ("step 59." in shown, "step 60." in shown) == (False, True)
