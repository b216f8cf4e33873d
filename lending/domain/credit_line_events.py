"""What can happen to a revolving credit line, and the small state it folds into.

Owns: the events of the stream "line" and how each one changes the state.
Refuses to know: whether a change is allowed (``credit_line``), and every loan that is not being paid out.
The state holds open reservations only, so its size does not grow with the number of loans.
Events that change the commitment carry by how much, so that each can be posted alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from ledger.kernel.aggregate import DomainEvent


@dataclass
class LineState:
    """A line between two commands. Containers are replaced, never changed in place.

    ``committed_minor`` is what the commitment account holds for this line: the limit less what is drawn,
    never negative.
    """

    schema_version: ClassVar[int] = 2

    entity_id: UUID | None = None
    currency: str = ""
    limit_minor: int = 0
    reserved_minor: int = 0
    drawn_minor: int = 0
    committed_minor: int = 0
    status: str = ""
    blocked_reason: str = ""
    blacklisted: bool = False
    reservations: dict[str, int] = field(default_factory=dict)

    def take_reservation(self, loan_id: UUID, amount_minor: int) -> None:
        """Lower the reservation of a loan, and drop it when nothing is left."""
        left = {**self.reservations, str(loan_id): self.reservations[str(loan_id)] - amount_minor}
        self.reservations = {key: held for key, held in left.items() if held}
        self.reserved_minor -= amount_minor


class LineOpened(DomainEvent):
    """A limit was granted."""

    TOPIC: ClassVar[str] = "line.opened"

    entity_id: UUID
    currency: str
    limit_minor: int

    def apply(self, state: LineState) -> None:
        """Start with the whole limit available."""
        state.entity_id, state.currency = self.entity_id, self.currency
        state.limit_minor, state.status = self.limit_minor, "active"
        state.committed_minor = self.limit_minor


class LineLimitChanged(DomainEvent):
    """The limit was raised or cut; a cut never touches what is drawn."""

    TOPIC: ClassVar[str] = "line.limit_changed"
    class_version: ClassVar[int] = 2

    entity_id: UUID
    currency: str
    limit_before_minor: int
    limit_minor: int
    commitment_change_minor: int
    reason: str

    def apply(self, state: LineState) -> None:
        """Replace the limit."""
        state.limit_minor = self.limit_minor
        state.committed_minor += self.commitment_change_minor

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Say what the first version posted: the whole change, also below what was drawn."""
        payload["commitment_change_minor"] = payload["limit_minor"] - payload["limit_before_minor"]


class LoanMoved(DomainEvent):
    """Something happened to the part of the limit that one loan uses."""

    entity_id: UUID
    loan_id: UUID
    amount_minor: int


class DrawnMoved(LoanMoved):
    """Drawn principal changed, and with it what the lender is still committed to.

    An empty currency marks an event of the first version: its loan's event posted the commitment.
    """

    currency: str
    commitment_change_minor: int


class LineReserved(LoanMoved):
    """Part of the limit is held for a loan whose payout is under way."""

    TOPIC: ClassVar[str] = "line.reserved"

    def apply(self, state: LineState) -> None:
        """Add the reservation."""
        state.reservations = {**state.reservations, str(self.loan_id): self.amount_minor}
        state.reserved_minor += self.amount_minor


class LineReleased(LoanMoved):
    """A reservation, or what was left of it, ended without a payout."""

    TOPIC: ClassVar[str] = "line.released"

    def apply(self, state: LineState) -> None:
        """Give the reserved amount back."""
        state.take_reservation(self.loan_id, self.amount_minor)


class LineBooked(DrawnMoved):
    """A reservation, or a part of it, was paid out."""

    TOPIC: ClassVar[str] = "line.booked"
    class_version: ClassVar[int] = 2

    def apply(self, state: LineState) -> None:
        """Turn reserved into drawn."""
        state.take_reservation(self.loan_id, self.amount_minor)
        state.drawn_minor += self.amount_minor
        state.committed_minor += self.commitment_change_minor

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Say what the loan's event posted for it."""
        payload |= {"currency": "", "commitment_change_minor": -payload["amount_minor"]}


class LineRestored(DrawnMoved):
    """Repaid principal made room again."""

    TOPIC: ClassVar[str] = "line.restored"
    class_version: ClassVar[int] = 2

    def apply(self, state: LineState) -> None:
        """Lower what is drawn."""
        state.drawn_minor -= self.amount_minor
        state.committed_minor += self.commitment_change_minor

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Say what the loan's event posted for it."""
        payload |= {"currency": "", "commitment_change_minor": payload["amount_minor"]}


class LineDrawnAgain(DrawnMoved):
    """Principal of a loan is owed again, whether the limit has room for it or not."""

    TOPIC: ClassVar[str] = "line.drawn_again"

    def apply(self, state: LineState) -> None:
        """Raise what is drawn."""
        state.drawn_minor += self.amount_minor
        state.committed_minor += self.commitment_change_minor


class LineFrozen(DomainEvent):
    """New draws were stopped, for a reason that can go away."""

    TOPIC: ClassVar[str] = "line.frozen"

    entity_id: UUID
    reason: str

    def apply(self, state: LineState) -> None:
        """Stop new draws."""
        state.status, state.blocked_reason = "frozen", self.reason


class LineThawed(DomainEvent):
    """The reason of a freeze went away."""

    TOPIC: ClassVar[str] = "line.thawed"

    entity_id: UUID

    def apply(self, state: LineState) -> None:
        """Allow draws again."""
        state.status, state.blocked_reason = "active", ""


class LineBlacklisted(DomainEvent):
    """The borrowing entity was blacklisted; no account of it may draw."""

    TOPIC: ClassVar[str] = "line.blacklisted"

    entity_id: UUID
    reason: str

    def apply(self, state: LineState) -> None:
        """Mark the line; thawing does not lift this mark."""
        state.blacklisted, state.blocked_reason = True, self.reason


class LineClosed(DomainEvent):
    """An unused line ended; its commitment ends with it."""

    TOPIC: ClassVar[str] = "line.closed"

    entity_id: UUID
    currency: str
    limit_before_minor: int
    reason: str

    def apply(self, state: LineState) -> None:
        """End the line."""
        state.limit_minor, state.status, state.blocked_reason = 0, "closed", self.reason
        state.committed_minor = 0
