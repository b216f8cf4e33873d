"""Repaying part of a loan early, and the schedule that replaces the rows to come.

Owns: how the amount beyond everything due is divided into principal and early fee, and the two ways
to reschedule: a shorter term with the same instalment, or the same term with a smaller one.
Refuses to know: allocation of what is already due, and accounts.

| 23,631.09 left of 50,000.00 at 10.8% after row 2 | rows to come                        |
| ------------------------------------------------ | ----------------------------------- |
| shorten_term                                     | 8,597.79, 8,597.79, 6,846.47        |
| reduce_instalment                                | 4 rows of 6,041.29 (last 6,041.30)  |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.domain.interest import simple_interest
from ledger.domain.schedule import MONTH, Instalment, Period, amortise, level_instalment
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded

SHORTEN_TERM: Final = "shorten_term"
REDUCE_INSTALMENT: Final = "reduce_instalment"
PREPAYMENT_MODES: Final = (SHORTEN_TERM, REDUCE_INSTALMENT)


class PrepaymentModeUnknown(Refusal):
    """A prepayment either shortens the term or reduces the instalment."""

    code = "LEDGER_PREPAYMENT_MODE_UNKNOWN"
    kind = RefusalKind.INVALID


class PrepaymentNotOffered(Refusal):
    """The contract does not plan the rows again in this way; the whole may be repaid at any time."""

    code = "LEDGER_PREPAYMENT_NOT_OFFERED"


def require_known_mode(mode: str) -> None:
    """Refuse a mode that is neither of the two."""
    if mode not in PREPAYMENT_MODES:
        raise PrepaymentModeUnknown(
            "The prepayment mode is not known.", field="mode", known=list(PREPAYMENT_MODES)
        )


def principal_within(*, amount_minor: int, early_fee_e8: int, principal_to_come_minor: int) -> int:
    """Return the principal an early amount repays when its fee is taken out of the same amount.

    At least one minor unit stays outstanding; an amount that pays everything is a payoff.
    """
    principal = divide_rounded(numerator=amount_minor * RATE_UNIT, denominator=RATE_UNIT + early_fee_e8)
    return min(principal, principal_to_come_minor - 1)


def rescheduled_rows(
    *,
    to_come: Sequence[Instalment],
    principal_minor: int,
    annual_rate_e8: int,
    day_base: int,
    mode: str,
    on: date,
    period_opened_on: date,
) -> tuple[Instalment, ...]:
    """Return the next schedule version for the principal left on ``on``. Refuses PrepaymentModeUnknown.

    A running period that is broken by the prepayment charges its remaining days by actual days.
    """
    require_known_mode(mode)
    periods = _periods(to_come, day_base=day_base, on=on, period_opened_on=period_opened_on)
    level = to_come[0].total_minor
    if mode == REDUCE_INSTALMENT:
        level = level_instalment(
            principal_minor=principal_minor, annual_rate_e8=annual_rate_e8, count=len(periods)
        )
    most_interest = simple_interest(
        principal_minor=principal_minor,
        annual_rate_e8=annual_rate_e8,
        year_part=max(period.year_part for period in periods),
    )
    return amortise(
        principal_minor=principal_minor,
        annual_rate_e8=annual_rate_e8,
        # A few minor units over many rows round to nothing; one unit a row is the least that ends.
        level_minor=max(level, most_interest + 1),
        periods=periods,
        version=to_come[0].version + 1,
    )


def _periods(
    to_come: Sequence[Instalment], *, day_base: int, on: date, period_opened_on: date
) -> tuple[Period, ...]:
    running, *later = to_come
    starts_on = max(running.starts_on, on)
    is_whole = starts_on == period_opened_on
    year_part = MONTH if is_whole else Fraction((running.due_on - starts_on).days, day_base)
    first = Period(running.number, starts_on, running.due_on, year_part)
    return (first, *(Period(row.number, row.starts_on, row.due_on) for row in later))
