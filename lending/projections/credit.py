"""Applications and credit lines as rows.

Owns: the tables application and credit_line. Refuses to know: any rule; each statement copies what
the event says. That an entity has one live application and one line is the tables' own constraint.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.postgresql.psycopg_any import Jsonb

from ledger.eventstore.processor import REFUSAL_OF_CONSTRAINT
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, update
from ledger.eventstore.shards import shard_of
from ledger.kernel.refusals import Refusal
from lending.domain import application_events as applications
from lending.domain import credit_line_events as lines

projection_table("application", key=("id",))
projection_table("credit_line", key=("id",))


class ApplicationInProgress(Refusal):
    """The entity has an application that is not decided yet; one at a time."""

    code = "LENDING_APPLICATION_IN_PROGRESS"


class LineExists(Refusal):
    """The entity has a credit line; its limit is changed, not granted again."""

    code = "LENDING_LINE_EXISTS"


REFUSAL_OF_CONSTRAINT["application_one_live_per_entity"] = ApplicationInProgress
REFUSAL_OF_CONSTRAINT["credit_line_one_per_entity"] = LineExists

MOVE = "UPDATE credit_line SET reserved_minor = reserved_minor + %s, drawn_minor = drawn_minor + %s WHERE id = %s"


@projects("application.submitted")
def submitted(event: applications.ApplicationSubmitted) -> Iterable[Statement]:
    """Add the application."""
    yield insert(
        "application",
        id=event.originator_id,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        status="submitted",
        currency=event.currency,
        submitted_on=event.effective_date,
        reasons=Jsonb([]),
    )


@projects("application.approved")
def approved(event: applications.ApplicationApproved) -> Iterable[Statement]:
    """Keep the limit and every figure that led to it."""
    yield update(
        "application",
        where={"id": event.originator_id},
        status="approved",
        decided_on=event.effective_date,
        limit_minor=event.limit_minor,
        decision=_decision(event),
    )


@projects("application.rejected")
def rejected(event: applications.ApplicationRejected) -> Iterable[Statement]:
    """Keep the reasons and the first day of a new application."""
    yield update(
        "application",
        where={"id": event.originator_id},
        status="rejected",
        decided_on=event.effective_date,
        reasons=Jsonb([{"code": reason.code, "category": reason.category} for reason in event.reasons]),
        reapply_from=event.reapply_from,
        decision=_decision(event),
    )


@projects("application.withdrawn")
def withdrawn(event: applications.ApplicationWithdrawn) -> Iterable[Statement]:
    """End the application."""
    yield update("application", where={"id": event.originator_id}, status="withdrawn")


def _decision(event: applications.ApplicationApproved | applications.ApplicationRejected) -> Jsonb:
    return Jsonb(
        {
            "policy_version": event.policy_version,
            "inputs_sha256": event.inputs_sha256,
            "figures": [{"name": figure.name, "value": figure.value} for figure in event.figures],
        }
    )


@projects("line.opened")
def opened(event: lines.LineOpened) -> Iterable[Statement]:
    """Add the line and tie it to the application that granted it."""
    yield insert(
        "credit_line",
        id=event.originator_id,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        currency=event.currency,
        limit_minor=event.limit_minor,
        reserved_minor=0,
        drawn_minor=0,
        status="active",
        opened_on=event.effective_date,
    )
    yield Statement(
        "UPDATE application SET line_id = %s WHERE entity_id = %s AND status = 'approved' AND line_id IS NULL",
        (event.originator_id, event.entity_id),
    )


@projects("line.limit_changed")
def limit_changed(event: lines.LineLimitChanged) -> Iterable[Statement]:
    """Replace the limit."""
    yield update("credit_line", where={"id": event.originator_id}, limit_minor=event.limit_minor)


@projects("line.reserved")
def reserved(event: lines.LineReserved) -> Iterable[Statement]:
    """Hold part of the limit."""
    yield Statement(MOVE, (event.amount_minor, 0, event.originator_id))


@projects("line.released")
def released(event: lines.LineReleased) -> Iterable[Statement]:
    """Give a held part back."""
    yield Statement(MOVE, (-event.amount_minor, 0, event.originator_id))


@projects("line.booked")
def booked(event: lines.LineBooked) -> Iterable[Statement]:
    """Turn the held part into drawn."""
    yield Statement(MOVE, (-event.amount_minor, event.amount_minor, event.originator_id))


@projects("line.restored")
def restored(event: lines.LineRestored) -> Iterable[Statement]:
    """Make room for repaid principal."""
    yield Statement(MOVE, (0, -event.amount_minor, event.originator_id))


@projects("line.drawn_again")
def drawn_again(event: lines.LineDrawnAgain) -> Iterable[Statement]:
    """Count principal that is owed again as drawn."""
    yield Statement(MOVE, (0, event.amount_minor, event.originator_id))


@projects("line.frozen")
def frozen(event: lines.LineFrozen) -> Iterable[Statement]:
    """Stop new draws."""
    yield update(
        "credit_line",
        where={"id": event.originator_id, "status": "active"},
        status="frozen",
        blocked_reason=event.reason,
    )


@projects("line.thawed")
def thawed(event: lines.LineThawed) -> Iterable[Statement]:
    """Allow draws again; a blacklisted line stays as it is."""
    yield update(
        "credit_line",
        where={"id": event.originator_id, "status": "frozen"},
        status="active",
        blocked_reason=None,
    )


@projects("line.blacklisted")
def blacklisted(event: lines.LineBlacklisted) -> Iterable[Statement]:
    """Stop new draws for good."""
    yield update(
        "credit_line",
        where={"id": event.originator_id},
        status="blacklisted",
        blocked_reason=event.reason,
    )


@projects("line.closed")
def closed(event: lines.LineClosed) -> Iterable[Statement]:
    """End the line."""
    yield update(
        "credit_line",
        where={"id": event.originator_id},
        status="closed",
        limit_minor=0,
        blocked_reason=event.reason,
    )
