"""The periods of a plan, with the exact interest on one unit of balance in each.

Owns: due dates after holidays, whole steps against days, and the odd first period.
Refuses to know: amounts. A period runs from the adjusted date before it, so that with "following" the
contract rate runs to the day the money is really due: 20,000.00 at 10.8% for 33 days is 198.00.
On a periodic basis a regular row is a whole step; an odd first row counts its days by the day count.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from ledger.domain.plans.choices import Basis, Method
from ledger.domain.plans.rate_table import RatePiece
from ledger.domain.plans.rows import FactorPiece, PlanPeriod
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import year_fraction
from ledger.kernel.frequencies import DueDateRule, DueDateRuleImpossible


def plan_periods(terms: PlanTerms) -> tuple[PlanPeriod, ...]:
    """Return the periods of a plan. Refuses DueDateRuleImpossible, CalendarContradictory."""
    planned = planned_dates(terms)
    due = tuple(terms.calendar.adjusted(on, rule=terms.adjustment) for on in planned)
    starts, planned_starts = (terms.start, *due[:-1]), (terms.start, *planned[:-1])
    if any(end <= start for start, end in zip(starts, due, strict=True)):
        raise DueDateRuleImpossible("Holidays leave a period without days.", field="calendar")
    return tuple(
        _period(terms, number, planned_starts[number - 1], starts[number - 1], on, due[number - 1])
        for number, on in enumerate(planned, 1)
    )


def planned_dates(terms: PlanTerms) -> tuple[date, ...]:
    """Return the due dates before holidays: agreed batches, one maturity, or regular steps."""
    if terms.method is Method.CUSTOM:
        return tuple(batch.on for batch in terms.batches)
    dates = terms.due_dates.dates(start=terms.start, count=terms.count)
    return dates[-1:] if terms.method is Method.BULLET else dates


def _period(
    terms: PlanTerms, number: int, planned_start: date, start: date, planned_on: date, due_on: date
) -> PlanPeriod:
    cuts = terms.rates.pieces(start=start, end=due_on)
    steps = _whole_steps(terms, planned_start)
    is_last = number == _row_count(terms)
    pieces = tuple(
        FactorPiece(
            cut.starts_on,
            cut.ends_on,
            cut.rate,
            cut.full_rate,
            _share_of_steps(terms, cut, steps, (due_on - start).days)
            if steps
            else _counted(terms, cut, is_final=is_last and cut is cuts[-1]),
        )
        for cut in cuts
    )
    return PlanPeriod(number, start, planned_on, due_on, _pay_by(terms, due_on), pieces)


def _row_count(terms: PlanTerms) -> int:
    return {Method.CUSTOM: len(terms.batches), Method.BULLET: 1}.get(terms.method, terms.count)


def _whole_steps(terms: PlanTerms, start: date) -> int:
    """Return how many whole steps a period is charged for; 0 when its days are counted."""
    if terms.basis is Basis.EXACT or terms.method is Method.CUSTOM:
        return 0
    if terms.method is Method.BULLET:
        return terms.count if _is_regular(terms) else 0
    return 1 if start != terms.start or _is_regular(terms) else 0


def _is_regular(terms: PlanTerms) -> bool:
    rule = terms.due_dates
    plain = DueDateRule(frequency=rule.frequency, end_of_month=rule.end_of_month)
    return rule.dates(start=terms.start, count=1) == plain.dates(start=terms.start, count=1)


def counted_pieces(terms: PlanTerms, *, start: date, end: date) -> tuple[FactorPiece, ...]:
    """Return the pieces of any part of a period by its days, as a broken period is charged."""
    cuts = terms.rates.pieces(start=start, end=end)
    parts = [_counted(terms, cut, is_final=False) for cut in cuts]
    return tuple(
        FactorPiece(cut.starts_on, cut.ends_on, cut.rate, cut.full_rate, part)
        for cut, part in zip(cuts, parts, strict=True)
    )


def _share_of_steps(terms: PlanTerms, cut: RatePiece, steps: int, days: int) -> Fraction:
    whole = steps * terms.due_dates.frequency.year_part(year_days=terms.year_days)
    days_of_cut = (cut.ends_on - cut.starts_on).days
    return whole if days_of_cut == days else whole * Fraction(days_of_cut, days)


def _counted(terms: PlanTerms, cut: RatePiece, *, is_final: bool) -> Fraction:
    end = cut.ends_on
    if is_final:
        end += timedelta(days=1 if terms.counts_last_day else 0)
        end = max(end, terms.start + timedelta(days=terms.min_interest_days))
    return year_fraction(convention=terms.day_count, start=cut.starts_on, end=end)


def _pay_by(terms: PlanTerms, due_on: date) -> date:
    # An unmoved due date stays, but a payment on the next business day is still in time.
    if terms.adjustment is Adjustment.UNADJUSTED:
        return terms.calendar.next_business_day(due_on)
    return due_on
