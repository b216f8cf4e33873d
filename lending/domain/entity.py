"""The borrowing entity: one legal person with one master and up to hundreds of sub accounts (D-106).

Owns: which accounts belong to it, on whose consent, what they sold together, and that it is blacklisted.
Refuses to know: who the person is, how order files look, and what limit follows from the turnover.
Whether another entity already holds the same shop is guarded where all entities are visible.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.currencies import scale_of
from lending.domain import entity_events as events
from lending.domain.entity_events import Consent, EntityState, LinkedAccount, MonthTurnover, batch_keys
from lending.domain.entity_refusals import (
    AccountAlreadyLinked,
    AccountNotLinked,
    AccountOpenedInFuture,
    AccountRoleUnknown,
    BlacklistedEntityTakesNoAccount,
    ConsentMissing,
    EntityAlreadyBlacklisted,
    EntityAlreadyRegistered,
    EntityNotRegistered,
    EntityReferenceInvalid,
    MasterAlreadyLinked,
    SalesAlreadyRecorded,
    SalesCurrencyMismatch,
)
from lending.domain.sales_batch import check_sales_batch

ROLES: Final = ("master", "sub")
CREDIT_ASSESSMENT: Final = "credit_assessment"


@aggregate_stream("entity")
class LegalEntity(Aggregate[EntityState]):
    """Accounts, sales and standing of one borrower."""

    State = EntityState

    def register(self, *, reference: str, country: str, currency: str, effective_date: date) -> None:
        """Make the entity known.

        Refusals: EntityAlreadyRegistered, EntityReferenceInvalid, CurrencyUnknown.
        """
        if self.state.reference:
            raise EntityAlreadyRegistered("this entity is already registered")
        if not reference.strip() or not reference.isprintable():
            raise EntityReferenceInvalid("an entity has a printable reference", field="reference")
        scale_of(currency)
        self.trigger(
            events.EntityRegistered,
            effective_date=effective_date,
            reference=reference,
            country=country,
            currency=currency,
        )

    def link_account(
        self,
        *,
        account_id: UUID,
        platform: str,
        external_id: str,
        role: str,
        opened_on: date,
        consent_granted_on: date | None,
        consent_purpose: str = CREDIT_ASSESSMENT,
        effective_date: date,
    ) -> None:
        """Tie a shop account to the entity.

        Refusals: EntityNotRegistered, BlacklistedEntityTakesNoAccount, AccountRoleUnknown,
        ConsentMissing, AccountOpenedInFuture, AccountAlreadyLinked, MasterAlreadyLinked.
        """
        self._check_registered()
        if self.state.blacklisted:
            raise BlacklistedEntityTakesNoAccount("a blacklisted entity takes no new account")
        if role not in ROLES:
            raise AccountRoleUnknown("an account is a master or a sub account", field="role")
        if consent_granted_on is None or consent_granted_on > effective_date:
            raise ConsentMissing("the seller's consent is not in force", field="consent_granted_on")
        if opened_on > effective_date:
            raise AccountOpenedInFuture("the account is opened after this day", field="opened_on")
        self._check_not_linked(account_id=account_id, platform=platform, external_id=external_id)
        if role == "master" and self.master is not None:
            raise MasterAlreadyLinked("this entity already has a master account", field="role")
        consent = Consent(source=platform, purpose=consent_purpose, granted_on=consent_granted_on)
        account = LinkedAccount(account_id, platform, external_id, role, opened_on, consent)
        self.trigger(events.EntityAccountLinked, effective_date=effective_date, account=account)

    def record_sales(
        self,
        *,
        account_id: UUID,
        batch_id: str,
        file_sha256: str,
        sampling_factor: int,
        currency: str,
        months: Sequence[MonthTurnover],
        first_order_on: date,
        last_order_on: date,
        effective_date: date,
    ) -> None:
        """Count the sales of one account from one order file.

        Refusals: EntityNotRegistered, AccountNotLinked, SalesCurrencyMismatch, SalesInvalid,
        SalesAlreadyRecorded.
        """
        self._check_registered()
        if self.account(account_id) is None:
            raise AccountNotLinked("this account does not belong to the entity", field="account_id")
        if currency != self.state.currency:
            raise SalesCurrencyMismatch(
                f"sales in {currency} cannot be added to turnover in {self.state.currency}", field="currency"
            )
        check_sales_batch(
            months=months,
            sampling_factor=sampling_factor,
            first_order_on=first_order_on,
            last_order_on=last_order_on,
            effective_date=effective_date,
        )
        if any(key in self.state.batches for key in batch_keys(account_id, batch_id, file_sha256)):
            raise SalesAlreadyRecorded("these sales are already counted", field="batch_id")
        self.trigger(
            events.EntitySalesRecorded,
            effective_date=effective_date,
            account_id=account_id,
            batch_id=batch_id,
            file_sha256=file_sha256,
            sampling_factor=sampling_factor,
            currency=currency,
            months=tuple(months),
            first_order_on=first_order_on,
            last_order_on=last_order_on,
        )

    def blacklist(self, *, reason: str, overdue_instalments: Sequence[str], effective_date: date) -> None:
        """List the entity and all its accounts (D-307).

        Refusals: EntityNotRegistered, EntityAlreadyBlacklisted.
        """
        self._check_registered()
        if self.state.blacklisted:
            raise EntityAlreadyBlacklisted("this entity is already blacklisted")
        self.trigger(
            events.EntityBlacklisted,
            effective_date=effective_date,
            reason=reason,
            overdue_instalments=tuple(overdue_instalments),
            identities=self.identities,
        )

    @property
    def identities(self) -> tuple[str, ...]:
        """Return every name under which the entity can come back: itself and each account."""
        return (f"entity:{self.state.reference}", *(account.identity for account in self.state.accounts))

    @property
    def master(self) -> LinkedAccount | None:
        """Return the master account, if one is linked."""
        return next((account for account in self.state.accounts if account.role == "master"), None)

    @property
    def trading_since(self) -> date | None:
        """Return the day the oldest linked account was opened."""
        return min((account.opened_on for account in self.state.accounts), default=None)

    def account(self, account_id: UUID) -> LinkedAccount | None:
        """Return a linked account, if it belongs to the entity."""
        return next((held for held in self.state.accounts if held.account_id == account_id), None)

    def _check_registered(self) -> None:
        if not self.state.reference:
            raise EntityNotRegistered("there is no entity under this id")

    def _check_not_linked(self, *, account_id: UUID, platform: str, external_id: str) -> None:
        for held in self.state.accounts:
            if held.account_id == account_id or (held.platform, held.external_id) == (platform, external_id):
                raise AccountAlreadyLinked("this account is already linked", field="external_id")


for _event in (
    events.EntityRegistered,
    events.EntityAccountLinked,
    events.EntitySalesRecorded,
    events.EntityBlacklisted,
):
    event_of(LegalEntity, _event.TOPIC)(_event)
