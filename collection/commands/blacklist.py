"""Put an entity and all its accounts on the blacklist when its overdues ask for it.

Owns: the use case: entity, accounts and line are marked in one commit. Refuses to know: how many
overdues are too many (policy).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from collection.policies.blacklist_trigger import OverdueInstalment, find_blacklist_trigger
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import UnitOfWork
from lending.domain.credit_line import CreditLine
from lending.domain.entity import LegalEntity


@dataclass(frozen=True, kw_only=True)
class BlacklistEntity(Command):
    """List an entity if the policy says so."""

    name: ClassVar[str] = "blacklist_entity"

    entity_id: UUID
    line_id: UUID

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return self.entity_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line, so that no drawdown slips in."""
        return (self.line_id,)


@handles(BlacklistEntity)
def blacklist_entity(command: BlacklistEntity, work: UnitOfWork) -> dict[str, Any]:
    """List nothing when the policy finds no trigger or the entity is listed; that is no refusal."""
    entity = work.load(LegalEntity, command.entity_id)
    finding = find_blacklist_trigger(instalments=_overdues(command.entity_id, work), on=work.effective_date)
    if finding is None or entity.state.blacklisted:
        return {"listed": False}
    day = work.effective_date
    entity.blacklist(reason=finding.rule, overdue_instalments=finding.instalments, effective_date=day)
    line = work.load(CreditLine, command.line_id)
    line.blacklist(reason=finding.rule, effective_date=day)
    payload = {
        "template": "blacklisted",
        "recipient": str(entity.id),
        "reason": finding.rule,
        "effective_date": day.isoformat(),
    }
    work.send("notice", f"blacklisted:{entity.id}:{entity.version}", payload)
    return {"listed": True, "reason": finding.rule, "identities": list(entity.identities)}


def _overdues(entity_id: UUID, work: UnitOfWork) -> list[OverdueInstalment]:
    rows = work.query(
        "SELECT loan_id, number, due_on, overdue_since, passed_grace_on FROM overdue_instalment"
        " WHERE entity_id = %s",
        (entity_id,),
    )
    return [
        OverdueInstalment(
            reference=f"{loan_id}/{number}",
            due_date=due_on,
            overdue_since=overdue_since,
            passed_grace_on=passed_grace_on,
        )
        for loan_id, number, due_on, overdue_since, passed_grace_on in rows
    ]
