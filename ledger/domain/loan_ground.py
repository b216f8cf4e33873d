"""What every command of a loan stands on: its state, and the one way from a fact to an event.

Owns: asking where the loan stands, whether a command may be tried, and recording what a fact or the passing of
time has changed. Refuses to know: single commands and their rules.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.loan_chart import EVENT, MATRIX, require_permitted
from ledger.domain.loan_events import FACT_EVENTS, Draft, LoanAged, LoanRestEnded
from ledger.domain.loan_parts import rest_ends
from ledger.domain.loan_record import RecordedFact
from ledger.domain.loan_recording import Recording, recording_of
from ledger.domain.loan_state import LoanState, LoanStatus
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.fact_order import FactRepeated
from ledger.domain.servicing.facts import Fact
from ledger.domain.servicing.position import Position
from ledger.kernel.aggregate import Aggregate
from ledger.kernel.refusals import Refusal


class EffectiveDateTooEarly(Refusal):
    """The loan already holds an event of a later business date."""

    code = "LEDGER_EFFECTIVE_DATE_TOO_EARLY"


class LoanGround(Aggregate[LoanState]):
    """The state of a loan and how it moves."""

    State = LoanState

    def position(self, on: date, *, as_of: date | None = None) -> Position:
        """Return the loan as it stands on a date, or stood on an earlier one by what is known now.

        Refuses EffectiveDateTooEarly, LoanNotDisbursed and what a derivation refuses.
        """
        self._require_not_before(on)
        return self._derived(self.state.dated_facts, as_of or on)

    def _require_new(self, fact_id: str) -> None:
        if self.state.fact(fact_id) is not None:
            raise FactRepeated("Facts have identifiers of their own.", field="facts", id=fact_id)

    def _derived_with(self, fact: RecordedFact, on: date) -> Position:
        return self._derived([*self.state.dated_facts, fact.as_fact(sequence=self.version + 1)], on)

    def _derived(self, facts: list[Fact], on: date) -> Position:
        return derive(self.state.servicing_terms, facts, on=on)

    def _age_if_running(self, on: date, position: Position | None = None) -> None:
        if MATRIX[self.state.status, "catch_up"] == EVENT:
            self._age(on, position)

    def _end_rest(self, on: date, fact: RecordedFact | None = None) -> None:
        """Let what may still be called end with the loan, by a decision, or by its time."""
        is_running = self.state.status in (LoanStatus.ACTIVE, LoanStatus.OVERDUE)
        parts = self.state.parts
        cause = rest_ends(parts, on=on, is_running=is_running, fact=fact)
        if parts is not None and cause is not None:
            self._record((LoanRestEnded, {"amount_minor": parts.rest_minor, "cause": cause}), on)

    def _age(self, on: date, position: Position | None = None) -> None:
        self._end_rest(on)
        recording = recording_of(position or self.position(on), self.state)
        if not recording.says_nothing_new(self.state):
            self._record((LoanAged, vars(recording)), on)
            self._end_rest(on)  # an overpayment that waited may have ended the loan

    def _take(self, fact: RecordedFact, on: date, after: Position) -> Recording:
        recording = recording_of(after, self.state)
        payload = {**vars(recording), "fact": fact, "value_date": fact.value_date}
        payload["amount_minor"] = fact.amount_minor
        self._record((FACT_EVENTS[fact.kind], payload), on)
        return recording

    def _permit(self, command: str, on: date) -> None:
        require_permitted(status=self.state.status, command=command)
        self._require_not_before(on)

    def _require_not_before(self, on: date) -> None:
        as_of = self.state.as_of
        if as_of is not None and on < as_of:
            raise EffectiveDateTooEarly(
                "The loan already holds an event of a later date.",
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
