"""The position of a loan is that of a second, day-by-day model that shares no code with the product.

Random contracts and lives: payments of any size on any day, charges, bounced payments found out later. After
each life every amount of every row, the overpayment and the days past due must be the same on several days.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest

from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.terms import OverdueRules, ServicingTerms
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit
from tests.reference import plain_loan as plain

MONTHLY = DueDateRule(frequency=Frequency(Unit.MONTH, 1))
METHODS = ("equal_instalment", "equal_principal", "interest_only")
E8 = 10**8
LIVES = 24


def random_terms(chance: Random) -> plain.Terms:
    return plain.Terms(
        method=chance.choice(METHODS),
        principal=chance.choice((100_000, 1_234_567, 5_000_000)),
        rate=Fraction(chance.choice((0, 4_350_000, 10_800_000, 14_400_000, 20_000_000)), E8),
        start=date(2024, 1, 1) + timedelta(days=chance.randint(0, 400)),
        count=chance.randint(1, 8),
        grace_days=chance.choice((0, 1, 3, 10)),
        compounds=chance.random() < 0.7,
    )


def random_facts(chance: Random, terms: plain.Terms) -> list[plain.Fact]:
    facts: list[plain.Fact] = []
    for number in range(chance.randint(0, 9)):
        on = terms.start + timedelta(days=chance.randint(0, 400))
        name = f"F{number}"
        paid = [fact.name for fact in facts if isinstance(fact, plain.Payment) and fact.on <= on]
        kind = chance.random()
        if kind < 0.15 and paid:
            undone = {fact.undoes for fact in facts if isinstance(fact, plain.Undone)}
            left = sorted(set(paid) - undone)
            if left:
                facts.append(plain.Undone(on, name, chance.choice(left)))
        elif kind < 0.3:
            facts.append(plain.Charge(on, name, chance.randint(1, 20_000)))
        else:
            facts.append(
                plain.Payment(
                    on, name, chance.choice((1, 999, terms.principal // 3, terms.principal // terms.count))
                )
            )
    return facts


def product_terms(terms: plain.Terms) -> ServicingTerms:
    is_periodic = terms.method == "equal_instalment"
    contract = PlanTerms(
        method=Method(terms.method),
        principal_minor=terms.principal,
        rates=RateTable.constant(int(terms.rate * E8)),
        start=terms.start,
        count=terms.count,
        due_dates=MONTHLY,
        basis=Basis.PERIODIC if is_periodic else Basis.EXACT,
    )
    compound = CompoundMode.PENALTY_RATE if terms.compounds else CompoundMode.OFF
    return ServicingTerms(
        contract=contract, overdue=OverdueRules(grace_days=terms.grace_days, compound=compound)
    )


def product_facts(terms: plain.Terms, facts: list[plain.Fact]) -> list[kinds.Fact]:
    found: list[kinds.Fact] = [
        kinds.Disbursed(id="payout", effective_date=terms.start, sequence=0, amount_minor=terms.principal)
    ]
    for number, fact in enumerate(facts, 1):
        common = {"id": fact.name, "effective_date": fact.on, "sequence": number}
        if isinstance(fact, plain.Payment):
            found.append(kinds.PaymentReceived(**common, amount_minor=fact.amount))
        elif isinstance(fact, plain.Charge):
            found.append(kinds.ChargeAdded(**common, due_on=fact.on, amount_minor=fact.amount))
        else:
            found.append(kinds.PaymentReversed(**common, of=fact.undoes))
    return found


def as_the_plain_loan_says(loan: plain.PlainLoan):
    rows = [
        (row.due_on, {name: (row.paid[name], row.owes(name)) for name in plain.COMPONENTS})
        for row in loan.rows
    ]
    return loan.days_past_due(), loan.suspense, loan.principal(), rows


def as_the_product_says(position):
    rows = [
        (
            row.due_on,
            {name: (row.paid.of(name), row.unpaid.of(name)) for name in plain.COMPONENTS},
        )
        for row in position.rows
    ]
    return position.days_past_due, position.overpaid_minor, position.outstanding_minor, rows


@pytest.mark.parametrize("seed", range(LIVES))
def test_every_row_is_the_same_on_every_day_looked_at(seed):
    chance = Random(seed)
    terms = random_terms(chance)
    facts = random_facts(chance, terms)
    days = sorted(terms.start + timedelta(days=chance.randint(0, 450)) for _ in range(3))
    arrived = product_facts(terms, facts)
    chance.shuffle(arrived)
    for on in days:
        # A bounce is known from its day on; before it the payment still counts.
        known = [fact for fact in facts if fact.on <= on]
        expected = as_the_plain_loan_says(plain.loan_on(terms, known, on=on))
        assert as_the_product_says(derive(product_terms(terms), arrived, on=on)) == expected
