"""Change a credit line: freeze and thaw it, raise or cut its limit.

Owns: the use cases of staff; the rules are the line's. Refuses to know: who may do it (the API's access).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import UnitOfWork
from lending.domain.credit_line import CreditLine


@dataclass(frozen=True, kw_only=True)
class LineCommand(Command):
    """A command on one line."""

    line_id: UUID

    def home(self) -> UUID:
        """Return the line's identifier."""
        return self.line_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line."""
        return (self.line_id,)


@dataclass(frozen=True, kw_only=True)
class FreezeLine(LineCommand):
    """Stop new drawdowns; repayment goes on."""

    name: ClassVar[str] = "freeze_line"

    reason: str


@handles(FreezeLine)
def freeze_line(command: FreezeLine, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the line refuses."""
    line = work.load(CreditLine, command.line_id)
    line.freeze(reason=command.reason, effective_date=work.effective_date)
    return {"line_id": str(line.id), "status": line.state.status}


@dataclass(frozen=True, kw_only=True)
class ThawLine(LineCommand):
    """Allow drawdowns again."""

    name: ClassVar[str] = "thaw_line"


@handles(ThawLine)
def thaw_line(command: ThawLine, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the line refuses."""
    line = work.load(CreditLine, command.line_id)
    line.thaw(effective_date=work.effective_date)
    return {"line_id": str(line.id), "status": line.state.status}


@dataclass(frozen=True, kw_only=True)
class ChangeLimit(LineCommand):
    """Raise or cut the limit; loans that exist are untouched."""

    name: ClassVar[str] = "change_limit"

    limit_minor: int
    reason: str


@handles(ChangeLimit)
def change_limit(command: ChangeLimit, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the line refuses."""
    line = work.load(CreditLine, command.line_id)
    line.change_limit(
        limit_minor=command.limit_minor, reason=command.reason, effective_date=work.effective_date
    )
    return {"line_id": str(line.id), "limit_minor": line.state.limit_minor}
