"""Long lives of single loans: books that see only events and day closes agree with the facts on every day.

Method: products of every method and what happens to a loan are drawn from one seed. Hypothesis shows the
smallest life that breaks a law; these lives are longer than it can draw, and many of them take little time.
LOANBOOK_LONG_LIVES, LOANBOOK_STEPS and LOANBOOK_SEED make a run as long as is wished.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from random import Random

import pytest

from ledger.domain.allocation_rules import AllocationMode
from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import AllocationTerms, EarlyTerms, SurplusRule
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis
from ledger.domain.plans.revolving import Settlement
from ledger.policies.agreeing import loan_terms_of
from ledger.policies.product_pricing import PricingTerms
from ledger.policies.product_terms import OfferTerms, ProductTerms
from tests.properties.loan_facts import ACTIONS, Happening, happen
from tests.properties.loan_life import Life
from tests.properties.products import modes_of
from tests.properties.test_products_of_every_method import batches_for

LIVES = int(os.environ.get("LOANBOOK_LONG_LIVES", "24"))
STEPS = int(os.environ.get("LOANBOOK_STEPS", "24"))
SEED = int(os.environ.get("LOANBOOK_SEED", "1"))
PARTS = 4
WAITS = (0, 0, 0, 1, 1, 2, 3, 7, 15, 28, 31, 40, 100)


def repayment_of(chance: Random) -> RepaymentTerms:
    method = chance.choice((ContractMethod.REVOLVING_DAILY, *ContractMethod))
    if method is ContractMethod.REVOLVING_DAILY:
        return RepaymentTerms(method=method, settlement=chance.choice(list(Settlement)))
    if method is ContractMethod.CUSTOM:
        return RepaymentTerms(method=method)
    return RepaymentTerms(method=method, basis=chance.choice(list(Basis)))


def product_of(chance: Random) -> ProductTerms:
    repayment, minimum = repayment_of(chance), chance.randint(2_000, 200_000)
    fee = 0 if repayment.is_revolving else chance.choice((0, 0, 500_000))
    return ProductTerms(
        code="any",
        version=1,
        effective_from=date(2024, 1, 1),
        offer=OfferTerms(
            terms=(10, 30, 45) if repayment.is_revolving else (1, 3, 6),
            amount_minor_min=minimum,
            amount_minor_max=minimum * 100,
        ),
        pricing=PricingTerms(annual_rate_e8=chance.choice((0, 1, 3_333_333, 10_800_000, 14_400_000))),
        repayment=repayment,
        arrears=ArrearsTerms(
            grace_days=chance.choice((0, 0, 3, 10)),
            grace_mode=chance.choice(list(GraceMode)),
            compound=chance.choice(list(CompoundMode)),
            dpd_tolerance_minor=chance.choice((0, 0, 50)),
        ),
        allocation=AllocationTerms(
            mode=chance.choice(list(AllocationMode)),
            principal_first_after_dpd=chance.choice((5, 90)),
            surplus=chance.choice(list(SurplusRule)),
        ),
        early=EarlyTerms(fee_e8=fee, modes=modes_of(repayment)),
    )


def begin(chance: Random) -> Life:
    product, start = product_of(chance), date(2024, 1, 1) + timedelta(days=chance.randint(0, 365))
    amount, term = (
        product.offer.amount_minor_min * chance.choice((1, 7)) + 3,
        chance.choice(product.offer.terms),
    )
    return Life(
        terms=loan_terms_of(product, currency="CNY", term=term, signed_on=start),
        conventions=product.conventions(batches_for(product, amount, term, start, 20)),
        principal_minor=amount,
        start=start,
    )


def live(seed: int, steps: int) -> Life:
    """Live a life of so many happenings; every law is checked after each event and each day."""
    chance = Random(seed)
    life = begin(chance)
    for _ in range(steps):
        life.live_until(life.today + timedelta(days=chance.choice(WAITS)))
        back = chance.choice((0, 0, chance.randint(0, 70), chance.randint(0, 300)))
        happen(
            life, Happening(0, chance.choice(ACTIONS), chance.randint(1, 120), back, chance.randrange(1_000))
        )
    life.live_until(life.today + timedelta(days=30))
    return life


@pytest.mark.parametrize("part", range(PARTS))
def test_every_day_of_a_long_life_is_what_the_facts_say(part):
    for seed in range(SEED + part, SEED + LIVES, PARTS):
        try:
            live(seed, STEPS)
        except Exception as broken:
            broken.add_note(f"LOANBOOK_SEED={seed} LOANBOOK_LONG_LIVES=1 LOANBOOK_STEPS={STEPS}")
            raise
