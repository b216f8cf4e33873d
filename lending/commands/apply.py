"""Apply for a credit line and decide the application.

Owns: gathering the facts for the policy and opening the line it grants. Refuses to know: the rules of
the decision (policies). Applying and deciding are two commits, joined by the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import sibling_id
from ledger.eventstore.unit_of_work import UnitOfWork
from lending.domain.application import Application
from lending.domain.credit_line import CreditLine
from lending.domain.credit_line_refusals import EntityIsBlacklisted
from lending.domain.entity import LegalEntity
from lending.policies.credit_policy import DecisionInputs, decide, policy_in_force
from lending.policies.rejection import check_reapply
from lending.projections.credit import LineExists

PRODUCT_FAMILY = "seller-credit"


@dataclass(frozen=True, kw_only=True)
class SubmitApplication(Command):
    """Ask for a credit line."""

    name: ClassVar[str] = "submit_application"

    entity_id: UUID
    industry_code: str
    requested_minor: int | None
    debt_ratio_bps: int
    clean_record: bool

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return self.entity_id


@handles(SubmitApplication)
def submit_application(command: SubmitApplication, work: UnitOfWork) -> dict[str, Any]:
    """Refuses EntityIsBlacklisted, LineExists, ReapplyTooEarly, ReapplyNotPossible, ApplicationInProgress."""
    entity = work.load(LegalEntity, command.entity_id)
    _check_may_apply(entity, work)
    application = Application.blank(work.new_id(command.entity_id, "application"))
    work.add(application)
    application.submit(
        entity_id=command.entity_id,
        currency=entity.state.currency,
        product_family=PRODUCT_FAMILY,
        industry_code=command.industry_code,
        requested_minor=command.requested_minor,
        debt_ratio_bps=command.debt_ratio_bps,
        clean_record=command.clean_record,
        effective_date=work.effective_date,
    )
    work.send("decision", str(application.id), {"entity_id": str(command.entity_id)})
    return {"application_id": str(application.id)}


def _check_may_apply(entity: LegalEntity, work: UnitOfWork) -> None:
    if entity.state.blacklisted or _is_listed(entity, work):
        raise EntityIsBlacklisted("The entity or one of its accounts is on the blacklist.")
    lines = work.query("SELECT 1 FROM credit_line WHERE entity_id = %s AND status <> 'closed'", (entity.id,))
    if lines:
        raise LineExists("The entity has a credit line; its limit is changed, not granted again.")
    rejected = work.query(
        "SELECT reapply_from FROM application WHERE entity_id = %s AND status = 'rejected'"
        " ORDER BY decided_on DESC LIMIT 1",
        (entity.id,),
    )
    if rejected:
        check_reapply(earliest=rejected[0][0], applied_on=work.effective_date)


def _is_listed(entity: LegalEntity, work: UnitOfWork) -> bool:
    return bool(
        work.query(
            "SELECT 1 FROM blacklist_entry WHERE identity = ANY (%s) LIMIT 1", (list(entity.identities),)
        )
    )


@dataclass(frozen=True, kw_only=True)
class DecideApplication(Command):
    """Decide a submitted application by the policy in force."""

    name: ClassVar[str] = "decide_application"

    application_id: UUID
    entity_id: UUID

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return self.entity_id


@handles(DecideApplication)
def decide_application(command: DecideApplication, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the application refuses, such as a second decision."""
    application = work.load(Application, command.application_id)
    entity = work.load(LegalEntity, command.entity_id)
    declared = application.state
    inputs = DecisionInputs(
        applied_on=work.effective_date,
        currency=declared.currency,
        blacklisted=entity.state.blacklisted or _is_listed(entity, work),
        account_count=len(entity.state.accounts),
        trading_since=entity.trading_since,
        debt_ratio_bps=declared.debt_ratio_bps,
        clean_record=declared.clean_record,
        industry_code=declared.industry_code,
        turnover_minor=entity.state.turnover_minor,
    )
    decision = decide(inputs=inputs, policy=policy_in_force(on=work.effective_date))
    application.decide(decision=decision, effective_date=work.effective_date)
    result: dict[str, Any] = {"status": application.state.status, "limit_minor": decision.limit_minor}
    if decision.approved:
        line = CreditLine.blank(sibling_id(command.entity_id, "line", command.application_id))
        work.add(line)
        line.open(
            entity_id=command.entity_id,
            currency=declared.currency,
            limit_minor=decision.limit_minor,
            effective_date=work.effective_date,
        )
        result["line_id"] = str(line.id)
    return result
