"""How a balance is repaid over periods: interest of each row, the level, and the last row that takes the rest.

A row's interest is what its days cost, rounded once. In whole steps a month costs a twelfth of the rate, each
stretch of one rate its share of the step by days; a row that begins within its month is charged by its days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference.arithmetic import half_up, months_after
from tests.reference.rates import Rates
from tests.reference.terms import PlanTerms


@dataclass(frozen=True)
class Period:
    """One row before its amounts: charged from ``counted_from``, with the exact interest ``carried`` of the
    days before it.
    """

    number: int
    starts_on: date
    due_on: date
    steps: int  # whole months it is charged for; 0 where its days are counted
    counted_from: date
    carried: Fraction = Fraction(0)


@dataclass(frozen=True)
class Planned:
    """One row of a plan: ``earned`` says from when to when which part of its interest is earned."""

    period: Period
    principal: int
    interest: int
    level: int | None
    earned: tuple[tuple[date, date, int], ...]


def periods_of(terms: PlanTerms, start: date) -> list[Period]:
    """Return the months of a plan; a bullet has one period for all of them."""
    if terms.method == "bullet":
        steps = terms.count if terms.whole_steps else 0
        return [Period(1, start, months_after(start, terms.count), steps, start)]
    days = [months_after(start, number) for number in range(terms.count + 1)]
    steps = 1 if terms.whole_steps else 0
    return [
        Period(number, days[number - 1], days[number], steps, days[number - 1])
        for number in range(1, terms.count + 1)
    ]


def begun_again(period: Period, day: date) -> Period:
    """Return the running period from a day on, because its interest until then has been asked for."""
    if day == period.starts_on:
        return period
    return replace(period, starts_on=day, counted_from=day, steps=0, carried=Fraction(0))


def gone_on(period: Period, day: date, carried: Fraction) -> Period:
    """Return the running period with its interest until a day as an amount, and its days from there."""
    if day == period.starts_on:
        return period
    return replace(period, counted_from=day, steps=0, carried=carried)


def costs(terms: PlanTerms, period: Period, rates: Rates) -> list[tuple[date, date, Fraction]]:
    """Return what one unit of balance costs in each stretch of one rate."""
    found, days = [], (period.due_on - period.starts_on).days
    for start, end in rates.stretches(period.counted_from, period.due_on):
        of_days = (end - start).days
        if period.steps:
            year_part = Fraction(period.steps, 12) * Fraction(of_days, days)
        else:
            year_part = Fraction(of_days, terms.day_base)
        found.append((start, end, rates.charged(start) * year_part))
    return found


def rows_for(
    terms: PlanTerms, periods: list[Period], balance: int, rates: Rates, *, kept: int | None
) -> list[Planned]:
    """Return the rows that repay a balance; ``kept`` is an instalment, or a part of principal, to go on with.

    An instalment that does not cover a row's interest any more is set anew.
    """
    if kept is not None and terms.method == "equal_instalment":
        rows = _walk(terms, periods, balance, rates, kept)
        if all(row.principal >= 0 for row in rows):
            return rows
        kept = None
    if kept is None and terms.method == "equal_instalment":
        kept = half_up(_level(terms, periods, balance, rates))
    if kept is None and terms.method == "equal_principal":
        kept = half_up(Fraction(balance, len(periods)))
    return _walk(terms, periods, balance, rates, kept)


def _level(terms: PlanTerms, periods: list[Period], balance: int, rates: Rates) -> Fraction:
    """Return A = P / (1/q1 + 1/(q1 q2) + ...), where q is one plus what one unit costs in a row.

    Whole-step plans count each stretch of a row as its share of a step here, whatever the row costs.
    """
    discount, total = Fraction(1), Fraction(0)
    for period in periods:
        if terms.whole_steps:
            as_step = replace(period, steps=1, carried=Fraction(0))
            cost = sum(part for _, _, part in costs(terms, as_step, rates))
        else:
            cost = sum(part for _, _, part in costs(terms, period, rates)) + period.carried / balance
        discount /= 1 + cost
        total += discount
    return balance / total


def _walk(
    terms: PlanTerms, periods: list[Period], balance: int, rates: Rates, kept: int | None
) -> list[Planned]:
    rows: list[Planned] = []
    for period in periods:
        if balance == 0:
            break
        parts = costs(terms, period, rates)
        exact = period.carried + balance * sum((part for _, _, part in parts), Fraction(0))
        interest = half_up(exact)
        principal = 0
        if terms.method == "equal_instalment":
            principal = (kept or 0) - interest
        elif terms.method == "equal_principal":
            principal = kept or 0
        principal = balance if period is periods[-1] else min(principal, balance)
        level = kept if terms.method == "equal_instalment" else None
        earned = _earned(period, [(start, end, balance * part) for start, end, part in parts], interest)
        rows.append(Planned(period, principal, interest, level, earned))
        balance -= principal
    return rows


def _earned(
    period: Period, parts: list[tuple[date, date, Fraction]], interest: int
) -> tuple[tuple[date, date, int], ...]:
    """Spread a row's interest: each stretch has its share, rounded in total up to its end."""
    if period.counted_from > period.starts_on:
        parts = [(period.starts_on, period.counted_from, period.carried), *parts]
    exact = sum(part for _, _, part in parts)
    if len(parts) == 1 or not exact:
        return ((period.starts_on, period.due_on, interest),)
    found, so_far, given = [], Fraction(0), 0
    for start, end, part in parts:
        so_far += part
        by_now = half_up(interest * so_far / exact)
        found.append((start, end, by_now - given))
        given = by_now
    return tuple(found)
