"""Why a balance of a loan is what it is: the postings that sum to it.

Owns: for one component of a loan's books, every event that moved it, with who caused it and why, and what the
closes of days added, by month.
Refuses to know: who asks, and how an answer is shown. The sum is compared with the balance that the loan's
own state holds; nothing is made to fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from ledger.accrual_models import AccrualRow
from ledger.domain.accrual import COMPOUND, INTEREST, PENALTY
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_growth import MEMO, OFF_BOOKS, grown
from ledger.domain.servicing.books import CREDITS
from ledger.eventstore.shards import shard_of
from ledger.loan_fact_queries import loan_account
from ledger.models import EsEvent, Loan
from ledger.postings import ACCOUNTS
from ledger.queries import open_date_of

COMPONENTS: Final = tuple(ACCOUNTS)
# What the closes of days add to a component.
_GROWN_BY: Final[dict[str, tuple[str, ...]]] = {
    "interest_receivable": (INTEREST,),
    "interest_income": (INTEREST,),
    "penalty_receivable": (PENALTY, COMPOUND),
    "penalty_income": (PENALTY, COMPOUND),
    "memo_nonaccrual_interest": tuple(MEMO + kind for kind in (INTEREST, PENALTY, COMPOUND)),
    "memo_charged_off": tuple(OFF_BOOKS + kind for kind in (INTEREST, PENALTY, COMPOUND)),
}


@dataclass(frozen=True, kw_only=True)
class PostingShown:
    """One posting of an event; ``amount_minor`` is above zero where the balance grew.

    ``fact_id``, ``kind``, ``reason`` and ``value_date`` are those of the fact, where the event records one.
    """

    posting_date: date
    shard: int
    pos: int
    topic: str
    recorded_at: datetime
    actor: str
    command: str
    key: str
    fact_id: str | None
    kind: str | None
    reason: str
    value_date: date | None
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class AccruedShown:
    """What the closes of one month's days posted; ``days`` counts rows of the sub-ledger."""

    month: date
    kind: str
    days: int
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A balance on the open date. ``total_minor`` sums postings and accruals; it equals ``balance_minor``."""

    loan_id: UUID
    component: str
    account: str
    side: str
    currency: str
    as_of: date
    product_code: str
    product_version: int
    postings: tuple[PostingShown, ...]
    accruals: tuple[AccruedShown, ...]
    total_minor: int
    balance_minor: int


def explanation(*, loan: Loan, component: str) -> Explanation:
    """Return why a component of a loan's books has its balance on the open date. Refuses NotFound."""
    account, on = loan_account(loan.id), open_date_of(loan.id)
    postings, accruals = tuple(_postings(loan.id, component)), tuple(_accruals(loan.id, component))
    return Explanation(
        loan_id=loan.id,
        component=component,
        account=ACCOUNTS[component],
        side="credit" if component in CREDITS else "debit",
        currency=loan.currency,
        as_of=on,
        product_code=loan.product_code,
        product_version=loan.product_version,
        postings=postings,
        accruals=accruals,
        total_minor=sum(one.amount_minor for one in postings) + sum(one.amount_minor for one in accruals),
        balance_minor=_balance(account, component, on),
    )


def _balance(loan: LoanAccount, component: str, on: date) -> int:
    state = loan.state
    balance: int = getattr(grown(state.books, state.accruals, since=state.as_of or on, until=on), component)
    return balance


def _postings(loan_id: UUID, component: str) -> list[PostingShown]:
    events = EsEvent.objects.filter(shard=shard_of(loan_id), originator_id=loan_id)
    return [
        _posting(event, amount)
        for event in events.order_by("originator_version")
        if (amount := _moved(event.state, component))
    ]


def _moved(state: dict[str, Any], component: str) -> int:
    return sum(
        int(one["amount_minor"]) for one in state.get("adjustments", ()) if one["component"] == component
    )


def _posting(event: EsEvent, amount_minor: int) -> PostingShown:
    fact, meta = event.state.get("fact"), event.meta
    return PostingShown(
        posting_date=event.effective_date,
        shard=event.shard,
        pos=event.pos,
        topic=event.topic,
        recorded_at=event.recorded_at,
        actor=meta.get("actor", ""),
        command=meta.get("command", ""),
        key=meta.get("key", ""),
        fact_id=fact["id"] if fact else None,
        kind=fact["kind"] if fact else None,
        reason=fact["reason"] if fact else "",
        value_date=date.fromisoformat(fact["value_date"]) if fact else None,
        amount_minor=amount_minor,
    )


def _accruals(loan_id: UUID, component: str) -> list[AccruedShown]:
    rows = AccrualRow.objects.filter(
        shard=shard_of(loan_id), loan_id=loan_id, kind__in=_GROWN_BY.get(component, ())
    )
    months = (
        rows.annotate(month=TruncMonth("business_date"))
        .values("month", "kind")
        .annotate(days=Count("business_date"), amount=Sum("amount_minor"))
        .order_by("month", "kind")
    )
    return [
        AccruedShown(month=row["month"], kind=row["kind"], days=row["days"], amount_minor=int(row["amount"]))
        for row in months
    ]
