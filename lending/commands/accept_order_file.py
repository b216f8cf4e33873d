"""Accept an order file under an idempotency key, before its lines are read.

Owns: that one key stands for one file read in one way. Refuses to know: what is in the file; importing is
idempotent by content, so that an interrupted import is finished by sending the same request again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid5

from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import NAMESPACE
from ledger.eventstore.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AcceptOrderFile(Command):
    """Take responsibility for a file and for the way in which it is to be read."""

    name: ClassVar[str] = "accept_order_file"

    file_sha256: str
    as_of: date
    currency: str
    platform: str
    sampling_factor: int

    def home(self) -> UUID:
        """Return an identifier that follows from the file's content."""
        return uuid5(NAMESPACE, f"order-file:{self.file_sha256}")


@handles(AcceptOrderFile)
def accept_order_file(command: AcceptOrderFile, work: UnitOfWork) -> dict[str, Any]:
    """Remember the file under the caller's key; no fact follows from it."""
    del work
    return {"file_sha256": command.file_sha256}
