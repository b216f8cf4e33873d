"""Register a legal entity and link its shop accounts.

Owns: the use cases; the rules are the entity's. Each linked account gets a settlement account in which
its money is held. Refuses to know: where the data came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import entity_id_for, sibling_id
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.kernel.refusals import Refusal
from lending.domain.entity import LegalEntity
from lending.domain.entity_events import MonthTurnover


class AccountBlacklisted(Refusal):
    """The shop account is on the blacklist."""

    code = "LENDING_ACCOUNT_BLACKLISTED"


@dataclass(frozen=True, kw_only=True)
class RegisterEntity(Command):
    """Make a legal entity known. Its identifier follows from its reference."""

    name: ClassVar[str] = "register_entity"

    reference: str
    country: str
    currency: str

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return entity_id_for(self.reference)


@handles(RegisterEntity)
def register_entity(command: RegisterEntity, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the entity refuses, such as a second registration."""
    entity_id = command.home()
    entity = work.find(LegalEntity, entity_id) or LegalEntity.blank(entity_id)
    work.add(entity)
    entity.register(
        reference=command.reference,
        country=command.country,
        currency=command.currency,
        effective_date=work.effective_date,
    )
    return {"entity_id": str(entity_id)}


@dataclass(frozen=True, kw_only=True)
class LinkAccount(Command):
    """Tie a shop account to an entity, with the seller's consent."""

    name: ClassVar[str] = "link_account"

    entity_id: UUID
    platform: str
    external_id: str
    role: str
    opened_on: date
    consent_granted_on: date | None

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return self.entity_id

    @property
    def account_id(self) -> UUID:
        """Return the identifier that this account has at this entity."""
        return sibling_id(self.entity_id, "account", self.platform, self.external_id)


@handles(LinkAccount)
def link_account(command: LinkAccount, work: UnitOfWork) -> dict[str, Any]:
    """Refuses AccountBlacklisted and what the entity refuses."""
    entity = work.load(LegalEntity, command.entity_id)
    identity = f"account:{command.platform}:{command.external_id}"
    if work.query("SELECT 1 FROM blacklist_entry WHERE identity = %s", (identity,)):
        raise AccountBlacklisted("This shop account is on the blacklist.", field="external_id")
    entity.link_account(
        account_id=command.account_id,
        platform=command.platform,
        external_id=command.external_id,
        role=command.role,
        opened_on=command.opened_on,
        consent_granted_on=command.consent_granted_on,
        effective_date=work.effective_date,
    )
    settlement = SettlementAccount.blank(command.account_id)
    work.add(settlement)
    settlement.open(
        entity_id=command.entity_id, currency=entity.state.currency, effective_date=work.effective_date
    )
    return {"account_id": str(command.account_id)}


@dataclass(frozen=True, kw_only=True)
class RecordSales(Command):
    """Count the sales of one account from one order file."""

    name: ClassVar[str] = "record_sales"

    entity_id: UUID
    account_id: UUID
    batch_id: str
    file_sha256: str
    sampling_factor: int
    currency: str
    months: tuple[MonthTurnover, ...]
    first_order_on: date
    last_order_on: date

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return self.entity_id


@handles(RecordSales)
def record_sales(command: RecordSales, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the entity refuses."""
    entity = work.load(LegalEntity, command.entity_id)
    entity.record_sales(
        account_id=command.account_id,
        batch_id=command.batch_id,
        file_sha256=command.file_sha256,
        sampling_factor=command.sampling_factor,
        currency=command.currency,
        months=command.months,
        first_order_on=command.first_order_on,
        last_order_on=command.last_order_on,
        effective_date=work.effective_date,
    )
    return {"account_id": str(command.account_id)}
