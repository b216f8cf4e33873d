"""Which facts a loan holds, as they were recorded, and which of them are reversed.

Owns: reading them from the event store with who recorded them and when. Refuses to know: what facts lead to,
who asks, and how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_events import FACT_TOPICS
from ledger.domain.loan_record import FactKind
from ledger.eventstore.shards import shard_of
from ledger.eventstore.unit_of_work import NotFound, replay
from ledger.models import EsEvent

REVERSALS: Final = (
    FactKind.PAYMENT_REVERSED,
    FactKind.DISBURSEMENT_REVERSED,
    FactKind.CHARGE_OFF_UNDONE,
    FactKind.SALE_UNDONE,
    FactKind.CHANGE_UNDONE,
)
_REVERSING_TOPICS: Final = tuple(f"loan.{kind}" for kind in REVERSALS)


@dataclass(frozen=True, kw_only=True)
class FactShown:
    """One fact; ``effective_date`` is the business date it was posted on, ``value_date`` when it counts."""

    fact_id: str
    kind: str
    sequence: int
    value_date: date
    effective_date: date
    recorded_at: datetime
    actor: str
    command: str
    reason: str
    currency: str
    amount_minor: int | None
    details: dict[str, Any]
    plan: dict[str, Any] | None
    source_account_id: str | None
    reversed_by: str | None
    reversed_from: date | None


def fact_events(*, loan_id: UUID) -> QuerySet[EsEvent]:
    """Return the events that recorded facts of a loan."""
    return EsEvent.objects.filter(shard=shard_of(loan_id), originator_id=loan_id, topic__in=FACT_TOPICS)


def facts_shown(events: Iterable[EsEvent], *, loan_id: UUID) -> list[FactShown]:
    """Return facts with what reverses them, whichever events they came by."""
    reversals = {
        event.state["fact"]["details"]["of"]: event.state["fact"]
        for event in fact_events(loan_id=loan_id).filter(topic__in=_REVERSING_TOPICS)
    }
    return [_shown(event, reversals.get(event.state["fact"]["id"])) for event in events]


def loan_account(loan_id: UUID) -> LoanAccount:
    """Return a loan folded from its events. Refuses NotFound."""
    account = replay(LoanAccount, loan_id)
    if account is None:
        raise NotFound("There is no such loan.")
    return account


def _shown(event: EsEvent, reversal: dict[str, Any] | None) -> FactShown:
    fact, meta = event.state["fact"], event.meta
    aside = ("amount_minor",)
    return FactShown(
        fact_id=fact["id"],
        kind=fact["kind"],
        sequence=event.originator_version,
        value_date=date.fromisoformat(fact["value_date"]),
        effective_date=event.effective_date,
        recorded_at=event.recorded_at,
        actor=meta.get("actor", ""),
        command=meta.get("command", ""),
        reason=fact["reason"],
        currency=event.state["currency"],
        amount_minor=fact["details"].get("amount_minor"),
        details={name: value for name, value in fact["details"].items() if name not in aside},
        plan=fact["plan"],
        source_account_id=fact["source_account_id"] or None,
        reversed_by=reversal["id"] if reversal else None,
        reversed_from=date.fromisoformat(reversal["value_date"]) if reversal else None,
    )
