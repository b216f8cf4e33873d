"""A credit line, and an entity with its loans and accounts, on any day by what was known at any moment.

Owns: folding their streams up to a business date and a recorded moment. Refuses to know: how a loan's position
is derived, who asks, and how an answer is shown.
A line and an account follow business dates, so a day shows what had been posted by its end; a loan follows
value dates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from ledger.book_moment import BookMoment
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.shards import shard_of
from ledger.known_at import Bound, MomentNotKnown, as_known
from ledger.loan_positions import PositionShown, day_asked, settled_position
from ledger.models import Loan
from ledger.queries import open_date_of
from lending.domain.credit_line import CreditLine
from lending.models import CreditLine as CreditLineRow
from lending.models import ShopAccount

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class LinePosition:
    """A line after the events of a day, as known then. Amounts in minor units."""

    line_id: UUID
    entity_id: UUID | None
    as_of: date
    known_at: datetime | None
    currency: str
    status: str
    limit_minor: int
    reserved_minor: int
    drawn_minor: int
    available_minor: int


@dataclass(frozen=True, kw_only=True)
class AccountPosition:
    """A settlement account after the events of a day, as known then."""

    account_id: UUID
    currency: str
    balance_minor: int
    reserved_minor: int
    available_minor: int


@dataclass(frozen=True, kw_only=True)
class EntityPosition:
    """What an entity owed and held."""

    entity_id: UUID
    as_of: date
    known_at: datetime | None
    lines: tuple[LinePosition, ...]
    loans: tuple[PositionShown, ...]
    accounts: tuple[AccountPosition, ...]


def line_position(
    *, line_id: UUID, as_of: date | None = None, known_at: datetime | None = None
) -> LinePosition:
    """Return a line's position; on the open date unless a day is named.

    Refuses NotFound, MomentNotKnown, KnownAtInFuture, Busy.
    """
    day = as_of or open_date_of(line_id)
    BookMoment(known_at=known_at).settle(shard=shard_of(line_id))
    return _line_position(line_id, Bound(known_at, day), day)


def _line_position(line_id: UUID, bound: Bound, day: date) -> LinePosition:
    line = as_known(CreditLine, line_id, bound)
    return LinePosition(
        line_id=line.id,
        entity_id=line.state.entity_id,
        as_of=day,
        known_at=bound.known_at,
        currency=line.state.currency,
        status=line.state.status,
        limit_minor=line.state.limit_minor,
        reserved_minor=line.state.reserved_minor,
        drawn_minor=line.state.drawn_minor,
        available_minor=line.available_minor,
    )


def entity_position(
    *, entity_id: UUID, as_of: date | None = None, known_at: datetime | None = None
) -> EntityPosition:
    """Return an entity's position; what was not known then, or began later, is left out.

    Refuses KnownAtInFuture, PositionDateTooFar, Busy.
    """
    day = day_asked(entity_id, as_of)
    bound = Bound(known_at, day)
    BookMoment(known_at=known_at).settle(shard=shard_of(entity_id))
    begun = Loan.objects.filter(entity_id=entity_id, requested_on__lte=day).order_by("requested_on", "id")
    return EntityPosition(
        entity_id=entity_id,
        as_of=day,
        known_at=known_at,
        lines=_known(
            lambda key: _line_position(key, bound, day),
            CreditLineRow.objects.filter(entity_id=entity_id).order_by("id"),
        ),
        loans=_known(lambda key: settled_position(key, on=day, known_at=known_at), begun),
        accounts=_known(
            lambda key: _account_position(key, bound),
            ShopAccount.objects.filter(entity_id=entity_id).order_by("id"),
        ),
    )


def _known(position: Callable[[UUID], T], rows: QuerySet[Any]) -> tuple[T, ...]:
    """Return the positions of the rows that the books knew then."""
    found = []
    for key in rows.values_list("id", flat=True):
        try:
            found.append(position(key))
        except MomentNotKnown:
            continue
    return tuple(found)


def _account_position(account_id: UUID, bound: Bound) -> AccountPosition:
    account = as_known(SettlementAccount, account_id, bound)
    return AccountPosition(
        account_id=account.id,
        currency=account.state.currency,
        balance_minor=account.state.balance_minor,
        reserved_minor=account.state.reserved_minor,
        available_minor=account.available_minor,
    )
