"""Questions about loans, and whose rows an answer may hold.

Owns: the scope that every query of every app takes, and the reads of loans, plans, payments and events.
Refuses to know: who asks (the caller has made a scope of it) and how an answer is shown.
A row outside the scope does not exist: the refusal is the same as for an identifier nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from ledger.eventstore.processor import BooksNotOpen
from ledger.eventstore.shards import shard_of
from ledger.eventstore.unit_of_work import NotFound
from ledger.models import EsEvent, EsShard, Instalment, Loan, Repayment
from ledger.proposal_models import Proposal

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Scope:
    """Whose rows may be seen: those of one entity, or everybody's when ``entity_id`` is None."""

    entity_id: UUID | None

    def of(self, rows: QuerySet[M], *, column: str = "entity_id") -> QuerySet[M]:
        """Return the rows that lie within the scope."""
        return rows if self.entity_id is None else rows.filter(**{column: self.entity_id})


EVERYTHING = Scope(None)


def loans(*, scope: Scope, status: str | None = None, entity_id: UUID | None = None) -> QuerySet[Loan]:
    """Return loans, narrowed by status or entity."""
    wanted = {"status": status, "entity_id": entity_id}
    return scope.of(
        Loan.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    )


def loan(*, scope: Scope, loan_id: UUID) -> Loan:
    """Return one loan. Refuses NotFound."""
    return found(scope.of(Loan.objects.filter(id=loan_id)), what="loan")


def found(rows: QuerySet[M], *, what: str, field: str | None = None) -> M:
    """Return the one row there may be. Refuses NotFound."""
    row = rows.first()
    if row is None:
        raise NotFound(f"There is no such {what}.", field=field)
    return row


def plan(*, loan_id: UUID, superseded: bool = False) -> QuerySet[Instalment]:
    """Return the repayment plan in force, or with ``superseded`` the rows of every version."""
    rows = Instalment.objects.filter(loan_id=loan_id)
    return rows if superseded else rows.filter(superseded_by__isnull=True)


def repayments(*, loan_id: UUID) -> QuerySet[Repayment]:
    """Return what was paid on a loan."""
    return Repayment.objects.filter(loan_id=loan_id)


def open_date_of(identifier: UUID) -> date:
    """Return the business date that is open where an object lives. Refuses BooksNotOpen."""
    shard = EsShard.objects.filter(shard=shard_of(identifier)).first()
    if shard is None or shard.open_date is None:
        raise BooksNotOpen("No business date is open; the books have not been opened.")
    return shard.open_date


def timeline(*, loan_id: UUID) -> QuerySet[EsEvent]:
    """Return the events of a loan."""
    return EsEvent.objects.filter(shard=shard_of(loan_id), originator_id=loan_id)


def proposals(*, status: str | None = None, loan_id: UUID | None = None) -> QuerySet[Proposal]:
    """Return proposals, narrowed by status or loan; they are the lender's own business, so no scope is asked."""
    wanted = {"status": status, "loan_id": loan_id}
    return Proposal.objects.filter(**{name: value for name, value in wanted.items() if value is not None})


def proposal(*, proposal_id: UUID) -> Proposal:
    """Return one proposal. Refuses NotFound."""
    return found(Proposal.objects.filter(id=proposal_id), what="proposal", field="proposal_id")


def deciding_names(proposal_id: UUID | str) -> dict[str, Any]:
    """Return what every decision on a proposal names: it, and what carrying it out locks. Refuses NotFound."""
    row = found(Proposal.objects.filter(id=proposal_id), what="proposal", field="proposal_id")
    return {
        "proposal_id": row.id,
        "line_id": row.line_id,
        "account_ids": tuple(UUID(account) for account in row.account_ids),
    }
