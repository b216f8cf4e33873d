"""Proposals as rows.

Owns: the table proposal. Refuses to know: any rule; each statement copies what the event says.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.domain import proposal_events as facts
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, update
from ledger.eventstore.shards import shard_of

projection_table("proposal", key=("id",))


@projects("proposal.made")
def made(event: facts.ProposalMade) -> Iterable[Statement]:
    """Add the proposal, open."""
    yield insert(
        "proposal",
        id=event.originator_id,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        loan_id=event.loan_id,
        line_id=event.line_id,
        account_ids=msgspec.json.encode(event.account_ids).decode(),
        kind=event.fact.kind.value,
        currency=event.currency,
        amount_minor=event.fact.amount_minor or None,
        value_date=event.fact.value_date,
        reason=event.fact.reason,
        fact=msgspec.json.encode(event.fact).decode(),
        effect=msgspec.json.encode(event.effect).decode(),
        fingerprint=event.fingerprint,
        status="pending",
        proposed_by=event.proposed_by,
        proposed_on=event.effective_date,
        decision_reason="",
    )


@projects("proposal.approved")
def approved(event: facts.ProposalApproved) -> Iterable[Statement]:
    """Note who agreed, and the fact that was recorded."""
    yield update(
        "proposal",
        where={"id": event.originator_id},
        status="approved",
        decided_by=event.approved_by,
        decided_on=event.effective_date,
        fact_id=event.fact_id,
    )


@projects("proposal.rejected")
def rejected(event: facts.ProposalRejected) -> Iterable[Statement]:
    """Note who turned it down, and why."""
    yield update(
        "proposal",
        where={"id": event.originator_id},
        status="rejected",
        decided_by=event.rejected_by,
        decided_on=event.effective_date,
        decision_reason=event.reason,
    )
