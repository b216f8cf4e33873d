"""A proposal: a fact that one person asks for and another one decides on, once.

Owns: that whoever proposed does not approve, that what is approved is what was proposed, and that a decision
is final. Refuses to know: roles, and what the fact does to the loan.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ledger.domain.loan_record import RecordedFact
from ledger.domain.proposal_events import (
    PROPOSAL_EVENTS,
    ProposalApproved,
    ProposalMade,
    ProposalRejected,
    ProposalState,
    ProposalStatus,
)
from ledger.domain.servicing.differing import Adjustment
from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.refusals import Refusal, RefusalKind


class ProposalUnknown(Refusal):
    """Nothing was proposed."""

    code = "LEDGER_PROPOSAL_UNKNOWN"
    kind = RefusalKind.NOT_FOUND


class ProposalAlreadyMade(Refusal):
    """A proposal is made once; another wish is another proposal."""

    code = "LEDGER_PROPOSAL_ALREADY_MADE"


class ProposalAlreadyDecided(Refusal):
    """The proposal was approved or rejected before."""

    code = "LEDGER_PROPOSAL_ALREADY_DECIDED"


class ProposalChanged(Refusal):
    """What would be approved is not what was proposed; the approval is void."""

    code = "LEDGER_PROPOSAL_CHANGED"


class ApprovalBySamePerson(Refusal):
    """Whoever proposed does not approve."""

    code = "LEDGER_APPROVAL_BY_SAME_PERSON"
    kind = RefusalKind.FORBIDDEN


@aggregate_stream("proposal")
class Proposal(Aggregate[ProposalState]):
    """One proposed fact, in the states and by the commands of ``proposal_matrix``."""

    State = ProposalState

    def make(
        self,
        *,
        effective_date: date,
        entity_id: UUID,
        loan_id: UUID,
        line_id: UUID,
        account_ids: tuple[UUID, ...],
        currency: str,
        fact: RecordedFact,
        effect: tuple[Adjustment, ...],
        fingerprint: str,
        proposed_by: str,
    ) -> None:
        """Ask for a fact. Refuses ProposalAlreadyMade."""
        if self.state.status is not ProposalStatus.ABSENT:
            raise ProposalAlreadyMade("This was proposed before.")
        self.trigger(
            ProposalMade,
            effective_date=effective_date,
            entity_id=entity_id,
            loan_id=loan_id,
            line_id=line_id,
            account_ids=account_ids,
            currency=currency,
            fact=fact,
            effect=effect,
            fingerprint=fingerprint,
            proposed_by=proposed_by,
        )

    def require_approvable(self, *, fingerprint: str, approved_by: str) -> None:
        """Refuse ProposalUnknown, ProposalAlreadyDecided, ApprovalBySamePerson and ProposalChanged."""
        self._require_pending()
        if approved_by == self.state.proposed_by:
            raise ApprovalBySamePerson("Another person approves what you proposed.", field="proposal_id")
        if fingerprint != self.state.fingerprint:
            raise ProposalChanged(
                "This is not what was proposed; read the proposal again.", field="fingerprint"
            )

    def approve(self, *, effective_date: date, fingerprint: str, fact_id: str, approved_by: str) -> None:
        """Agree, once the fact has been recorded. Refuses what ``require_approvable`` refuses."""
        self.require_approvable(fingerprint=fingerprint, approved_by=approved_by)
        self.trigger(
            ProposalApproved,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            loan_id=self.state.loan_id,
            fingerprint=fingerprint,
            fact_id=fact_id,
            approved_by=approved_by,
        )

    def reject(self, *, effective_date: date, reason: str, rejected_by: str) -> None:
        """Turn it down; whoever proposed may take it back. Refuses ProposalUnknown, ProposalAlreadyDecided."""
        self._require_pending()
        self.trigger(
            ProposalRejected,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            loan_id=self.state.loan_id,
            rejected_by=rejected_by,
            reason=reason,
        )

    def _require_pending(self) -> None:
        if self.state.status is ProposalStatus.ABSENT:
            raise ProposalUnknown("There is no such proposal.", field="proposal_id")
        if self.state.status is not ProposalStatus.PENDING:
            raise ProposalAlreadyDecided(f"This proposal was {self.state.status}.", field="proposal_id")


for _topic, _event_class in PROPOSAL_EVENTS.items():
    event_of(Proposal, _topic)(_event_class)
