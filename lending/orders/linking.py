"""From the sellers of an order file to linked shop accounts.

Owns: which entity a seller belongs to, and registering and linking what is new. An account that is
linked already stays where it is. Refuses to know: single order lines and sales.

The entity is the file's entity_id, else the one that ``grouping`` names, else the seller itself.
Its country is not in the file; the first two letters of an ISO 4217 currency name it well enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection

from ledger.eventstore.commands import Actor, Command
from ledger.eventstore.processor import execute
from ledger.eventstore.shards import entity_id_for
from ledger.kernel.refusals import Refusal
from lending.commands.register_entity import LinkAccount, RegisterEntity
from lending.orders.seller_sales import SellerSales
from lending.projections.entities import AccountLinkedElsewhere

_ACCOUNTS = (
    "SELECT platform, external_id, id, entity_id FROM shop_account"
    " WHERE (platform, external_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))"
)
_ENTITIES = (
    "SELECT e.id, EXISTS (SELECT 1 FROM shop_account a WHERE a.entity_id = e.id AND a.role = 'master')"
    " FROM legal_entity e WHERE e.id = ANY (%s)"
)


class NamesSeller(Protocol):
    """Whatever names a seller: a line of a file or the sum of many."""

    @property
    def platform(self) -> str | None:
        """The marketplace, where the file names it."""

    @property
    def seller_id(self) -> str:
        """The seller's name on it."""


class Shop(NamedTuple):
    """A shop account as the world knows it."""

    platform: str
    seller_id: str


@dataclass(frozen=True, slots=True)
class Account:
    """A linked shop account."""

    id: UUID
    entity_id: UUID


@dataclass
class Linker:
    """Links the sellers of one file; ``accounts`` gives each shop its account, or why it has none."""

    actor: Actor
    import_id: UUID
    as_of: date
    platform: str
    accounts: dict[Shop, Account | Refusal] = field(default_factory=dict)
    entities_new: int = 0
    accounts_new: int = 0
    # Entities known so far, and whether they have a master account.
    _entities: dict[UUID, bool] = field(default_factory=dict)
    _refused: dict[UUID, Refusal] = field(default_factory=dict)

    def account_of(self, named: NamesSeller) -> Account | Refusal:
        """Return the account of a seller that was linked, or why it has none."""
        return self.accounts[self._shop(named)]

    def link_all(self, sellers: Iterable[SellerSales], *, grouping: Mapping[str, str]) -> None:
        """Give every seller an account, registering entities and linking accounts that are new."""
        by_shop: dict[Shop, list[SellerSales]] = {}
        for sales in sellers:
            by_shop.setdefault(self._shop(sales), []).append(sales)
        named = {shop: rows[0].entity_id or grouping.get(shop.seller_id) for shop, rows in by_shop.items()}
        known = self._known_accounts(by_shop)
        self._read_entities(entity_id_for(named[shop] or _own_name(shop)) for shop in by_shop)
        for shop, rows in by_shop.items():
            self.accounts[shop] = self._account_for(shop, rows, named[shop], known.get(shop))

    def _shop(self, named: NamesSeller) -> Shop:
        return Shop(named.platform or self.platform, named.seller_id)

    def _account_for(
        self, shop: Shop, rows: list[SellerSales], named: str | None, known: Account | None
    ) -> Account | Refusal:
        if known is not None:
            elsewhere = named is not None and entity_id_for(named) != known.entity_id
            return AccountLinkedElsewhere(AccountLinkedElsewhere.__doc__ or "") if elsewhere else known
        name = named or _own_name(shop)
        refusal = self._ensure_entity(entity_id_for(name), name, currency=rows[0].currency)
        return refusal or self._link(entity_id_for(name), shop, min(row.first_order_on for row in rows))

    def _ensure_entity(self, entity_id: UUID, name: str, *, currency: str) -> Refusal | None:
        if entity_id in self._entities:
            return None
        if entity_id not in self._refused:
            command = RegisterEntity(reference=name, country=currency[:2], currency=currency)
            refusal = self._give(command, f"entity:{entity_id}")
            if refusal is None:
                self.entities_new += 1
                self._entities[entity_id] = False
                return None
            self._refused[entity_id] = refusal
        return self._refused[entity_id]

    def _link(self, entity_id: UUID, shop: Shop, first_order_on: date) -> Account | Refusal:
        """Link an account: the entity's first is its master, and the first order stands for its opening."""
        command = LinkAccount(
            entity_id=entity_id,
            platform=shop.platform,
            external_id=shop.seller_id,
            role="sub" if self._entities[entity_id] else "master",
            opened_on=first_order_on,
            consent_granted_on=self.as_of,
        )
        refusal = self._give(command, f"account:{command.account_id}")
        if refusal is not None:
            return refusal
        self._entities[entity_id] = True
        self.accounts_new += 1
        return Account(command.account_id, entity_id)

    def _give(self, command: Command, subject: str) -> Refusal | None:
        return execute(command, actor=self.actor, key=f"orders:{self.import_id}:{subject}").refusal

    def _known_accounts(self, shops: Collection[Shop]) -> dict[Shop, Account]:
        platforms, names = [shop.platform for shop in shops], [shop.seller_id for shop in shops]
        with connection.cursor() as cursor:
            cursor.execute(_ACCOUNTS, (platforms, names))
            return {Shop(platform, name): Account(*rest) for platform, name, *rest in cursor.fetchall()}

    def _read_entities(self, entity_ids: Iterable[UUID]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ENTITIES, (list(entity_ids),))
            self._entities.update(cursor.fetchall())


def _own_name(shop: Shop) -> str:
    """Return the reference of a seller that is an entity of its own."""
    return f"{shop.platform}:{shop.seller_id}"
