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
from ledger.domain.loan_parts import LoanParts
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis
from ledger.domain.plans.revolving import Settlement
from ledger.policies.agreeing import loan_terms_of
from ledger.policies.product_pricing import PricingTerms
from ledger.policies.product_terms import OfferTerms, ProductTerms
from tests.properties.loan_facts import ACTIONS, Happening, happen
from tests.properties.loan_life import OPEN, Life
from tests.properties.products import modes_of
from tests.properties.test_products_of_every_method import batches_for

LIVES = int(os.environ.get("LOANBOOK_LONG_LIVES", "24"))
STEPS = int(os.environ.get("LOANBOOK_STEPS", "24"))
SEED = int(os.environ.get("LOANBOOK_SEED", "1"))
PARTS = 4
IN_PARTS = (ContractMethod.EQUAL_INSTALMENT, ContractMethod.EQUAL_PRINCIPAL, ContractMethod.INTEREST_ONLY)
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
        parts=parts_of(chance, product, amount, start),
    )


def parts_of(chance: Random, product: ProductTerms, amount: int, start: date) -> LoanParts | None:
    if product.repayment.method not in IN_PARTS or chance.random() < 0.4:
        return None
    first, available = chance.randint(1, amount - 1), chance.choice((20, 60, 200))
    return LoanParts(
        first_minor=first,
        parts_max=chance.choice((2, 3, 6)),
        available_until=start + timedelta(days=available),
        rest_minor=amount - first,
    )


def pay_out_a_part(life: Life, chance: Random) -> None:
    """Call a further part, have the bank answer about the one under way, or give up the rest."""
    parts = life.loan.state.parts
    if parts is None:
        return
    if parts.under_way:
        if chance.random() < 0.8:
            life.do("confirm_part", part_id=parts.under_way, bank_reference="part")
        else:
            life.do("fail_part", part_id=parts.under_way, reason="closed")
    elif chance.random() < 0.1:
        life.do("give_up_rest")
    else:
        amount = chance.randint(1, max(1, parts.rest_minor))
        life.do("call_part", part_id=f"part-{life.loan.version}", amount_minor=amount)


def assert_nothing_is_left_to_call(life: Life) -> None:
    """Check that a loan that has ended keeps no rest that could still be called."""
    parts = life.loan.state.parts
    if parts is not None and life.status not in OPEN and not life.is_waiting:
        assert parts.rest_minor == 0, life.steps


def live(seed: int, steps: int) -> Life:
    """Live a life of so many happenings; every law is checked after each event and each day."""
    chance = Random(seed)
    life = begin(chance)
    for _ in range(steps):
        life.live_until(life.today + timedelta(days=chance.choice(WAITS)))
        if chance.random() < 0.3:
            pay_out_a_part(life, chance)
        back = chance.choice((0, 0, chance.randint(0, 70), chance.randint(0, 300)))
        happen(
            life, Happening(0, chance.choice(ACTIONS), chance.randint(1, 120), back, chance.randrange(1_000))
        )
        assert_nothing_is_left_to_call(life)
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
