"""A floating rate: a published table and a spread, taken over on agreed days.

Owns: the repricing days (each first of January, each anniversary of the loan, or each day of publication)
and the contract's rate from each of them on.
Refuses to know: who publishes the table. On a repricing day the rate last published by then is taken.

| published 3.45% on 2023-08-21, 3.35% on 2024-07-22, spread 1%, loan of 2023-11-10 |            |
| each first of January  | 4.45% from the start, 4.45% from 2024-01-01, 4.35% from 2025-01-01    |
| each anniversary       | 4.45% from the start, 4.35% from 2024-11-10                           |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.domain.plans.rate_table import RateStep, RateTable, RateTableInvalid
from ledger.kernel.periods import months_after


class RepricingDay(StrEnum):
    """When a contract takes over a published rate."""

    FIRST_OF_JANUARY = "first_of_january"
    ANNIVERSARY = "anniversary"
    PUBLICATION = "publication"


@dataclass(frozen=True, kw_only=True)
class Floating:
    """Published rates, what is added to them (or taken off), and when they are taken over."""

    published: RateTable
    spread_e8: int
    days: RepricingDay


def repriced_steps(
    floating: Floating, *, contract_start: date, since: date, until: date
) -> tuple[RateStep, ...]:
    """Return the contract's rates from a day on, one step for each rate that differs from the one before.

    Refuses RateTableInvalid where no rate is published, or the spread takes off more than the rate.
    """
    days = [since, *(day for day in _days(floating, contract_start, until) if since < day < until)]
    steps: list[RateStep] = []
    for day in days:
        rate = _rate(floating, _fixing_day(floating, contract_start, day))
        if not steps or steps[-1].rate_e8 != rate:
            steps.append(RateStep(day, rate))
    return tuple(steps)


def _days(floating: Floating, start: date, until: date) -> list[date]:
    if floating.days is RepricingDay.PUBLICATION:
        return [step.effective_from for step in floating.published.steps]
    years = range(start.year + 1, until.year + 1)
    if floating.days is RepricingDay.FIRST_OF_JANUARY:
        return [date(year, 1, 1) for year in years]
    return [months_after(start, months=12 * (year - start.year)) for year in years]


def _fixing_day(floating: Floating, start: date, day: date) -> date:
    """Return the repricing day in force on a day: the last one by then, or the start of the loan."""
    passed = [fixing for fixing in _days(floating, start, day) if fixing <= day]
    return max(passed, default=start)


def _rate(floating: Floating, on: date) -> int:
    published = [step for step in floating.published.steps if step.effective_from <= on]
    if not published:
        raise RateTableInvalid("No rate is published by then.", field="rates", on=on.isoformat())
    rate = published[-1].rate_e8 + floating.spread_e8
    if rate < 0:
        raise RateTableInvalid("The spread takes off more than the rate.", field="spread")
    return rate
