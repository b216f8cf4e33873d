"""How fast is the pure arithmetic on one core: repayment plans and payoff quotes?

No database and no process but this one. The only figure that others compute as well is the level instalment;
it is compared with numpy-financial, whose answer is a float and one number, while a plan has exact rows.
Processor time is counted, so that another process on the core does not slow the answer down.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

ROUNDS = 5
SECONDS_PER_ROUND = 0.3
KEPT = 20
PRINCIPAL, RATE, START = 5_000_000, 10_800_000, date(2024, 3, 5)
PLANS = (
    ("equal_instalment", 12),
    ("equal_instalment", 36),
    ("equal_instalment", 360),
    ("equal_principal", 36),
    ("flat", 12),
    ("interest_only", 12),
)


def plans_and_quotes() -> dict:
    """Count plans, levels and payoff quotes per second."""
    return {
        **{f"{method}, {count} rows": _plan_answer(method, count) for method, count in PLANS},
        "level of 36": _level_answer(),
        "payoff quotes per second": {
            "6 instalments, 2 of them paid": _per_second(_quote(_instalment_loan(), days=70)),
            "6 instalments, 3 of them overdue": _per_second(_quote(_overdue_loan(), days=100)),
            "revolving draw": _per_second(_quote(_revolving_loan(), days=11)),
        },
    }


def _plan_answer(method: str, count: int) -> dict:
    from ledger.domain.plans.building import build_plan

    def build() -> object:
        return build_plan(_terms(method, count))

    a_second = _per_second(build)
    return {"plans_per_second": a_second, "us_per_row": 1e6 / a_second / count, "bytes": _bytes_of(build)}


def _terms(method: str, count: int):
    from ledger.domain.plans.choices import Method
    from ledger.domain.plans.rate_table import RateTable
    from ledger.domain.plans.terms import PlanTerms
    from ledger.kernel.frequencies import DueDateRule, Frequency

    return PlanTerms(
        method=Method(method),
        principal_minor=PRINCIPAL,
        rates=RateTable.constant(RATE),
        start=START,
        count=count,
        due_dates=DueDateRule(frequency=Frequency.named("monthly")),
    )


def _level_answer() -> dict:
    """Compare the exact level with the float one; both are told a principal, a rate and a number of months."""
    import numpy_financial

    from ledger.domain.plans.level import exact_level

    monthly = Fraction(RATE, 12 * 10**8)
    ours = _per_second(lambda: exact_level(balance_minor=PRINCIPAL, balloon_minor=0, factors=[monthly] * 36))
    theirs = _per_second(lambda: numpy_financial.pmt(0.009, 36, PRINCIPAL))
    return {"exact_levels_per_second": ours, "numpy_financial_per_second": theirs, "ratio": ours / theirs}


def _instalment_loan():
    from tests.unit.ledger.builders import disbursed_loan, repay, rows

    loan = disbursed_loan()
    for row in rows(loan)[:2]:
        repay(loan, row.due_on)
    return loan


def _overdue_loan():
    from tests.unit.ledger.builders import START as STARTED_ON
    from tests.unit.ledger.builders import disbursed_loan

    loan = disbursed_loan()
    loan.catch_up(effective_date=STARTED_ON + timedelta(days=100))
    return loan


def _revolving_loan():
    from tests.unit.ledger.builders import revolving_loan

    return revolving_loan()


def _quote(loan, *, days: int) -> Callable[[], object]:
    on = START + timedelta(days=days)
    return lambda: loan.payoff_quote(on)


def _per_second(work: Callable[[], object]) -> float:
    """Return how often the work is done in a second of processor time, the median of some rounds."""
    rates = []
    for _ in range(ROUNDS):
        done, begun = 0, time.process_time()
        while (spent := time.process_time() - begun) < SECONDS_PER_ROUND:
            work()
            done += 1
        rates.append(done / spent)
    return statistics.median(rates)


def _bytes_of(build: Callable[[], object]) -> int:
    """Return what one more plan adds to the memory that is held."""
    build()
    tracemalloc.start()
    try:
        kept = [build() for _ in range(KEPT)]
        return tracemalloc.get_traced_memory()[0] // len(kept)
    finally:
        tracemalloc.stop()
