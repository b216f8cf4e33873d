"""Withdrawals as rows.

Owns: the table withdrawal, and what is held on the account's row while one waits for the bank.
Refuses to know: any rule; each statement copies what the event says. What the first version of
``settlement.withdrawn`` paid out had no request, and has no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ledger.domain import settlement_account_events as facts
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, update
from ledger.eventstore.shards import shard_of
from ledger.projections.settlement import HOLD

projection_table("withdrawal", key=("reference",))

# Nothing is held where no request stands: the hold that ends is the one that the row has begun.
END_HOLD = (
    "UPDATE settlement_account SET reserved_minor = reserved_minor - coalesce("
    "(SELECT amount_minor FROM withdrawal WHERE account_id = %s AND reference = %s AND status = 'requested'), 0)"
    " WHERE id = %s"
)


@projects("settlement.withdrawal_requested")
def requested(event: facts.SettlementWithdrawalRequested) -> Iterable[Statement]:
    """Add the withdrawal and hold its amount."""
    yield insert(
        "withdrawal",
        reference=event.reference,
        shard=shard_of(event.originator_id),
        account_id=event.originator_id,
        entity_id=event.entity_id,
        currency=event.currency,
        amount_minor=event.amount_minor,
        status="requested",
        requested_on=event.effective_date,
        bank_reference="",
        reason="",
    )
    yield Statement(HOLD, (event.amount_minor, event.originator_id))


@projects("settlement.withdrawn")
def paid(event: facts.SettlementWithdrawn) -> Iterable[Statement]:
    """End the hold, and note when the bank paid and under which reference."""
    yield _hold_ended(event.originator_id, event.reference)
    yield update(
        "withdrawal",
        where={"account_id": event.originator_id, "reference": event.reference},
        status="paid",
        decided_on=event.effective_date,
        bank_reference=event.bank_reference,
    )


@projects("settlement.withdrawal_failed")
def failed(event: facts.SettlementWithdrawalFailed) -> Iterable[Statement]:
    """End the hold, and note why the bank did not pay."""
    yield _hold_ended(event.originator_id, event.reference)
    yield update(
        "withdrawal",
        where={"account_id": event.originator_id, "reference": event.reference},
        status="failed",
        decided_on=event.effective_date,
        reason=event.reason,
    )


def _hold_ended(account_id: UUID, reference: str) -> Statement:
    return Statement(END_HOLD, (account_id, reference, account_id))
