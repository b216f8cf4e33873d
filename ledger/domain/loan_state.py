"""The state of one loan: what its events fold into, and the questions it answers about itself.

Owns: the loan's rows, open accruals and status, and what is due, overdue or owed on a date.
Refuses to know: how a payment is shared out, events, and the journal.
All parts are immutable, so a shallow copy of the state is an independent state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from ledger.domain.accrual import COMPOUND, INTEREST, PENALTY, Accrual
from ledger.domain.allocation import Buckets, InstalmentBuckets
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.planned_loan import plan_terms_of_loan
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.schedule import Instalment


class LoanStatus(StrEnum):
    """Where a loan stands in its life."""

    ABSENT = "absent"
    REQUESTED = "requested"
    ACTIVE = "active"
    OVERDUE = "overdue"
    SETTLED = "settled"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class InstalmentAccount:
    """One row of the schedule in force, what was paid on it, and how far its arrears have gone."""

    plan: Instalment
    paid: InstalmentBuckets
    is_overdue: bool = False
    is_penalised: bool = False

    @property
    def principal_open_minor(self) -> int:
        """Return the principal of the row that has not been repaid."""
        return self.plan.principal_minor - self.paid.principal_minor


def open_rows(rows: tuple[Instalment, ...]) -> tuple[InstalmentAccount, ...]:
    """Return accounts for rows on which nothing has been paid yet."""
    return tuple(InstalmentAccount(row, InstalmentBuckets(number=row.number)) for row in rows)


@dataclass
class LoanState:
    """What is true of a loan after its latest event; ``as_of`` is that event's effective date."""

    status: LoanStatus = LoanStatus.ABSENT
    as_of: date | None = None
    entity_id: UUID | None = None
    line_id: UUID | None = None
    account_id: UUID | None = None
    terms: LoanTerms | None = None
    conventions: LoanConventions | None = None
    principal_minor: int = 0
    bank_reference: str = ""
    disbursed_on: date | None = None
    schedule_version: int = 0
    rows: tuple[InstalmentAccount, ...] = ()
    accruals: tuple[Accrual, ...] = ()

    @property
    def contract(self) -> LoanTerms:
        """Return the terms of a loan that has been requested."""
        if self.terms is None:
            raise LookupError("the loan has not been requested")
        return self.terms

    @property
    def tolerance_minor(self) -> int:
        """Return what may stay unpaid on a row without its being past due."""
        return self.conventions.arrears.dpd_tolerance_minor if self.conventions else 0

    @property
    def outstanding_principal_minor(self) -> int:
        """Return all principal that has not been repaid, due or not."""
        return sum(row.principal_open_minor for row in self.rows)

    @property
    def plan_terms(self) -> PlanTerms | None:
        """Return the terms of the loan's plan; None for a draw, and for a loan on core terms alone."""
        if self.conventions is None or self.contract.is_revolving or self.disbursed_on is None:
            return None
        return plan_terms_of_loan(
            self.contract, self.conventions, principal_minor=self.principal_minor, start=self.disbursed_on
        )

    def accrual_of(self, kind: str, row: InstalmentAccount) -> Accrual | None:
        """Return the open accrual of one kind for one row, if there is one."""
        key = f"{kind}:{row.plan.key}"
        return next((accrual for accrual in self.accruals if accrual.key == key), None)

    def unpaid_of(self, row: InstalmentAccount, on: date) -> InstalmentBuckets:
        """Return what one row owes on a date, counting interest earned so far."""
        return InstalmentBuckets(
            number=row.plan.number,
            penalty_minor=self._payable(PENALTY, row, on),
            compound_minor=self._payable(COMPOUND, row, on),
            interest_minor=self._payable(INTEREST, row, on),
            principal_minor=row.principal_open_minor,
        )

    def dues(self, on: date) -> tuple[InstalmentBuckets, ...]:
        """Return what is due or overdue on a date, oldest instalment first."""
        return tuple(self.unpaid_of(row, on) for row in self.rows if row.plan.due_on <= on)

    def rows_past_due(self, on: date) -> tuple[InstalmentAccount, ...]:
        """Return the rows whose due date has gone by with something unpaid, oldest first."""
        past = (row for row in self.rows if row.plan.due_on < on)
        return tuple(row for row in past if self.unpaid_of(row, on).total_minor > self.tolerance_minor)

    def rows_to_come(self, on: date) -> tuple[InstalmentAccount, ...]:
        """Return the rows whose due date is still ahead."""
        return tuple(row for row in self.rows if row.plan.due_on > on)

    def due_amount(self, on: date) -> int:
        """Return everything due on or before a date."""
        return sum(due.total_minor for due in self.dues(on))

    def overdue_amount(self, on: date) -> int:
        """Return everything due before a date; on the due date itself nothing is overdue."""
        return sum(self.unpaid_of(row, on).total_minor for row in self.rows_past_due(on))

    def days_past_due(self, on: date) -> int:
        """Return the days since the oldest due date that still has an unpaid amount."""
        oldest = next(iter(self.rows_past_due(on)), None)
        return (on - oldest.plan.due_on).days if oldest else 0

    def owed(self, on: date) -> Buckets:
        """Return all principal and everything earned on it by a date."""
        total = InstalmentBuckets(number=0)
        for row in self.rows:
            total = total.plus_all(self.unpaid_of(row, on))
        return Buckets(
            penalty_minor=total.penalty_minor,
            compound_minor=total.compound_minor,
            interest_minor=total.interest_minor,
            principal_minor=total.principal_minor,
        )

    def mark_row(self, number: int, *, is_overdue: bool, is_penalised: bool) -> None:
        """Note how far the arrears of one row have gone."""
        self.rows = tuple(
            replace(row, is_overdue=is_overdue, is_penalised=is_penalised)
            if row.plan.number == number
            else row
            for row in self.rows
        )

    def take_parts(self, parts: tuple[InstalmentBuckets, ...]) -> None:
        """Add what one payment gave to each row."""
        given = {part.number: part for part in parts}
        self.rows = tuple(
            replace(row, paid=row.paid.plus_all(given[row.plan.number])) if row.plan.number in given else row
            for row in self.rows
        )

    def _payable(self, kind: str, row: InstalmentAccount, on: date) -> int:
        accrual = self.accrual_of(kind, row)
        return accrual.payable(on) if accrual else 0
