"""The periods of the rows to come when their dates, their number or the rates change.

Owns: moving a period to other dates, cutting it anew by changed rates, and regular periods after the last.
Refuses to know: amounts. A whole step stays one where steps are charged; where days are charged, the days
of the new dates are counted. A period in which the balance changed keeps the weights of its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from ledger.domain.plan_changes.weighing import is_weighed
from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rows import FactorPiece, PlanPeriod
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import year_fraction
from ledger.kernel.frequencies import DueDateRuleImpossible, Frequency, Unit
from ledger.kernel.periods import months_after


def refitted(
    terms: PlanTerms, periods: Sequence[PlanPeriod], *, planned: Sequence[date], more: Fraction = Fraction(0)
) -> tuple[PlanPeriod, ...]:
    """Return periods on other dates and at the terms' rates; ``more`` is what the first gains in whole steps.

    Refuses DueDateRuleImpossible.
    """
    fitted: list[PlanPeriod] = []
    starts_on = periods[0].starts_on
    for period, on in zip(periods, planned, strict=True):
        due_on = terms.calendar.adjusted(on, rule=terms.adjustment)
        if due_on <= starts_on:
            raise DueDateRuleImpossible("A period has at least one day.", field="calendar")
        is_last = period is periods[-1]
        pieces = _pieces(terms, period, starts_on, due_on, Fraction(0) if fitted else more, is_last=is_last)
        pay_by = due_on
        if terms.adjustment is Adjustment.UNADJUSTED:
            pay_by = terms.calendar.next_business_day(due_on)
        fitted.append(PlanPeriod(period.number, starts_on, on, due_on, pay_by, pieces))
        starts_on = due_on
    return tuple(fitted)


def repriced(terms: PlanTerms, periods: Sequence[PlanPeriod]) -> tuple[PlanPeriod, ...]:
    """Return the same periods at the terms' rates."""
    return refitted(terms, periods, planned=[period.planned_on for period in periods])


def lengthened(terms: PlanTerms, periods: Sequence[PlanPeriod], *, rows: int) -> tuple[PlanPeriod, ...]:
    """Return the periods and so many regular ones after them. Refuses DueDateRuleImpossible."""
    if rows == 0:
        return tuple(periods)
    whole = terms.due_dates.frequency.year_part(year_days=terms.year_days)
    step = FactorPiece(date.min, date.max, Fraction(0), Fraction(0), whole)
    last = periods[-1]
    more = [replace(last, number=last.number + at, pieces=(step,)) for at in range(1, rows + 1)]
    every = terms.due_dates.frequency.every
    planned = [period.planned_on for period in periods]
    planned += [moved(terms, last.planned_on, by=every * at) for at in range(1, rows + 1)]
    return refitted(terms, [*periods, *more], planned=planned)


def moved(terms: PlanTerms, planned_on: date, *, by: int, unit: Unit | None = None) -> date:
    """Return a planned date so many units later, by months on the day it was before it was clipped."""
    unit = unit or terms.due_dates.frequency.unit
    if unit is not Unit.MONTH:
        return Frequency(unit, 1).after(planned_on, steps=by)
    month = months_after(planned_on.replace(day=1), months=by)
    wanted = anchor_day(terms) if _is_last_of_month(planned_on) else 0
    return month.replace(day=min(max(planned_on.day, wanted), _days_of(month)))


def anchor_day(terms: PlanTerms) -> int:
    """Return the day of the month that due dates have where the month is long enough."""
    rule = terms.due_dates
    if rule.listed:
        return 1  # listed dates follow no day of the month
    first = rule.first_due_on or terms.start
    if rule.end_of_month and _is_last_of_month(first):
        return 31
    return rule.fixed_day or first.day


def shift_part(terms: PlanTerms, *, by: int, unit: Unit) -> Fraction:
    """Return what a shift is worth where whole steps are charged."""
    return Frequency(unit, 1).year_part(year_days=terms.year_days) * by


def _pieces(
    terms: PlanTerms, period: PlanPeriod, start: date, end: date, more: Fraction, *, is_last: bool
) -> tuple[FactorPiece, ...]:
    if is_weighed(period):
        return _reweighed(terms, period, end, more)
    if terms.basis is Basis.EXACT:
        return _by_days(terms, start, end, is_last=is_last)
    total = sum((piece.year_part for piece in period.pieces), more)
    return _shared(terms, FactorPiece(start, end, Fraction(0), Fraction(0), total))


def _reweighed(terms: PlanTerms, period: PlanPeriod, end: date, more: Fraction) -> tuple[FactorPiece, ...]:
    """Keep each part's share of the present balance; days that are added stand at that balance."""
    kept = [piece for old in period.pieces for piece in _shared(terms, old)]
    if end > period.due_on:
        counted = terms.basis is Basis.EXACT
        part = year_fraction(convention=terms.day_count, start=period.due_on, end=end) if counted else more
        kept += _shared(terms, FactorPiece(period.due_on, end, Fraction(0), Fraction(0), part))
    return tuple(kept)


def _shared(terms: PlanTerms, whole: FactorPiece) -> tuple[FactorPiece, ...]:
    """Cut a piece where rates change; each part is worth its share of the days."""
    return tuple(
        replace(
            whole,
            starts_on=cut.starts_on,
            ends_on=cut.ends_on,
            rate=cut.rate,
            full_rate=cut.full_rate,
            year_part=whole.year_part * Fraction((cut.ends_on - cut.starts_on).days, whole.days),
        )
        for cut in terms.rates.pieces(start=whole.starts_on, end=whole.ends_on)
    )


def _by_days(terms: PlanTerms, start: date, end: date, *, is_last: bool) -> tuple[FactorPiece, ...]:
    pieces = counted_pieces(terms, start=start, end=end)
    if not is_last:
        return pieces
    final = pieces[-1]
    until = end + timedelta(days=1 if terms.counts_last_day else 0)
    if terms.method is Method.BULLET:
        until = max(until, terms.start + timedelta(days=terms.min_interest_days))
    part = year_fraction(convention=terms.day_count, start=final.starts_on, end=until)
    return (*pieces[:-1], replace(final, year_part=part))


def _is_last_of_month(on: date) -> bool:
    return (on + timedelta(days=1)).month != on.month


def _days_of(month: date) -> int:
    return (months_after(month, months=1) - month).days
