"""The events of a proposal, and the state they fold into.

Owns: what is kept of a proposed fact, of who asked for it, and of who decided. Refuses to know: what the fact
does to the loan; approving it records the fact itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ledger.domain.loan_record import RecordedFact
from ledger.domain.servicing.differing import Adjustment
from ledger.kernel.aggregate import DomainEvent


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    ABSENT = "absent"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass
class ProposalState:
    """What is true of a proposal; ``fingerprint`` stands for everything that was asked for."""

    status: ProposalStatus = ProposalStatus.ABSENT
    entity_id: UUID | None = None
    loan_id: UUID | None = None
    line_id: UUID | None = None
    account_ids: tuple[UUID, ...] = ()
    currency: str = ""
    fact: RecordedFact | None = None
    fingerprint: str = ""
    proposed_by: str = ""


class ProposalEvent(DomainEvent):
    """What every event of a proposal carries."""

    entity_id: UUID
    loan_id: UUID


class ProposalMade(ProposalEvent):
    """One person asked for a fact that gives money away; it is recorded only if another one agrees.

    ``effect`` is what it would have changed in the loan's books when it was asked for.
    """

    line_id: UUID
    account_ids: tuple[UUID, ...]
    currency: str
    fact: RecordedFact
    effect: tuple[Adjustment, ...]
    fingerprint: str
    proposed_by: str

    def apply(self, state: ProposalState) -> None:
        """Keep the whole request."""
        state.status = ProposalStatus.PENDING
        state.entity_id, state.loan_id, state.line_id = self.entity_id, self.loan_id, self.line_id
        state.account_ids, state.currency, state.fact = self.account_ids, self.currency, self.fact
        state.fingerprint, state.proposed_by = self.fingerprint, self.proposed_by


class ProposalApproved(ProposalEvent):
    """Another person agreed; the fact was recorded in the same commit under ``fact_id``."""

    fingerprint: str
    fact_id: str
    approved_by: str

    def apply(self, state: ProposalState) -> None:
        """Close the proposal."""
        state.status = ProposalStatus.APPROVED


class ProposalRejected(ProposalEvent):
    """Somebody turned the proposal down, or whoever made it took it back."""

    rejected_by: str
    reason: str

    def apply(self, state: ProposalState) -> None:
        """Close the proposal."""
        state.status = ProposalStatus.REJECTED


PROPOSAL_EVENTS: dict[str, type[ProposalEvent]] = {
    "proposal.made": ProposalMade,
    "proposal.approved": ProposalApproved,
    "proposal.rejected": ProposalRejected,
}
