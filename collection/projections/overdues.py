"""Overdue history and notices as rows.

Owns: the tables overdue_instalment and notice. Refuses to know: any rule; each statement copies what the
event says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ledger.domain import loan_events
from ledger.domain.loan_record import RecordedRow
from ledger.domain.settlement_account_events import SettlementDeducted
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, upsert
from ledger.eventstore.shards import shard_of
from lending.domain.entity_events import EntityBlacklisted

projection_table("overdue_instalment", key=("loan_id", "name"))
projection_table("notice", key=("originator_id", "originator_version"))

WITHDRAW = "DELETE FROM overdue_instalment WHERE loan_id = %s AND name = ANY (%s)"


@projects(*loan_events.MOVING_TOPICS)
def loan_moved(event: loan_events.LoanMoved) -> Iterable[Statement]:
    """Keep the history of rows paid late, by value dates, and owe a notice for those that are newly overdue."""
    if event.no_longer_overdue:
        yield Statement(WITHDRAW, (event.originator_id, list(event.no_longer_overdue)))
    late = [row for row in event.rows if row.overdue_since]
    if late:
        yield upsert("overdue_instalment", [_row(event, row) for row in late], key=("loan_id", "name"))
    new = [row for row in late if row.name in event.became_overdue]
    if new:
        amount = sum(row.unpaid_minor for row in new)
        yield _notice(
            event, "instalment_overdue", event.entity_id, event.account_id, event.originator_id, amount
        )


@projects("settlement.deducted")
def deducted(event: SettlementDeducted) -> Iterable[Statement]:
    """Owe the borrower a notice for each account that was debited for an overdue loan."""
    if event.reason == "linked_deduction":
        yield _notice(
            event,
            "linked_account_debited",
            event.entity_id,
            event.account_id,
            event.loan_id,
            event.amount_minor,
        )


@projects("settlement.debited")
def debited(event: Any) -> Iterable[Statement]:
    """The loan's own account is told as well when its overdue debt is collected."""
    if event.reason == "linked_deduction":
        yield _notice(
            event, "own_account_debited", event.entity_id, event.account_id, event.loan_id, event.amount_minor
        )


@projects("entity.blacklisted")
def blacklisted(event: EntityBlacklisted) -> Iterable[Statement]:
    """Owe the borrower a notice."""
    yield _notice(event, "blacklisted", event.originator_id, None, None, None)


def _row(event: loan_events.LoanMoved, row: RecordedRow) -> dict[str, Any]:
    return {
        "loan_id": event.originator_id,
        "name": row.name,
        "number": row.number,
        "shard": shard_of(event.originator_id),
        "entity_id": event.entity_id,
        "due_on": row.due_on,
        "overdue_since": row.due_on + timedelta(days=1),
        "passed_grace_on": row.penalised_on,
        "cured_on": row.settled_on,
    }


def _notice(
    event: Any, kind: str, entity_id: Any, account_id: Any, loan_id: Any, amount_minor: int | None
) -> Statement:
    return insert(
        "notice",
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        shard=shard_of(event.originator_id),
        entity_id=entity_id,
        account_id=account_id,
        loan_id=loan_id,
        kind=kind,
        effective_date=event.effective_date,
        currency=getattr(event, "currency", None),
        amount_minor=amount_minor,
    )
