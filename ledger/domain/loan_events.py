"""The facts a loan's life consists of.

Owns: the payload of each event and how it changes the loan's state, by copying and adding only.
Refuses to know: why a fact was decided; rules are asked once, before the event, never on replay.
Each event names the entity, line, settlement account, product and currency, so that its journal
entry and its read models need nothing but the event.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from ledger.domain.accrual import Accrual, merge_accruals
from ledger.domain.allocation import InstalmentBuckets
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.loan_state import LoanState, LoanStatus, open_rows
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.schedule import Instalment
from ledger.kernel.aggregate import DomainEvent


class LoanFact(DomainEvent):
    """What every fact about a loan carries."""

    entity_id: UUID
    line_id: UUID
    account_id: UUID
    product_code: str
    currency: str

    def apply(self, state: LoanState) -> None:
        """Move the state's date forward, then change it."""
        state.as_of = self.effective_date
        self.change(state)

    def change(self, state: LoanState) -> None:
        """Change the state to what it is after this fact."""
        raise NotImplementedError(type(self).__name__)


class LoanRequested(LoanFact):
    """A draw on a line was accepted and waits for the bank."""

    principal_minor: int
    terms: LoanTerms

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.REQUESTED
        state.entity_id, state.line_id, state.account_id = self.entity_id, self.line_id, self.account_id
        state.principal_minor, state.terms = self.principal_minor, self.terms


class LoanConventionsAgreed(LoanFact):
    """The draw was accepted on conventions beyond its core terms; it follows the request at once."""

    conventions: LoanConventions

    def change(self, state: LoanState) -> None:
        state.conventions = self.conventions


class LoanDisbursed(LoanFact):
    """The bank paid the whole principal out; the schedule and its interest accruals start."""

    principal_minor: int
    bank_reference: str
    maturity_date: date
    schedule_version: int
    rows: tuple[Instalment, ...]
    accruals: tuple[Accrual, ...]

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.ACTIVE
        state.bank_reference, state.disbursed_on = self.bank_reference, self.effective_date
        state.schedule_version, state.rows = self.schedule_version, open_rows(self.rows)
        state.accruals = self.accruals


class LoanDisbursementFailed(LoanFact):
    """The bank did not pay; the loan never came into being."""

    principal_minor: int
    reason: str

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.CANCELLED


class LoanOverdue(LoanFact):
    """The due date of one instalment went by with something unpaid."""

    number: int
    due_on: date
    days_past_due: int
    principal_minor: int
    interest_minor: int

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.OVERDUE
        state.mark_row(self.number, is_overdue=True, is_penalised=False)


class LoanPenaltyStarted(LoanFact):
    """The grace days of one instalment are over; penalty counts from its due date.

    The two catch-up amounts are what the new accruals have earned by the effective date.
    """

    number: int
    due_on: date
    penalty_rate_e8: int
    principal_minor: int
    interest_minor: int
    penalty_catch_up_minor: int
    compound_catch_up_minor: int
    accruals: tuple[Accrual, ...]

    def change(self, state: LoanState) -> None:
        state.mark_row(self.number, is_overdue=True, is_penalised=True)
        state.accruals = merge_accruals(state.accruals, self.accruals, on=self.effective_date)


class LoanCompoundRaised(LoanFact):
    """The loan has matured: compound interest on one row runs at the penalty rate from the maturity on.

    The catch-up is what the raised accrual has earned by the effective date beyond what was posted.
    """

    number: int
    matured_on: date
    penalty_rate_e8: int
    compound_catch_up_minor: int
    accruals: tuple[Accrual, ...]

    def change(self, state: LoanState) -> None:
        state.accruals = merge_accruals(state.accruals, self.accruals, on=self.effective_date)


class LoanRepaid(LoanFact):
    """A payment was applied: ``amount_minor`` is the sum of the parts and the early fee.

    ``settled_numbers`` are the instalments among the parts that owe nothing afterwards.
    ``accrual_adjustment_minor`` is interest by actual days less the interest already posted.
    ``accruals`` are the accruals the payment changed, each as it stands afterwards.
    """

    kind: str
    reason: str
    amount_minor: int
    source_account_id: UUID
    parts: tuple[InstalmentBuckets, ...]
    settled_numbers: tuple[int, ...]
    fee_minor: int
    accrual_adjustment_minor: int
    allocation_order: tuple[str, ...]
    days_past_due: int
    principal_outstanding_minor: int
    accruals: tuple[Accrual, ...]

    def change(self, state: LoanState) -> None:
        state.take_parts(self.parts)
        state.accruals = merge_accruals(state.accruals, self.accruals, on=self.effective_date)


class LoanRescheduled(LoanFact):
    """The rows still to come were replaced by a new schedule version; rows already due stay."""

    mode: str
    schedule_version: int
    replaces_version: int
    caused_by_version: int
    maturity_date: date
    rows: tuple[Instalment, ...]
    accruals: tuple[Accrual, ...]

    def change(self, state: LoanState) -> None:
        first = self.rows[0].number
        kept = tuple(row for row in state.rows if row.plan.number < first)
        state.schedule_version, state.rows = self.schedule_version, kept + open_rows(self.rows)
        state.accruals = merge_accruals(state.accruals, self.accruals, on=self.effective_date)


class LoanCured(LoanFact):
    """Nothing is overdue any more."""

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.ACTIVE


class LoanSettled(LoanFact):
    """Everything has been paid; no accrual is left."""

    principal_minor: int

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.SETTLED
        state.accruals = ()


# A fact that has been decided and not yet recorded: its class and what it says beyond LoanFact.
Draft = tuple[type[LoanFact], dict[str, Any]]

LOAN_EVENTS: dict[str, type[LoanFact]] = {
    "loan.requested": LoanRequested,
    "loan.conventions_agreed": LoanConventionsAgreed,
    "loan.disbursed": LoanDisbursed,
    "loan.disbursement_failed": LoanDisbursementFailed,
    "loan.overdue": LoanOverdue,
    "loan.penalty_started": LoanPenaltyStarted,
    "loan.compound_raised": LoanCompoundRaised,
    "loan.repaid": LoanRepaid,
    "loan.rescheduled": LoanRescheduled,
    "loan.cured": LoanCured,
    "loan.settled": LoanSettled,
}
