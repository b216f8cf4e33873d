"""Where a version stands on a day: the rows that fell due, those to come, and what they still inherit.

Owns: that split, the terms as they are left for the rows to come (grace and batches that are still ahead),
interest that was put off, and the next version that follows.
Refuses to know: what a change does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger.domain.plan_changes.periods_to_come import anchor_day
from ledger.domain.plan_changes.versions import ChangedRow, ChangeKind, Movement, PlanVersion
from ledger.domain.plans.choices import Batch, Grace, Method
from ledger.domain.plans.rows import PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.frequencies import DueDateRule, Unit
from ledger.kernel.refusals import Refusal, RefusalKind


class NothingToChange(Refusal):
    """On that day the plan has not begun, or no row is to come, or a later change was made already."""

    code = "LEDGER_NOTHING_TO_CHANGE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A version on a day. ``due`` are all rows due by then, ``to_come`` the others; ``terms`` are for these."""

    version: PlanVersion
    on: date
    due: tuple[PlanRow, ...]
    to_come: tuple[PlanRow, ...]
    terms: PlanTerms
    put_off_minor: int

    @property
    def balance_minor(self) -> int:
        """Return the principal that is not due yet."""
        return self.to_come[0].opening_minor

    @property
    def periods(self) -> tuple[PlanPeriod, ...]:
        """Return the periods of the rows to come."""
        return tuple(row.period for row in self.to_come)

    @property
    def carried(self) -> tuple[int, ...]:
        """Return the interest from before that each row to come carries."""
        return tuple(row.carried_interest_minor if isinstance(row, ChangedRow) else 0 for row in self.to_come)

    @property
    def fees(self) -> tuple[int, ...]:
        """Return the fees from before that each row to come carries."""
        return tuple(row.fee_minor if isinstance(row, ChangedRow) else 0 for row in self.to_come)

    def followed_by(
        self,
        rows: Sequence[PlanRow],
        *,
        kind: ChangeKind,
        terms: PlanTerms,
        due: Sequence[PlanRow] | None = None,
        moved: Sequence[Movement] = (),
    ) -> PlanVersion:
        """Return the next version: the rows due, and these instead of those to come."""
        kept = self.due if due is None else tuple(due)
        return PlanVersion(
            number=self.version.number + 1,
            kind=kind,
            on=self.on,
            terms=terms,
            rows=(*kept, *rows),
            first_row=len(kept),
            movements=(*self.version.movements, *moved),
            replaces=self.version,
        )


def standing_on(version: PlanVersion, *, on: date) -> Standing:
    """Return where a version stands on a day; a row due that day is due. Refuses NothingToChange."""
    due = tuple(row for row in version.rows if row.period.due_on <= on)
    to_come = version.rows[len(due) :]
    if not to_come or to_come[0].opening_minor == 0 or on < version.on:
        raise NothingToChange(
            "A plan is changed while rows are to come, and not before its last change.",
            field="on",
            since=version.on.isoformat(),
            last_due_on=version.maturity.isoformat(),
        )
    passed = due[version.first_row :]
    return Standing(
        version=version,
        on=on,
        due=due,
        to_come=to_come,
        terms=terms_left(version.terms, to_come, passed=len(passed)),
        put_off_minor=sum(_put_off(row) for row in passed),
    )


def terms_left(terms: PlanTerms, to_come: Sequence[PlanRow], *, passed: int) -> PlanTerms:
    """Return the terms for the rows to come; a flat loan keeps the principal its interest is charged on."""
    balance, grace = to_come[0].opening_minor, _grace_left(terms.grace, len(to_come), passed)
    return replace(
        terms,
        principal_minor=terms.financed_minor if terms.method is Method.FLAT else balance,
        down_payment_minor=0,
        start=to_come[0].period.starts_on,
        count=terms.count if terms.method is Method.BULLET else len(to_come),
        due_dates=_anchored(terms),
        instalment_minor=None,
        equalisation_rounds=0,
        first_absorbs=False,
        balloon_minor=min(terms.balloon_minor, balance - 1),
        grace=grace,
        batches=batches_of(to_come) if terms.method is Method.CUSTOM else (),
    )


def _grace_left(grace: Grace, rows: int, passed: int) -> Grace:
    """Return the grace that is still ahead; a plan that was repaid early may end within it."""
    principal = min(max(0, grace.principal_rows - passed), rows - 1)
    interest = min(max(0, grace.interest_rows - passed), rows - 1)
    if principal + interest == 0:
        return Grace()
    return replace(grace, principal_rows=principal, interest_rows=interest)


def batches_of(rows: Sequence[PlanRow]) -> tuple[Batch, ...]:
    """Return the batches that rows stand for."""
    return tuple(Batch(row.period.planned_on, row.principal_minor) for row in rows)


def _anchored(terms: PlanTerms) -> DueDateRule:
    # The rows to come have their dates; only the day they were counted from must survive a new start.
    frequency = terms.due_dates.frequency
    if frequency.unit is not Unit.MONTH:
        return DueDateRule(frequency=frequency)
    return DueDateRule(frequency=frequency, fixed_day=anchor_day(terms), first_period_days_min=0)


def _put_off(row: PlanRow) -> int:
    carried = row.carried_interest_minor if isinstance(row, ChangedRow) else 0
    return row.accrued_minor - row.capitalised_minor - (row.interest_minor - carried)
