"""The contract letter of a draw: who, how much, until when, and what it costs.

Owns: the plan as it was made at the payout, its total interest, and its annual rates; the compound one leads
and the simple one is named so. Refuses to know: what was paid or changed since; a later plan is no part of
what was signed, so the letter stays the same for ever.
Source: PBoC announcement 2021 no. 3 on showing annual rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from ledger import queries
from ledger.domain.annual_rates.cash_flows import YEAR_DAYS, DatedFlow, dated_internal_rate, simple_rate
from ledger.domain.loan_terms import LoanTerms
from ledger.eventstore.consistent_view import one_view
from ledger.kernel.refusals import Refusal
from ledger.loan_figures import agreed_rows, loan_figures
from ledger.models import Loan
from ledger.queries import Scope


class ContractWithoutPlan(Refusal):
    """A contract letter shows the repayment plan, which is made when the loan is paid out."""

    code = "LENDING_CONTRACT_WITHOUT_PLAN"


@dataclass(frozen=True)
class PlanRow:
    """A row of the plan as it was agreed; amounts in minor units."""

    number: int
    starts_on: date
    due_on: date
    opening_minor: int
    principal_minor: int
    interest_minor: int

    @property
    def total_minor(self) -> int:
        """Return what is paid on the due date."""
        return self.principal_minor + self.interest_minor


@dataclass(frozen=True)
class Contract:
    """What was agreed. ``compound_rate`` and ``simple_rate`` are fractions a year."""

    loan_id: UUID
    entity_id: UUID
    line_id: UUID
    account_id: UUID
    signed_at: datetime
    requested_on: date
    paid_out_on: date
    currency: str
    agreed_minor: int
    terms: LoanTerms
    rows: tuple[PlanRow, ...]
    compound_rate: Decimal
    simple_rate: Fraction

    @property
    def principal_minor(self) -> int:
        """Return what the plan repays: all that was agreed, or the first part of it."""
        return sum(row.principal_minor for row in self.rows)

    @property
    def interest_minor(self) -> int:
        """Return all interest of the plan."""
        return sum(row.interest_minor for row in self.rows)

    @property
    def total_minor(self) -> int:
        """Return everything the plan has to be paid."""
        return sum(row.total_minor for row in self.rows)


def contract(*, scope: Scope, loan_id: UUID) -> Contract:
    """Return the contract of a loan. Refuses NotFound, ContractWithoutPlan."""
    with one_view():
        loan = queries.loan(scope=scope, loan_id=loan_id)
        rows = _first_plan(loan)
        if loan.disbursed_on is None or not rows:
            raise ContractWithoutPlan("The loan has not been paid out.", status=loan.status)
        terms = loan_figures(loan_id=loan.id).terms
        # The first fact of the loan is the draw that was accepted.
        signed_at = queries.timeline(loan_id=loan.id).order_by("originator_version")[0].recorded_at
    return Contract(
        loan_id=loan.id,
        entity_id=loan.entity_id,
        line_id=loan.line_id,
        account_id=loan.account_id,
        signed_at=signed_at,
        requested_on=loan.requested_on,
        paid_out_on=loan.disbursed_on,
        currency=loan.currency,
        agreed_minor=loan.principal_minor,
        terms=terms,
        rows=rows,
        compound_rate=compound_rate(
            sum(row.principal_minor for row in rows), paid_out_on=loan.disbursed_on, rows=rows
        ),
        simple_rate=_simple_rate(rows),
    )


def compound_rate(principal_minor: int, *, paid_out_on: date, rows: Sequence[PlanRow]) -> Decimal:
    """Return the rate at which the dated payments are worth what was received: IRR over days / 365."""
    paid = [DatedFlow(row.due_on, -row.total_minor) for row in rows]
    return dated_internal_rate([DatedFlow(paid_out_on, principal_minor), *paid])


def _simple_rate(rows: Sequence[PlanRow]) -> Fraction:
    in_use = [(row.opening_minor, Fraction((row.due_on - row.starts_on).days, YEAR_DAYS)) for row in rows]
    return simple_rate(cost_minor=sum(row.interest_minor for row in rows), balances=in_use)


def _first_plan(loan: Loan) -> tuple[PlanRow, ...]:
    return tuple(
        PlanRow(
            number=row.number,
            starts_on=row.starts_on,
            due_on=row.due_on,
            opening_minor=row.opening_minor,
            principal_minor=row.asked.principal_minor,
            interest_minor=row.asked.interest_minor,
        )
        for row in agreed_rows(loan_id=loan.id)
    )
