"""What can happen to a revolving credit line, and the small state it folds into.

Owns: the events of the stream "line" and how each one changes the state.
Refuses to know: whether a change is allowed (``credit_line``), and every loan that is not being paid out.
The state holds open reservations only, so its size does not grow with the number of loans.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from ledger.kernel.aggregate import DomainEvent


@dataclass
class LineState:
    """A line between two commands. Containers are replaced, never changed in place."""

    entity_id: UUID | None = None
    currency: str = ""
    limit_minor: int = 0
    reserved_minor: int = 0
    drawn_minor: int = 0
    status: str = ""
    blocked_reason: str = ""
    blacklisted: bool = False
    reservations: dict[str, int] = field(default_factory=dict)

    def take_reservation(self, loan_id: UUID) -> int:
        """Drop the reservation of a loan and return its amount."""
        amount_minor = self.reservations[str(loan_id)]
        self.reservations = {key: held for key, held in self.reservations.items() if key != str(loan_id)}
        self.reserved_minor -= amount_minor
        return amount_minor


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


class LineLimitChanged(DomainEvent):
    """The limit was raised or cut; a cut never touches what is drawn."""

    TOPIC: ClassVar[str] = "line.limit_changed"

    entity_id: UUID
    currency: str
    limit_before_minor: int
    limit_minor: int
    reason: str

    def apply(self, state: LineState) -> None:
        """Replace the limit."""
        state.limit_minor = self.limit_minor


class LoanMoved(DomainEvent):
    """Something happened to the part of the limit that one loan uses."""

    entity_id: UUID
    loan_id: UUID
    amount_minor: int


class LineReserved(LoanMoved):
    """Part of the limit is held for a loan whose payout is under way."""

    TOPIC: ClassVar[str] = "line.reserved"

    def apply(self, state: LineState) -> None:
        """Add the reservation."""
        state.reservations = {**state.reservations, str(self.loan_id): self.amount_minor}
        state.reserved_minor += self.amount_minor


class LineReleased(LoanMoved):
    """A reservation ended without a loan."""

    TOPIC: ClassVar[str] = "line.released"

    def apply(self, state: LineState) -> None:
        """Give the reserved amount back."""
        state.take_reservation(self.loan_id)


class LineBooked(LoanMoved):
    """A reservation became a drawn loan."""

    TOPIC: ClassVar[str] = "line.booked"

    def apply(self, state: LineState) -> None:
        """Turn reserved into drawn."""
        state.drawn_minor += state.take_reservation(self.loan_id)


class LineRestored(LoanMoved):
    """Repaid principal made room again."""

    TOPIC: ClassVar[str] = "line.restored"

    def apply(self, state: LineState) -> None:
        """Lower what is drawn."""
        state.drawn_minor -= self.amount_minor


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
