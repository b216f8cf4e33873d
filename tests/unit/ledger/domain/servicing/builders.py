"""Short ways to write the terms and facts of a loan in tests; amounts are in minor units."""

from __future__ import annotations

from datetime import date

from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.terms import Revolving, ServicingTerms
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit

MONTHLY = DueDateRule(frequency=Frequency(Unit.MONTH, 1))
RATE = RateTable.constant(14_400_000)


def day(text: str) -> date:
    return date.fromisoformat(text)


def plan(**changes) -> PlanTerms:
    """50,000.00 at 10.8% in six equal instalments from 5 March 2024, unless changed."""
    given = {
        "method": Method.EQUAL_INSTALMENT,
        "principal_minor": 5_000_000,
        "rates": RateTable.constant(10_800_000),
        "start": day("2024-03-05"),
        "count": 6,
        "due_dates": MONTHLY,
    }
    return PlanTerms(**{**given, **changes})


def bullet(days: int = 30, principal_minor: int = 800_000, **changes) -> PlanTerms:
    """8,000.00 at 14.4% for so many days from 5 March 2024: interest of 96.00 in thirty."""
    rule = DueDateRule(frequency=Frequency(Unit.DAY, days))
    common = {"method": Method.BULLET, "rates": RATE, "count": 1, "due_dates": rule, "basis": Basis.EXACT}
    return plan(principal_minor=principal_minor, **{**common, **changes})


def draws(rate_e8: int = 18_000_000, **changes) -> Revolving:
    given = {"limit_minor": 10_000_000, "rates": RateTable.constant(rate_e8), "term_days": 365}
    return Revolving(**{**given, **changes})


def loan(contract, **terms) -> ServicingTerms:
    return ServicingTerms(contract=contract, **terms)


class Story:
    """Facts told in order; each ``on`` is the value date as text, ids are f1, f2 and so on unless named."""

    def __init__(self, terms: ServicingTerms, paid_out: str = "2024-03-05", amount: int | None = None):
        self.terms, self.facts = terms, []
        self.disbursed(paid_out, amount or terms.agreed_minor)

    def tell(self, kind, on: str, **payload):
        number = len(self.facts) + 1
        name = payload.pop("id", f"f{number}")
        self.facts.append(kind(id=name, effective_date=day(on), sequence=number, **payload))
        return self

    def disbursed(self, on: str, amount: int, **payload):
        return self.tell(kinds.Disbursed, on, amount_minor=amount, **payload)

    def paid(self, on: str, amount: int, **payload):
        return self.tell(kinds.PaymentReceived, on, amount_minor=amount, **payload)

    def on(self, text: str):
        return derive(self.terms, self.facts, on=day(text))


def shares(position, fact_id: str) -> list[tuple[str, str, int]]:
    """Return how one payment was used."""
    return [share for used in position.money if used.id == fact_id for share in used.shares]


def used(position, fact_id: str):
    return next(one for one in position.money if one.id == fact_id)


def row(position, name: str):
    return next(one for one in position.rows if one.name == name)
