"""The loan: one draw on a line from its request to its last cent.

Owns: the commands a loan takes, each refused by name or turned into an event, and the questions it answers
about a date. Everything that happens is a dated fact; rows, interest, arrears and balances are derived from
all facts each time (ADR 0015), so that a late fact is as if it had been known in time.
Refuses to know: the clock, the catalogue, account codes and the bank. ``effective_date`` is the open business
date; its close posts interest through the next morning, after the day's last command.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from ledger.domain.allocation import Buckets
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.serving import servicing_terms_of
from ledger.domain.loan_chart import MATRIX
from ledger.domain.loan_events import (
    FACT_EVENTS,
    LOAN_EVENTS,
    LoanConventionsAgreed,
    LoanDisbursementFailed,
    LoanPartsAgreed,
    LoanRequested,
    LoanTakenOver,
)
from ledger.domain.loan_ground import EffectiveDateTooEarly
from ledger.domain.loan_in_parts import LoanInParts, paid_out_of
from ledger.domain.loan_parts import FIRST, LoanParts, require_answered
from ledger.domain.loan_payments import Repayment, carried_out, intended
from ledger.domain.loan_questions import owed_on, quote_on
from ledger.domain.loan_record import FactKind, NewPlan, RecordedFact, recorded
from ledger.domain.loan_recording import nothing_new, recording_of
from ledger.domain.loan_rules import require_principal, require_sound, require_value_date
from ledger.domain.loan_state import LoanStatus
from ledger.domain.loan_taking_over import payout_of, require_lived
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.payoff_quote import PayoffQuote
from ledger.domain.servicing.deriving import derive, derive_around
from ledger.domain.servicing.facts import PaymentReceived
from ledger.domain.servicing.position import Position
from ledger.kernel.aggregate import aggregate_stream, event_of
from ledger.kernel.refusals import Refusal, RefusalKind

__all__ = ["MATRIX", "EffectiveDateTooEarly", "LoanAccount", "LoanTermInvalid", "Repayment"]


class LoanTermInvalid(Refusal):
    """A loan runs for at least one month or one day."""

    code = "LEDGER_LOAN_TERM_INVALID"
    kind = RefusalKind.INVALID


@aggregate_stream("loan")
class LoanAccount(LoanInParts):
    """One loan, in the states and by the commands of ``loan_chart.MATRIX``."""

    snapshot_every = 100

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
        parts: LoanParts | None = None,
        paid_out_on: date | None = None,
    ) -> None:
        """Accept a draw, paid out in ``parts`` if so agreed, or one paid out before it became known here.

        Refuses LoanAlreadyRequested, PrincipalNotPositive, LoanTermInvalid, and what its plan would refuse.
        """
        self._permit("request", effective_date)
        require_principal(principal_minor)
        if terms.term < 1:
            raise LoanTermInvalid("A loan runs for at least one period.", field="term")
        # What could not be planned must not be paid out.
        first = recorded(
            FactKind.DISBURSED,
            fact_id=FIRST,
            value_date=paid_out_on or effective_date,
            amount_minor=parts.first_minor if parts else principal_minor,
        )
        _first_position(terms, conventions, principal_minor, first)
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
        if parts is not None:
            agreed = ("first_minor", "rest_minor", "parts_max", "available_until")
            self._record((LoanPartsAgreed, {name: getattr(parts, name) for name in agreed}), effective_date)

    def disburse(self, *, effective_date: date, bank_reference: str, paid_minor: int | None = None) -> None:
        """Book the payout, or its first part, and build the plan. Refuses DisbursementNotInFull and wrong states."""
        self._permit("disburse", effective_date)
        parts = self.state.parts
        amount = parts.first_minor if parts else self.state.principal_minor
        fact = paid_out_of(
            FIRST, on=effective_date, asked_minor=amount, paid_minor=paid_minor, reference=bank_reference
        )
        state = self.state
        after = _first_position(state.contract, state.conventions, state.principal_minor, fact)
        self._take(fact, effective_date, after)
        self._end_rest(effective_date)

    def fail_disbursement(self, *, effective_date: date, reason: str) -> None:
        """Cancel a loan the bank did not pay out. Refuses wrong states."""
        self._permit("fail_disbursement", effective_date)
        payload = {"principal_minor": self.state.principal_minor, "reason": reason}
        self._record((LoanDisbursementFailed, payload), effective_date)

    def take_over(
        self,
        *,
        effective_date: date,
        paid_out_on: date,
        facts: Sequence[RecordedFact],
        origin: str,
        content: str,
    ) -> None:
        """Go on with a loan that was lived in other books: its payout, then its facts in value order.

        Each fact is judged by where the loan stood on its own day. Refuses what ``record`` and wrong states
        refuse, and FactRepeated; nothing changes when refused.
        """
        self._permit("take_over", effective_date)
        told = (payout_of(self.state, on=paid_out_on, origin=origin), *facts)
        require_lived(self.state, told, open_date=effective_date)
        for fact in told:
            payload = {"fact": fact, "value_date": fact.value_date, "amount_minor": fact.amount_minor}
            kept = (FACT_EVENTS[fact.kind], {**vars(nothing_new(self.state)), **payload})
            self._record(kept, effective_date)
        opening = recording_of(self.position(effective_date), self.state)
        payload = {**vars(opening), "became_overdue": (), "origin": origin, "content": content}
        self._record((LoanTakenOver, payload), effective_date)

    def catch_up(self, *, effective_date: date) -> None:
        """Record what the passing of time has made of the loan; nothing new, no event. Refuses wrong states."""
        self._permit("catch_up", effective_date)
        self._age(effective_date)

    def repay(
        self,
        *,
        effective_date: date,
        payment_id: str,
        kind: str,
        source_account_id: UUID,
        amount_minor: int | None = None,
        reason: str = "borrower",
        mode: str | None = None,
        value_date: date | None = None,
    ) -> Repayment:
        """Take a payment by its value date; see ``loan_payments.intended`` for its refusals.

        Refuses ValueDateAhead and ValueDateBeforePayout as well. Nothing changes when refused.
        """
        self._permit("repay", effective_date)
        value_on = value_date or effective_date
        require_value_date(self.state, value_date=value_on, open_date=effective_date)
        around = derive_around(
            self.state.servicing_terms, self.state.dated_facts, value_date=value_on, on=effective_date
        )
        payment = intended(
            self.state,
            around.then(),
            kind=kind,
            amount_minor=amount_minor,
            source=reason,
            mode=mode,
        )
        fact = recorded(
            FactKind.PAYMENT_RECEIVED,
            fact_id=payment_id,
            value_date=value_on,
            source_account_id=str(source_account_id),
            reason=reason,
            amount_minor=payment.amount_minor,
            payment=payment.payment.value,
            instruction=payment.instruction.value,
        )
        known = fact.as_fact(sequence=self.version + 1)
        assert isinstance(known, PaymentReceived)
        self._require_new(payment_id)
        after = around.with_payment(known)
        self._age(effective_date, around.now())
        written = self._take(fact, effective_date, after)
        self._end_rest(effective_date)
        return carried_out(
            next(used for used in written.payments if used.id == payment_id),
            asked_minor=amount_minor,
            numbers={row.name: row.number for row in self.state.rows.values()},
            is_settled=self.state.status in (LoanStatus.SETTLED, LoanStatus.OVERPAID),
        )

    def record(
        self,
        *,
        effective_date: date,
        kind: FactKind,
        fact_id: str,
        value_date: date | None = None,
        plan: NewPlan | None = None,
        reason: str = "",
        source_account_id: UUID | None = None,
        **details: int | str | bool | date | None,
    ) -> RecordedFact:
        """Take any other fact by its value date.

        Refuses PartUnderWay, and what ``loan_rules`` and a derivation refuse.
        """
        self._permit(kind.value, effective_date)
        require_answered(self.state.parts, kind=kind)
        fact = recorded(
            kind,
            fact_id=fact_id,
            value_date=value_date or effective_date,
            plan=plan,
            reason=reason,
            source_account_id=str(source_account_id or ""),
            **details,
        )
        require_value_date(self.state, value_date=fact.value_date, open_date=effective_date)
        before = self.position(effective_date)
        after = self._derived_with(fact, effective_date)
        require_sound(self.state, fact, before=before, after=after)
        self._age_if_running(effective_date, before)
        self._take(fact, effective_date, after)
        self._end_rest(effective_date, fact)
        return fact

    def owed(self, on: date) -> Buckets:
        """Return all principal and everything earned on it by a date."""
        return owed_on(self.position(on)) if self.state.facts else Buckets()

    def due_amount(self, on: date) -> int:
        """Return what is due or overdue on a date."""
        return self.position(on).due.total_minor if self.state.facts else 0

    def overdue_amount(self, on: date) -> int:
        """Return what should have been paid before a date."""
        return self.position(on).overdue.total_minor if self.state.facts else 0

    def days_past_due(self, on: date) -> int:
        """Return the days since the oldest due date with an unpaid amount; 0 on the due date itself."""
        return self.position(on).days_past_due if self.state.facts else 0

    def payoff_quote(self, on: date) -> PayoffQuote:
        """Return what pays the loan off on a date. Refuses wrong states and EffectiveDateTooEarly."""
        self._permit("repay", on)
        return quote_on(self.position(on))

    def copy(self) -> Self:
        """Return an independent loan with the same state and no pending events."""
        return self.restore(self.id, self.version, self.state.copy())


def _first_position(
    terms: LoanTerms, conventions: LoanConventions | None, principal_minor: int, payout: RecordedFact
) -> Position:
    """Return the loan on the day of its payout, or of the first part of it."""
    on = payout.value_date
    agreed = servicing_terms_of(terms, conventions, principal_minor=principal_minor, start=on)
    return derive(agreed, [payout.as_fact(sequence=1)], on=on)


for _topic, _event_class in LOAN_EVENTS.items():
    event_of(LoanAccount, _topic)(_event_class)
