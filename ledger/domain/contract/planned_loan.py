"""The plan behind a running loan: its terms, interest so far, and the rows after a prepayment.

Owns: how core terms and conventions together make a plan, what a loan has earned in a period that ends early,
and planning the rest again.
Refuses to know: what is due, accruals and the journal; the caller says how much principal is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.plan_of_loan import instalments, plan_terms_of
from ledger.domain.contract.repayment_terms import ContractMethod
from ledger.domain.interest import simple_interest
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Grace, GraceInterest
from ledger.domain.plans.periods import plan_periods
from ledger.domain.plans.replanning import Replan, replanned
from ledger.domain.plans.rows import PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import InstalmentBelowInterest
from ledger.domain.schedule import Instalment
from ledger.kernel.day_count import year_fraction


def plan_terms_of_loan(
    terms: LoanTerms, conventions: LoanConventions, *, principal_minor: int, start: date
) -> PlanTerms:
    """Return the terms of the plan of a loan paid out on ``start``. Refuses PlanTermsImpossible."""
    return plan_terms_of(
        conventions.repayment,
        principal_minor=principal_minor,
        annual_rate_e8=terms.annual_rate_e8,
        start=start,
        term=terms.term,
        batches=conventions.batches_after(start),
    )


def deferred_until(conventions: LoanConventions | None) -> int | None:
    """Return the number of the row with which interest that was put off falls due, if any is."""
    if conventions is None or conventions.repayment.grace_interest is not GraceInterest.DEFERRED:
        return None
    rows = conventions.repayment.grace_interest_rows
    return rows + 1 if rows else None


def interest_so_far(
    plan_terms: PlanTerms,
    conventions: LoanConventions,
    *,
    running: Instalment,
    principal_minor: int,
    on: date,
) -> int:
    """Return the interest to be paid when the running period ends on a day, interest put off included.

    ``principal_minor`` is what is still out; a flat loan charges what was lent.
    """
    repayment = conventions.repayment
    in_grace = running.number <= repayment.grace_interest_rows
    if in_grace and repayment.grace_interest is GraceInterest.FORGIVEN:
        return 0
    is_flat = repayment.method is ContractMethod.FLAT
    base = plan_terms.financed_minor if is_flat else principal_minor
    least = plan_terms.start + timedelta(days=repayment.min_interest_days)
    years = year_fraction(
        convention=repayment.day_count, start=running.starts_on, end=max(on, least, running.starts_on)
    )
    rate_e8 = plan_terms.rates.steps[0].rate_e8
    broken = simple_interest(
        principal_minor=base, annual_rate_e8=rate_e8, year_part=years, rounding=repayment.rounding
    )
    return broken + _put_off(plan_terms, conventions, running.number)


def replanned_rows(
    plan_terms: PlanTerms,
    *,
    to_come: Sequence[Instalment],
    principal_minor: int,
    on: date,
    mode: str,
) -> tuple[Instalment, ...]:
    """Return the next schedule version for the principal left on ``on``. Refuses ReplanImpossible."""
    # While grace rows run no prepayment is offered, so that none of them is to come.
    later, rows = replace(plan_terms, grace=Grace()), _as_planned(plan_terms, to_come)
    try:
        after = replanned(later, rows, left_minor=principal_minor, on=on, replan=Replan(mode))
    except InstalmentBelowInterest:
        # Little is left: an instalment in whole multiples rounds to less than the interest, one in units does not.
        later = replace(later, multiple_minor=1)
        after = replanned(later, rows, left_minor=principal_minor, on=on, replan=Replan(mode))
    return instalments(after, version=to_come[0].version + 1)


def _put_off(plan_terms: PlanTerms, conventions: LoanConventions, running: int) -> int:
    """Return the interest of grace rows gone by that has not fallen due yet."""
    number = deferred_until(conventions)
    if number is None or running > number:
        return 0
    rows = build_plan(plan_terms).rows
    return sum(row.accrued_minor for row in rows if 0 < row.period.number < running)


def _as_planned(plan_terms: PlanTerms, to_come: Sequence[Instalment]) -> list[PlanRow]:
    """Return the rows of a loan as rows of its plan.

    In the first version a row may pay another amount than the level (it absorbs a difference, or pays interest
    that was put off); in a later version every row but the last pays the level.
    """
    periods = {period.number: period for period in plan_periods(plan_terms)}
    is_first = to_come[0].version == 1
    levels = {row.period.number: row.level_minor for row in build_plan(plan_terms).rows} if is_first else {}
    return [
        PlanRow(
            period=periods[row.number],
            opening_minor=row.opening_minor,
            principal_minor=row.principal_minor,
            accrued_minor=row.interest_minor,
            interest_minor=row.interest_minor,
            level_minor=levels.get(row.number, row.total_minor),
        )
        for row in to_come
    ]
