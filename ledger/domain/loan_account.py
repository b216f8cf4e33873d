"""The loan: one draw on a line from its request to its last cent.

Owns: the commands a loan takes, each refused by name or turned into facts, and the questions it
answers about a date. Every command after disbursement first catches up with arrears.
Refuses to know: the clock, the catalogue, the journal and the bank. ``effective_date`` is the open
business date; its close posts interest through the next morning, after the day's last command.
"""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from ledger.domain.allocation import Buckets
from ledger.domain.arrears import arrears_drafts
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.disbursement import disbursed_draft, require_paid_in_full, schedule_for
from ledger.domain.loan_chart import EVENT, MATRIX, require_permitted
from ledger.domain.loan_events import (
    LOAN_EVENTS,
    Draft,
    LoanConventionsAgreed,
    LoanDisbursementFailed,
    LoanRequested,
)
from ledger.domain.loan_state import LoanState, LoanStatus
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.payoff import PayoffQuote, payoff_quote
from ledger.domain.prepayment import require_known_mode
from ledger.domain.repayment import plan_repayment, require_mode_offered
from ledger.domain.repayment_facts import outcome_drafts, repaid_draft, rescheduled_draft
from ledger.domain.repayment_plan import PREPAYMENT, Repayment
from ledger.domain.schedule import require_principal
from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.refusals import Refusal, RefusalKind

__all__ = ["MATRIX", "EffectiveDateTooEarly", "LoanAccount", "LoanTermInvalid", "Repayment"]


class EffectiveDateTooEarly(Refusal):
    """The loan already holds a fact of a later date."""

    code = "LEDGER_EFFECTIVE_DATE_TOO_EARLY"


class LoanTermInvalid(Refusal):
    """A loan runs for at least one month or one day."""

    code = "LEDGER_LOAN_TERM_INVALID"
    kind = RefusalKind.INVALID


@aggregate_stream("loan")
class LoanAccount(Aggregate[LoanState]):
    """One loan, in the states and by the commands of ``loan_chart.MATRIX``."""

    State = LoanState

    def request(
        self,
        *,
        effective_date: date,
        entity_id: UUID,
        line_id: UUID,
        account_id: UUID,
        principal_minor: int,
        terms: LoanTerms,
        conventions: LoanConventions | None = None,
    ) -> None:
        """Accept a draw.

        Refuses LoanAlreadyRequested, PrincipalNotPositive, LoanTermInvalid, and what its plan would refuse.
        """
        self._permit("request", effective_date)
        require_principal(principal_minor)
        if terms.term < 1:
            raise LoanTermInvalid("A loan runs for at least one period.", field="term")
        if conventions is not None:
            # What could not be planned must not be paid out.
            schedule_for(
                terms, principal_minor=principal_minor, start=effective_date, conventions=conventions
            )
        self.trigger(
            LoanRequested,
            effective_date=effective_date,
            entity_id=entity_id,
            line_id=line_id,
            account_id=account_id,
            product_code=terms.product_code,
            currency=terms.currency,
            principal_minor=principal_minor,
            terms=terms,
        )
        if conventions is not None:
            self._record((LoanConventionsAgreed, {"conventions": conventions}), effective_date)

    def disburse(self, *, effective_date: date, bank_reference: str, paid_minor: int | None = None) -> None:
        """Book the payout and build the schedule. Refuses DisbursementNotInFull and wrong states."""
        self._permit("disburse", effective_date)
        principal_minor, terms = self.state.principal_minor, self.state.contract
        require_paid_in_full(principal_minor=principal_minor, paid_minor=paid_minor)
        draft = disbursed_draft(
            terms,
            principal_minor=principal_minor,
            bank_reference=bank_reference,
            on=effective_date,
            conventions=self.state.conventions,
        )
        self._record(draft, effective_date)

    def fail_disbursement(self, *, effective_date: date, reason: str) -> None:
        """Cancel a loan the bank did not pay out. Refuses wrong states."""
        self._permit("fail_disbursement", effective_date)
        payload = {"principal_minor": self.state.principal_minor, "reason": reason}
        self._record((LoanDisbursementFailed, payload), effective_date)

    def catch_up(self, *, effective_date: date) -> None:
        """Record what became overdue or past its grace days; nothing new, no fact. Refuses wrong states."""
        self._permit("catch_up", effective_date)
        for draft in arrears_drafts(self.state, on=effective_date):
            self._record(draft, effective_date)

    def repay(
        self,
        *,
        effective_date: date,
        kind: str,
        source_account_id: UUID,
        amount_minor: int | None = None,
        reason: str = "borrower",
        mode: str | None = None,
    ) -> Repayment:
        """Apply a payment; see ``plan_repayment`` for its refusals. Nothing changes when refused."""
        self._permit("repay", effective_date)
        if mode is not None:
            require_known_mode(mode)
        on, mode = effective_date, mode or self.state.contract.prepayment_mode
        plan = plan_repayment(self.at(on).state, on=on, kind=kind, amount_minor=amount_minor, source=reason)
        if plan.kind == PREPAYMENT:
            require_mode_offered(self.state, on=on, mode=mode)
        self.catch_up(effective_date=on)
        self._record(
            repaid_draft(self.state, plan, on=on, source_account_id=source_account_id, reason=reason), on
        )
        if plan.kind == PREPAYMENT and not self.state.contract.is_revolving:
            version = self.version
            self._record(rescheduled_draft(self.state, on=on, mode=mode, caused_by_version=version), on)
        for draft in outcome_drafts(self.state, on=on):
            self._record(draft, on)
        return plan.carried_out(is_settled=self.state.status is LoanStatus.SETTLED)

    def at(self, on: date) -> Self:
        """Return a copy of the loan caught up to a date. Refuses EffectiveDateTooEarly."""
        self._require_not_before(on)
        seen = self.copy()
        if MATRIX[seen.state.status, "catch_up"] == EVENT:
            seen.catch_up(effective_date=on)
        return seen

    def owed(self, on: date) -> Buckets:
        """Return all principal and everything earned on it by a date."""
        return self.at(on).state.owed(on)

    def due_amount(self, on: date) -> int:
        """Return what is due or overdue on a date."""
        return self.at(on).state.due_amount(on)

    def overdue_amount(self, on: date) -> int:
        """Return what should have been paid before a date."""
        return self.at(on).state.overdue_amount(on)

    def days_past_due(self, on: date) -> int:
        """Return the days since the oldest due date with an unpaid amount; 0 on the due date itself."""
        return self.at(on).state.days_past_due(on)

    def payoff_quote(self, on: date) -> PayoffQuote:
        """Return what pays the loan off on a date. Refuses wrong states and EffectiveDateTooEarly."""
        self._permit("repay", on)
        return payoff_quote(self.at(on).state, on=on)

    def _permit(self, command: str, on: date) -> None:
        require_permitted(status=self.state.status, command=command)
        self._require_not_before(on)

    def _require_not_before(self, on: date) -> None:
        as_of = self.state.as_of
        if as_of is not None and on < as_of:
            raise EffectiveDateTooEarly(
                "The loan already holds a fact of a later date.",
                field="effective_date",
                as_of=as_of.isoformat(),
            )

    def _record(self, draft: Draft, on: date) -> None:
        event_class, payload = draft
        state, terms = self.state, self.state.contract
        self.trigger(
            event_class,
            effective_date=on,
            entity_id=state.entity_id,
            line_id=state.line_id,
            account_id=state.account_id,
            product_code=terms.product_code,
            currency=terms.currency,
            **payload,
        )


for _topic, _event_class in LOAN_EVENTS.items():
    event_of(LoanAccount, _topic)(_event_class)
