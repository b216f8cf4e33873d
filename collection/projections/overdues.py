"""Overdue history and notices as rows.

Owns: the tables overdue_instalment and notice. Refuses to know: any rule; each statement copies what the
event says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.domain import loan_events
from ledger.domain.settlement_account_events import SettlementDeducted
from ledger.eventstore.projecting import Statement, insert, projection_table, projects
from ledger.eventstore.shards import shard_of
from lending.domain.entity_events import EntityBlacklisted

projection_table("overdue_instalment", key=("loan_id", "number"))
projection_table("notice", key=("originator_id", "originator_version"))

PASSED_GRACE = "UPDATE overdue_instalment SET passed_grace_on = %s WHERE loan_id = %s AND number = %s"
CURE_PAID = (
    "UPDATE overdue_instalment o SET cured_on = %s FROM instalment i WHERE o.loan_id = %s AND o.cured_on IS NULL"
    " AND i.loan_id = o.loan_id AND i.number = o.number AND i.superseded_by IS NULL AND i.paid_on IS NOT NULL"
)


@projects("loan.overdue")
def overdue(event: loan_events.LoanOverdue) -> Iterable[Statement]:
    """Add the instalment to the history and owe the borrower a notice."""
    yield insert(
        "overdue_instalment",
        loan_id=event.originator_id,
        number=event.number,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        due_on=event.due_on,
        overdue_since=event.effective_date,
    )
    amount = event.principal_minor + event.interest_minor
    yield _notice(event, "instalment_overdue", event.entity_id, event.account_id, event.originator_id, amount)


@projects("loan.penalty_started")
def passed_grace(event: loan_events.LoanPenaltyStarted) -> Iterable[Statement]:
    """From now on the overdue counts."""
    yield Statement(PASSED_GRACE, (event.effective_date, event.originator_id, event.number))


@projects("loan.repaid")
def repaid(event: loan_events.LoanRepaid) -> Iterable[Statement]:
    """Mark overdue instalments that this payment completed."""
    yield Statement(CURE_PAID, (event.effective_date, event.originator_id))


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
