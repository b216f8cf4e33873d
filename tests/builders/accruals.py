"""Accruals as tests write them: a base, a rate and a day base."""

from __future__ import annotations

from datetime import date

from ledger.domain.accrual import INTEREST, Accrual
from ledger.kernel.rates import RATE_UNIT


def daily_accrual(
    *,
    base_minor: int,
    rate_e8: int,
    started_on: date,
    ends_on: date | None = None,
    day_base: int = 360,
    carry_numerator: int = 0,
) -> Accrual:
    """Return an accrual of base x rate / day base for each actual day."""
    return Accrual(
        key="interest:1.1",
        kind=INTEREST,
        started_on=started_on,
        ends_on=ends_on,
        accrue_from=started_on,
        per_day_numerator=base_minor * rate_e8,
        denominator=RATE_UNIT * day_base,
        carry_numerator=carry_numerator,
        settled_minor=0,
    )
