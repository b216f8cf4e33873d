"""Collections' part of the day close: deduction from linked accounts, and the blacklist.

Owns: which loans and entities are looked at. Refuses to know: how either is decided.
Both steps come after the cut-off and look at the new business date.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from collection.commands.blacklist import BlacklistEntity
from collection.commands.deduct import DeductFromLinkedAccounts
from ledger.day_close import day_close_step
from ledger.day_close_subjects import give_each

LOANS_TO_COLLECT = (
    "SELECT l.id, l.line_id, l.entity_id, array_agg(s.id ORDER BY s.id)"
    " FROM loan l JOIN settlement_account s ON s.entity_id = l.entity_id"
    " WHERE l.shard = %s AND l.status = 'overdue' AND s.balance_minor > s.reserved_minor"
    " GROUP BY l.id, l.line_id, l.entity_id, l.overdue_since ORDER BY l.overdue_since, l.id"
)
ENTITIES_TO_JUDGE = (
    "SELECT o.entity_id, c.id FROM overdue_instalment o"
    " JOIN credit_line c ON c.entity_id = o.entity_id AND c.status <> 'closed'"
    " JOIN legal_entity e ON e.id = o.entity_id AND e.blacklisted_on IS NULL"
    " WHERE o.shard = %s AND o.passed_grace_on IS NOT NULL"
    " GROUP BY 1, 2 HAVING count(*) >= 3 ORDER BY 1"
)


@day_close_step(40, "linked-account deduction", key="deduction")
def deduct(shard: int, day: date) -> int:
    """Collect overdue amounts from every account of the entity, oldest debt first."""
    with connection.cursor() as cursor:
        cursor.execute(LOANS_TO_COLLECT, (shard,))
        loans = cursor.fetchall()
    commands = {
        str(loan_id): DeductFromLinkedAccounts(
            loan_id=loan_id, line_id=line_id, entity_id=entity_id, account_ids=tuple(account_ids)
        )
        for loan_id, line_id, entity_id, account_ids in loans
    }
    return give_each(commands, shard=shard, day=day, step="deduction")


@day_close_step(50, "blacklist", key="blacklist")
def blacklist(shard: int, day: date) -> int:
    """Judge the entities with enough overdues, whenever each became known; a payment may bounce weeks later."""
    with connection.cursor() as cursor:
        cursor.execute(ENTITIES_TO_JUDGE, (shard,))
        entities = cursor.fetchall()
    commands = {
        str(entity_id): BlacklistEntity(entity_id=entity_id, line_id=line_id)
        for entity_id, line_id in entities
    }
    return give_each(commands, shard=shard, day=day, step="blacklist")
