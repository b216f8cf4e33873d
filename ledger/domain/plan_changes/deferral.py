"""Paying later: dates that move, a longer term, rows without principal, and skipped rows.

Owns: what each does to the rows to come. Interest runs on while dates move; it falls due with the first
row, is spread over the rows, or is forgiven.
Refuses to know: whether the borrower may have it, and what it means for the loan's classification.

| 30,000.00 at 12%, ACT/360, first due date moved so that its row has 92 days | interest 920.00 |
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.domain.plan_changes.consent import require_consent
from ledger.domain.plan_changes.periods_to_come import lengthened, moved, refitted, shift_part
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, Remake, inherited, remade
from ledger.domain.plan_changes.standing import Standing, batches_of, standing_on
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion
from ledger.domain.plans.choices import Basis, Batch, Grace, GraceInterest, Method
from ledger.domain.plans.rate_table import RateWindow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.day_count import year_fraction
from ledger.kernel.frequencies import COUNT_MAX, Unit

_REPAID_IN_PARTS: Final = (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL)


class DeferralInterest(StrEnum):
    """What becomes of the interest of the days by which dates move."""

    WITH_NEXT = "with_next"  # due with the first row; principal stays as planned
    SPREAD = "spread"  # a new instalment carries it
    FORGIVEN = "forgiven"


def defer(
    version: PlanVersion,
    *,
    on: date,
    by: int,
    unit: Unit,
    interest: DeferralInterest = DeferralInterest.WITH_NEXT,
) -> PlanVersion:
    """Move the dates of all rows to come; by nothing, they stay. Refuses NothingToChange."""
    standing = standing_on(version, on=on)
    if by == 0:
        return unchanged(standing, ChangeKind.DEFER)
    return _moved(standing, by=by, unit=unit, interest=interest, kind=ChangeKind.DEFER)


def extend(version: PlanVersion, *, on: date, rows: int) -> PlanVersion:
    """Repay in so many rows more. Refuses ChangeImpossible, NothingToChange."""
    standing = standing_on(version, on=on)
    terms = standing.terms
    if terms.method is Method.CUSTOM:
        raise ChangeImpossible("Agreed batches are moved, not multiplied.", field="kind", method="custom")
    if rows == 0:
        return unchanged(standing, ChangeKind.EXTEND)
    if terms.method is Method.BULLET:
        unit, every = terms.due_dates.frequency.unit, terms.due_dates.frequency.every
        how = DeferralInterest.WITH_NEXT
        return _moved(standing, by=rows * every, unit=unit, interest=how, kind=ChangeKind.EXTEND)
    longer = _longer(standing, rows)
    periods = lengthened(terms, standing.periods, rows=rows)
    made = remade(standing, longer, periods, balance_minor=standing.balance_minor)
    return standing.followed_by(inherited(standing, made), kind=ChangeKind.EXTEND, terms=longer)


def interest_only(version: PlanVersion, *, on: date, rows: int, extends: bool = False) -> PlanVersion:
    """Let the next rows pay interest only. Refuses ChangeImpossible, NothingToChange."""
    standing = standing_on(version, on=on)
    if standing.terms.method not in _REPAID_IN_PARTS:
        raise ChangeImpossible(
            "Only rows that repay principal can leave it out.",
            field="kind",
            method=standing.terms.method.value,
        )
    grace = replace(standing.terms.grace, principal_rows=max(rows, standing.terms.grace.principal_rows))
    return _relieved(standing, rows=rows, grace=grace, extends=extends, kind=ChangeKind.INTEREST_ONLY)


def skip(
    version: PlanVersion,
    *,
    on: date,
    rows: int,
    interest: GraceInterest = GraceInterest.DEFERRED,
    extends: bool = True,
    has_consent: bool = False,
) -> PlanVersion:
    """Let the next rows pay nothing; capitalising their interest needs consent.

    Refuses CapitalisationWithoutConsent, ChangeImpossible, NothingToChange.
    """
    require_consent(is_given=has_consent or interest is not GraceInterest.CAPITALISED)
    standing = standing_on(version, on=on)
    left = standing.terms.grace
    if standing.terms.method not in (*_REPAID_IN_PARTS, Method.INTEREST_ONLY):
        raise ChangeImpossible(
            "Rows of this method are deferred, not skipped.", field="kind", method=standing.terms.method.value
        )
    if left.interest_rows and left.interest is not interest:
        raise ChangeImpossible("The rows have another agreement on their interest.", field="interest")
    grace = Grace(
        principal_rows=max(rows, left.principal_rows),
        interest_rows=max(rows, left.interest_rows),
        interest=interest,
    )
    return _relieved(standing, rows=rows, grace=grace, extends=extends, kind=ChangeKind.SKIP)


def unchanged(standing: Standing, kind: ChangeKind) -> PlanVersion:
    """Return a version with the rows as they were: a change by nothing."""
    return replace(
        standing.version,
        number=standing.version.number + 1,
        kind=kind,
        on=standing.on,
        replaces=standing.version,
    )


def _relieved(standing: Standing, *, rows: int, grace: Grace, extends: bool, kind: ChangeKind) -> PlanVersion:
    if rows == 0:
        return unchanged(standing, kind)
    more = rows if extends else 0
    if grace.principal_rows >= len(standing.to_come) + more:
        raise ChangeImpossible("At least one row repays.", field="count", rows_to_come=len(standing.to_come))
    terms = replace(_longer(standing, more), grace=grace)
    periods = lengthened(terms, standing.periods, rows=more)
    made = remade(standing, terms, periods, balance_minor=standing.balance_minor)
    return standing.followed_by(inherited(replace(standing, terms=terms), made), kind=kind, terms=terms)


def _longer(standing: Standing, rows: int) -> PlanTerms:
    count = len(standing.to_come) + rows
    if count > COUNT_MAX:
        raise ChangeImpossible("A plan does not have endlessly many rows.", field="count", maximum=COUNT_MAX)
    return replace(standing.terms, count=count)


def _moved(
    standing: Standing, *, by: int, unit: Unit, interest: DeferralInterest, kind: ChangeKind
) -> PlanVersion:
    terms, periods = standing.terms, standing.periods
    planned = [moved(terms, period.planned_on, by=by, unit=unit) for period in periods]
    old, new = periods[0].due_on, terms.calendar.adjusted(planned[0], rule=terms.adjustment)
    is_forgiven = interest is DeferralInterest.FORGIVEN
    if is_forgiven and terms.basis is Basis.EXACT and new > old:
        pauses = sorted((*terms.rates.pauses, RateWindow(old, new)), key=lambda pause: pause.starts_on)
        terms = replace(terms, rates=replace(terms.rates, pauses=tuple(pauses)))
    more = Fraction(0) if is_forgiven else _added_part(terms, old, new, by=by, unit=unit)
    fitted = refitted(terms, periods, planned=planned, more=more)
    if terms.method is Method.CUSTOM:
        batches = zip(planned, batches_of(standing.to_come), strict=True)
        terms = replace(terms, batches=tuple(Batch(day, batch.principal_minor) for day, batch in batches))
    how = Remake.NEW_INSTALMENT if interest is DeferralInterest.SPREAD else Remake.KEEP_PRINCIPAL
    rows = remade(standing, terms, fitted, balance_minor=standing.balance_minor, how=how, by_rows=True)
    return standing.followed_by(inherited(standing, rows), kind=kind, terms=terms)


def _added_part(terms: PlanTerms, old: date, new: date, *, by: int, unit: Unit) -> Fraction:
    """Return what the first row gains: whole steps where they are charged, otherwise its days."""
    if unit is terms.due_dates.frequency.unit:
        return shift_part(terms, by=by, unit=unit)
    return year_fraction(convention=terms.day_count, start=old, end=max(old, new))
