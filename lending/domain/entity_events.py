"""What can happen to a borrowing entity, and the state it folds into.

Owns: the events of the stream "entity", the linked account with its consent, and turnover by month.
Refuses to know: names, documents and phone numbers; an entity is a reference here and nothing more.
Turnover is what the entity sold for goods; freight is passed on to carriers and is not revenue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from ledger.kernel.aggregate import DomainEvent


@dataclass(frozen=True)
class Consent:
    """The seller's permission to use one source of data for one purpose."""

    source: str
    purpose: str
    granted_on: date


@dataclass(frozen=True)
class LinkedAccount:
    """A shop account of the entity on one platform; master or sub is its relation to the entity."""

    account_id: UUID
    platform: str
    external_id: str
    role: str
    opened_on: date
    consent: Consent

    @property
    def identity(self) -> str:
        """Return the account as it is listed on a blacklist."""
        return f"account:{self.platform}:{self.external_id}"


@dataclass(frozen=True)
class MonthTurnover:
    """Goods sold by one account in one calendar month."""

    month: str
    orders: int
    amount_minor: int


@dataclass
class EntityState:
    """An entity between two commands. Containers are replaced, never changed in place.

    ``turnover_minor`` is the estimate by month over all accounts and batches: what was seen, times
    the sampling factor of its batch. ``orders_seen`` counts the orders that were really in the files.
    """

    reference: str = ""
    country: str = ""
    currency: str = ""
    accounts: tuple[LinkedAccount, ...] = ()
    turnover_minor: dict[str, int] = field(default_factory=dict)
    orders_seen: dict[str, int] = field(default_factory=dict)
    first_order_on: date | None = None
    last_order_on: date | None = None
    batches: tuple[str, ...] = ()
    blacklisted: bool = False
    blacklist_reason: str = ""


class EntityRegistered(DomainEvent):
    """A legal entity became known to the lender."""

    TOPIC: ClassVar[str] = "entity.registered"

    reference: str
    country: str
    currency: str

    def apply(self, state: EntityState) -> None:
        """Start without accounts."""
        state.reference, state.country, state.currency = self.reference, self.country, self.currency


class EntityAccountLinked(DomainEvent):
    """A shop account was tied to the entity, with the seller's consent."""

    TOPIC: ClassVar[str] = "entity.account_linked"

    account: LinkedAccount

    def apply(self, state: EntityState) -> None:
        """Add the account."""
        state.accounts = (*state.accounts, self.account)


class EntitySalesRecorded(DomainEvent):
    """The sales of one account, from one order file, were counted in."""

    TOPIC: ClassVar[str] = "entity.sales_recorded"

    account_id: UUID
    batch_id: str
    file_sha256: str
    sampling_factor: int
    currency: str
    months: tuple[MonthTurnover, ...]
    first_order_on: date
    last_order_on: date

    def apply(self, state: EntityState) -> None:
        """Merge the months into the turnover of the entity."""
        turnover, orders = dict(state.turnover_minor), dict(state.orders_seen)
        for row in self.months:
            turnover[row.month] = turnover.get(row.month, 0) + row.amount_minor * self.sampling_factor
            orders[row.month] = orders.get(row.month, 0) + row.orders
        state.turnover_minor, state.orders_seen = turnover, orders
        state.first_order_on = min(state.first_order_on or self.first_order_on, self.first_order_on)
        state.last_order_on = max(state.last_order_on or self.last_order_on, self.last_order_on)
        state.batches = (*state.batches, *batch_keys(self.account_id, self.batch_id, self.file_sha256))


class EntityBlacklisted(DomainEvent):
    """The entity and every account of it were put on the blacklist."""

    TOPIC: ClassVar[str] = "entity.blacklisted"

    reason: str
    overdue_instalments: tuple[str, ...]
    identities: tuple[str, ...]

    def apply(self, state: EntityState) -> None:
        """Mark the entity."""
        state.blacklisted, state.blacklist_reason = True, self.reason


def batch_keys(account_id: UUID, batch_id: str, file_sha256: str) -> tuple[str, str]:
    """Return the two names under which a batch of an account is remembered: its id and its content."""
    return f"{account_id}/batch/{batch_id}", f"{account_id}/file/{file_sha256}"
