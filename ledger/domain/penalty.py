"""Penalty interest on overdue principal and compound interest on overdue interest.

Owns: the penalty rate and its ceiling (PBoC Yinfa [2003] 251: 30% to 50% above the contract rate),
when the grace days are over, and the accruals that start then, counted back to the due date.
Refuses to know: who is told, and what happens to the borrower. No penalty is charged on a penalty.

| contract | uplift | ceiling | penalty rate |
| -------- | ------ | ------- | ------------ |
| 14.4%    | 50%    | 24%     | 21.6%        |
| 20%      | 50%    | 24%     | 24%          |
"""

from __future__ import annotations

from datetime import date, timedelta

from ledger.domain.accrual import COMPOUND, PENALTY, Accrual, daily_accrual
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded


def penalty_rate_e8(*, contract_rate_e8: int, uplift_e8: int, ceiling_e8: int) -> int:
    """Return the rate on overdue amounts: the contract rate raised by the uplift, never above the ceiling."""
    raised = divide_rounded(numerator=contract_rate_e8 * (RATE_UNIT + uplift_e8), denominator=RATE_UNIT)
    return min(raised, ceiling_e8)


def is_past_grace(*, due_on: date, grace_days: int, on: date) -> bool:
    """Say whether the grace days are used up: with 3 days, the fourth day after the due date."""
    return on > due_on + timedelta(days=grace_days)


def penalty_accruals(
    *,
    instalment_key: str,
    due_on: date,
    on: date,
    principal_minor: int,
    interest_minor: int,
    rate_e8: int,
    day_base: int,
    compound: bool,
    compound_rate_e8: int | None = None,
) -> tuple[Accrual, ...]:
    """Return the accruals that start for one instalment, earning from ``due_on``, posted from ``on``.

    Unpaid interest bears the penalty rate, or a rate of its own.
    """
    compound_e8 = rate_e8 if compound_rate_e8 is None else compound_rate_e8
    bases = (
        (PENALTY, principal_minor, rate_e8),
        (COMPOUND, interest_minor if compound else 0, compound_e8),
    )
    return tuple(
        daily_accrual(
            key=f"{kind}:{instalment_key}",
            kind=kind,
            base_minor=base_minor,
            annual_rate_e8=base_rate_e8,
            day_base=day_base,
            started_on=due_on,
            ends_on=None,
            accrue_from=on,
        )
        for kind, base_minor, base_rate_e8 in bases
        if base_minor * base_rate_e8 > 0
    )
