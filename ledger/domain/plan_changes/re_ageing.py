"""Re-ageing and re-amortising: overdue amounts join the rows to come, and the loan is current again.

Owns: new equal rows from a first date for all that is owed, and overdue principal spread over the rows
that are left; where interest and fees from before fall due.
Refuses to know: penalties, and whether the borrower may have it. Parts are equal, the last takes the rest.

| 10,000.00 of which 2,500.00 are overdue, without interest, in 3 new rows | 3,333.33, 3,333.33, 3,333.34 |
| 2,500.00 overdue, 3 rows of 2,500.00 to come                             | 3,333.33, 3,333.33, 3,333.34 |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from ledger.domain.plan_changes.earned_interest import earned_interest
from ledger.domain.plan_changes.payments import Payments, unpaid_rows, without
from ledger.domain.plan_changes.rows_to_come import (
    ChangeImpossible,
    inheriting,
    shared_out,
    with_principals,
)
from ledger.domain.plan_changes.standing import Standing, batches_of, standing_on
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion
from ledger.domain.plan_changes.weighing import blended
from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.rows import PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.frequencies import DueDateRule, Frequency


class Placing(StrEnum):
    """With which new rows interest and fees from before fall due."""

    FULL = "full"  # all with the first row
    EQUAL = "equal"  # equal parts with each row
    SPLIT = "split"  # in proportion to each row's principal


@dataclass(frozen=True, kw_only=True)
class ReAge:
    """So many new rows from a first date; ``fees_minor`` are overdue fees that join them."""

    rows: int
    first_due_on: date
    frequency: Frequency
    charges_interest: bool = True
    takes_overdue_interest: bool = True
    placing: Placing = Placing.FULL
    fees_minor: int = 0


def re_age(version: PlanVersion, *, on: date, new: ReAge, payments: Payments) -> PlanVersion:
    """Replace all that is owed by new equal rows.

    Refuses ChangeImpossible, DueDateRuleImpossible, PaymentsImpossible, NothingToChange.
    """
    standing = standing_on(version, on=on)
    if new.rows < 1:
        raise ChangeImpossible("There is at least one new row.", field="count")
    if standing.terms.method is Method.FLAT and new.charges_interest:
        raise ChangeImpossible("A flat rate is no rate on a balance.", field="with_interest", method="flat")
    unpaid = unpaid_rows(standing.due, payments=payments)
    terms = _new_terms(standing, new, overdue_minor=sum(item.principal_minor for item in unpaid))
    rows = _renumbered(build_plan(terms).rows, after=standing.due)
    earned = earned_interest(standing, unpaid=unpaid if new.takes_overdue_interest else ())
    interest = earned.overdue_minor + earned.put_off_minor + earned.accrued_minor
    fees = new.fees_minor + sum(standing.fees)
    return standing.followed_by(
        inheriting(rows, carried=_placed(interest, rows, new.placing), fees=_placed(fees, rows, new.placing)),
        kind=ChangeKind.RE_AGE,
        terms=terms,
        due=without(standing.due, unpaid=unpaid, principal=True, interest=new.takes_overdue_interest),
    )


def re_amortise(
    version: PlanVersion, *, on: date, payments: Payments, takes_overdue_interest: bool = False
) -> PlanVersion:
    """Spread what is overdue equally over the rows that are left. Refuses as re_age does."""
    standing = standing_on(version, on=on)
    unpaid = unpaid_rows(standing.due, payments=payments)
    principal = sum(item.principal_minor for item in unpaid)
    interest = sum(item.interest_minor for item in unpaid) if takes_overdue_interest else 0
    if principal + interest == 0:
        raise ChangeImpossible("Nothing is overdue that could be spread.", field="kind")
    terms, rows = _spread(standing, principal)
    shares = shared_out(interest, count=len(rows))
    carrying = [carried + share for carried, share in zip_longest(standing.carried, shares, fillvalue=0)]
    return standing.followed_by(
        inheriting(
            rows,
            carried=carrying,
            fees=standing.fees,
            put_off_minor=standing.put_off_minor,
            put_off_at=standing.terms.grace.interest_rows,
        ),
        kind=ChangeKind.RE_AMORTISE,
        terms=terms,
        due=without(standing.due, unpaid=unpaid, principal=True, interest=takes_overdue_interest),
    )


def _new_terms(standing: Standing, new: ReAge, *, overdue_minor: int) -> PlanTerms:
    old = standing.terms
    return PlanTerms(
        method=Method.EQUAL_INSTALMENT,
        principal_minor=standing.balance_minor + overdue_minor,
        rates=old.rates if new.charges_interest else RateTable.constant(0),
        start=standing.on,
        count=new.rows,
        due_dates=DueDateRule(frequency=new.frequency, first_due_on=new.first_due_on),
        basis=old.basis,
        day_count=old.day_count,
        year_days=old.year_days,
        rounding=old.rounding,
        round_each_piece=old.round_each_piece,
        adjustment=old.adjustment,
        calendar=old.calendar,
    )


def _renumbered(rows: Sequence[PlanRow], *, after: Sequence[PlanRow]) -> tuple[PlanRow, ...]:
    last = max((row.period.number for row in after), default=0)
    return tuple(replace(row, period=replace(row.period, number=row.period.number + last)) for row in rows)


def _placed(minor: int, rows: Sequence[PlanRow], placing: Placing) -> list[int]:
    if placing is Placing.FULL:
        return [minor]
    if placing is Placing.EQUAL:
        return shared_out(minor, count=len(rows))
    total = sum(row.principal_minor for row in rows)
    parts = [minor * row.principal_minor // total for row in rows[:-1]]
    return [*parts, minor - sum(parts)]


def _spread(standing: Standing, principal_minor: int) -> tuple[PlanTerms, tuple[PlanRow, ...]]:
    """Return the terms and rows with equal parts of overdue principal on the rows that repay some."""
    old, resting = standing.terms, standing.terms.grace.principal_rows
    parts = [0] * resting + shared_out(principal_minor, count=len(standing.to_come) - resting)
    principals = [row.principal_minor + part for row, part in zip(standing.to_come, parts, strict=True)]
    balance = standing.balance_minor + principal_minor
    if old.method is Method.FLAT:
        rows = with_principals(old, standing.periods, balance_minor=balance, principals=principals)
        return old, rows
    batches = tuple(
        replace(batch, principal_minor=principal)
        for batch, principal in zip(batches_of(standing.to_come), principals, strict=True)
    )
    terms = replace(
        old, principal_minor=balance, batches=batches if old.method is Method.CUSTOM else old.batches
    )
    running = blended(
        terms, standing.periods[0], on=standing.on, before_minor=standing.balance_minor, after_minor=balance
    )
    periods: list[PlanPeriod] = [running, *standing.periods[1:]]
    return terms, with_principals(terms, periods, balance_minor=balance, principals=principals)
