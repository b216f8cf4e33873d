"""Entities, shop accounts, turnover and the blacklist as rows.

Owns: the tables legal_entity, shop_account, sales_month and blacklist_entry.
Refuses to know: any rule; each statement copies what the event says.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.eventstore.processor import REFUSAL_OF_CONSTRAINT
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, update
from ledger.eventstore.shards import shard_of
from ledger.kernel.refusals import Refusal
from lending.domain import entity_events as facts

projection_table("legal_entity", key=("id",))
projection_table("shop_account", key=("id",))
projection_table("sales_month", key=("account_id", "month"))
projection_table("blacklist_entry", key=("identity",))


class AccountLinkedElsewhere(Refusal):
    """This shop account is linked to another entity."""

    code = "LENDING_ACCOUNT_LINKED_ELSEWHERE"


REFUSAL_OF_CONSTRAINT["shop_account_once"] = AccountLinkedElsewhere

ADD_MONTH = (
    "INSERT INTO sales_month AS m (account_id, month, shard, entity_id, orders, amount_minor)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (account_id, month)"
    " DO UPDATE SET orders = m.orders + excluded.orders, amount_minor = m.amount_minor + excluded.amount_minor"
)


@projects("entity.registered")
def registered(event: facts.EntityRegistered) -> Iterable[Statement]:
    """Add the entity."""
    yield insert(
        "legal_entity",
        id=event.originator_id,
        shard=shard_of(event.originator_id),
        reference=event.reference,
        country=event.country,
        currency=event.currency,
        registered_on=event.effective_date,
    )


@projects("entity.account_linked")
def account_linked(event: facts.EntityAccountLinked) -> Iterable[Statement]:
    """Add the shop account."""
    account = event.account
    yield insert(
        "shop_account",
        id=account.account_id,
        shard=shard_of(event.originator_id),
        entity_id=event.originator_id,
        platform=account.platform,
        external_id=account.external_id,
        role=account.role,
        opened_on=account.opened_on,
        consent_granted_on=account.consent.granted_on,
        linked_on=event.effective_date,
    )


@projects("entity.sales_recorded")
def sales_recorded(event: facts.EntitySalesRecorded) -> Iterable[Statement]:
    """Add the estimated turnover of the batch to the account's months."""
    shard = shard_of(event.originator_id)
    for row in event.months:
        amount = row.amount_minor * event.sampling_factor
        yield Statement(
            ADD_MONTH, (event.account_id, row.month, shard, event.originator_id, row.orders, amount)
        )


@projects("entity.blacklisted")
def blacklisted(event: facts.EntityBlacklisted) -> Iterable[Statement]:
    """List the entity and each of its accounts."""
    yield update(
        "legal_entity",
        where={"id": event.originator_id},
        blacklisted_on=event.effective_date,
        blacklist_reason=event.reason,
    )
    for identity in event.identities:
        yield insert(
            "blacklist_entry",
            identity=identity,
            shard=shard_of(event.originator_id),
            entity_id=event.originator_id,
            listed_on=event.effective_date,
            reason=event.reason,
        )
