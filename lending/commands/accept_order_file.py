"""Accept an order file under an idempotency key, before its lines are read.

Owns: that one key stands for one file read in one way. Refuses to know: what is in the file; importing is
idempotent by content, so that an interrupted import is finished by sending the same request again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AcceptOrderFile(Command):
    """Take responsibility for a file; ``import_id`` names its content and how it is to be read."""

    name: ClassVar[str] = "accept_order_file"

    import_id: UUID

    def home(self) -> UUID:
        """Return the import's identifier."""
        return self.import_id


@handles(AcceptOrderFile)
def accept_order_file(command: AcceptOrderFile, work: UnitOfWork) -> dict[str, Any]:
    """Remember the import under the caller's key; no fact follows from it."""
    del work
    return {"import_id": str(command.import_id)}
