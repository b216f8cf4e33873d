"""Living a random life twice, by the product and by the reference, and finding the first difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.reference.facts import Fact
from tests.reference.lives import Life
from tests.reference.loan import ReferenceLoan
from tests.reference.product import fact_of, terms_of
from tests.reference.saying import as_the_product_says, as_the_reference_says

STEPS_SHOWN = 40


@dataclass(frozen=True)
class Difference:
    """Where the two disagree, with the steps that led there."""

    seed: int
    on: date
    terms: Any
    steps: list[str]
    found: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        lines = [f"seed {self.seed} on {self.on}", f"{self.terms}", *self.steps[-STEPS_SHOWN:]]
        for what, (reference, product) in self.found.items():
            lines += [f"{what}:", f"  reference {reference}", f"  product   {product}"]
        return "\n".join(lines)


@dataclass
class Outcome:
    """How many steps were compared, how many of them were refused by both, and the first difference."""

    steps: int = 0
    refused: int = 0
    difference: Difference | None = None


def compare_a_life(seed: int, *, steps: int) -> Outcome:
    """Live a life of so many facts; compare both after each of them, and once more a long time later."""
    life, outcome, told = Life.begun(Random(seed)), Outcome(), list[str]()
    terms = terms_of(life.terms)
    for _ in range(steps):
        fact = life.next_fact()
        told.append(f"{life.today}: {fact.what} {fact.name} of {fact.on}, {fact.says}")
        refused, found = _compared(life, terms, [*life.known, fact], life.today)
        outcome.steps += 1
        if found:
            return _different(outcome, seed, life, told, found)
        if refused:
            outcome.refused += 1
            told[-1] += " (refused)"
        else:
            life.remember(fact)
    life.today += timedelta(life.chance.choice((30, 100, 200)))
    _, found = _compared(life, terms, life.known, life.today)
    return _different(outcome, seed, life, told, found) if found else outcome


def _compared(life: Life, terms: Any, facts: list[Fact], on: date) -> tuple[bool, dict[str, tuple[Any, Any]]]:
    reference = as_the_reference_says(ReferenceLoan(life.terms, tuple(facts)), on)
    arrived = [fact_of(fact) for fact in facts]
    life.chance.shuffle(arrived)
    product = as_the_product_says(terms, arrived, on)
    names = [*reference, *(name for name in product if name not in reference)]
    different = {
        name: where_different(reference.get(name), product.get(name))
        for name in names
        if reference.get(name) != product.get(name)
    }
    if "refused" not in reference:
        life.payoff = reference["payoff"]
    return "refused" in reference, different


def where_different(reference: Any, product: Any) -> tuple[Any, Any]:
    """Return only the parts of two records that are not the same."""
    if not isinstance(reference, dict) or not isinstance(product, dict):
        return reference, product
    names = [name for name in {**reference, **product} if reference.get(name) != product.get(name)]
    return {name: reference.get(name) for name in names}, {name: product.get(name) for name in names}


def _different(
    outcome: Outcome, seed: int, life: Life, told: list[str], found: dict[str, tuple[Any, Any]]
) -> Outcome:
    outcome.difference = Difference(seed, life.today, life.terms, told, found)
    return outcome
