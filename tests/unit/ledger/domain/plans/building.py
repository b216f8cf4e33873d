"""Plans for tests: everything not named is the ordinary 50,000.00 at 10.8% over 6 months.

Rates are decimal text; rows are shown as (principal, interest) in minor units.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.rate_table import RateStep, RateTable
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.frequencies import DueDateRule, Frequency
from ledger.kernel.rates import parse_rate


def rates(*steps):
    """Return a table from (iso date, rate) pairs."""
    return RateTable(tuple(RateStep(date.fromisoformat(on), parse_rate(rate)) for on, rate in steps))


def terms(
    method="equal_instalment",
    *,
    principal=5_000_000,
    rate="0.108",
    start="2024-03-05",
    count=6,
    frequency="monthly",
    exact=False,
    rule=None,
    **more,
):
    return PlanTerms(
        **{
            "method": Method(method),
            "principal_minor": principal,
            "rates": RateTable.constant(parse_rate(rate)),
            "start": date.fromisoformat(start),
            "count": count,
            "due_dates": DueDateRule(frequency=Frequency.named(frequency), **(rule or {})),
            "basis": Basis.EXACT if exact else Basis.PERIODIC,
            **more,
        }
    )


def plan(*args, **kwargs):
    return build_plan(terms(*args, **kwargs))


def rows(*args, **kwargs):
    return [(row.principal_minor, row.interest_minor) for row in plan(*args, **kwargs).rows]


def totals(*args, **kwargs):
    return [row.total_minor for row in plan(*args, **kwargs).rows]
