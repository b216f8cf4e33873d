"""Random terms of a loan, of every kind the reference knows: drawn from one ``random.Random``."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from tests.reference.arithmetic import COMPONENTS
from tests.reference.terms import (
    IN_ADVANCE,
    PaymentOrder,
    PlanTerms,
    RevolvingTerms,
    Terms,
    past_due_then_due,
)

METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet")
RATES = [Fraction(e8, 10**8) for e8 in (0, 5_000_000, 10_800_000, 14_400_000, 18_250_000)]
KINDS = ("instalment", "early", "partial", "payoff", "auto_debit", "merchant_refund", "goodwill_credit")
ORDERS = [
    PaymentOrder(),
    PaymentOrder(step_by_step=True),
    PaymentOrder(past_due_then_due(tuple(reversed(COMPONENTS)))),
    PaymentOrder((*past_due_then_due(), (IN_ADVANCE, "principal")), last_rows_first=True),
]


def random_terms(chance: Random) -> Terms:
    """Return terms of any kind."""
    is_revolving, whole = chance.random() < 0.25, chance.random() < 0.5
    rate, base = chance.choice(RATES), chance.choice((360, 360, 365))
    contract: PlanTerms | RevolvingTerms = PlanTerms(
        chance.choice(METHODS), chance.randint(1, 9), rate, whole, base, chance.random() < 0.7
    )
    if is_revolving:
        contract = RevolvingTerms(chance.randint(1, 200), rate, chance.random() < 0.5, base)
    elif contract.method != "equal_instalment":
        contract = PlanTerms(contract.method, contract.count, rate, whole, base)
    orders = tuple((kind, chance.choice(ORDERS)) for kind in KINDS if chance.random() < 0.15)
    return Terms(
        contract,
        agreed=chance.choice((100_000, 1_234_567, 5_000_000)),
        uplift=Fraction(chance.choice((30, 50, 100)), 100),
        grace_days=chance.choice((0, 1, 3, 10)),
        grace_is_plain=chance.random() < 0.3,
        compound=chance.choice(("off", "penalty_rate", "contract_until_maturity")),
        day_base=chance.choice((360, 365)),
        order=chance.choice([ORDERS[0], *ORDERS]),
        orders_by_kind=orders,
        principal_first_after=chance.choice((None, 20, 90)),
        chargeback_order=tuple(chance.sample(COMPONENTS, 5)),
        early_fee=Fraction(0) if is_revolving else chance.choice((Fraction(0), Fraction(1, 100))),
        early_mode=chance.choice(("shorten", "reduce")),
        tolerance=chance.choice((0, 0, 500)),
        non_accrual_after=chance.choice((None, 20, 90)),
        returns_when_cleared=chance.random() < 0.5,
    )
