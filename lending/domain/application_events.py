"""What can happen to an application for credit, and the state it folds into.

Owns: the events of the stream "application"; a decision carries every figure that led to it.
Refuses to know: how a decision is reached (the credit policy), and who the applicant is.
A figure is a name and an exact value as text ("12240000" minor units, "17/20" for 0.85), so that a
limit can be traced back to its inputs for ever, whatever later policies look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from ledger.kernel.aggregate import DomainEvent


@dataclass(frozen=True)
class Figure:
    """One input or result of a decision."""

    name: str
    value: str


@dataclass(frozen=True)
class RejectionReason:
    """Why an application was rejected; the category is what the applicant may see (D-150)."""

    code: str
    category: str


@dataclass
class ApplicationState:
    """An application between two commands."""

    entity_id: UUID | None = None
    currency: str = ""
    product_family: str = ""
    industry_code: str = ""
    requested_minor: int | None = None
    debt_ratio_bps: int = 0
    clean_record: bool = False
    status: str = ""
    limit_minor: int = 0
    policy_version: str = ""
    reasons: tuple[RejectionReason, ...] = ()
    reapply_from: date | None = None


class ApplicationSubmitted(DomainEvent):
    """An entity asked for credit and declared what its own books say."""

    TOPIC: ClassVar[str] = "application.submitted"

    entity_id: UUID
    currency: str
    product_family: str
    industry_code: str
    requested_minor: int | None
    debt_ratio_bps: int
    clean_record: bool

    def apply(self, state: ApplicationState) -> None:
        """Keep what was declared."""
        state.status = "submitted"
        state.entity_id, state.currency = self.entity_id, self.currency
        state.product_family, state.industry_code = self.product_family, self.industry_code
        state.requested_minor = self.requested_minor
        state.debt_ratio_bps, state.clean_record = self.debt_ratio_bps, self.clean_record


class ApplicationApproved(DomainEvent):
    """The policy granted a limit."""

    TOPIC: ClassVar[str] = "application.approved"

    entity_id: UUID
    currency: str
    limit_minor: int
    policy_version: str
    inputs_sha256: str
    figures: tuple[Figure, ...]

    def apply(self, state: ApplicationState) -> None:
        """Keep the limit."""
        state.status = "approved"
        state.limit_minor, state.policy_version = self.limit_minor, self.policy_version


class ApplicationRejected(DomainEvent):
    """The policy granted nothing; without ``reapply_from`` no later application can help."""

    TOPIC: ClassVar[str] = "application.rejected"

    entity_id: UUID
    currency: str
    reasons: tuple[RejectionReason, ...]
    reapply_from: date | None
    policy_version: str
    inputs_sha256: str
    figures: tuple[Figure, ...]

    def apply(self, state: ApplicationState) -> None:
        """Keep the reasons."""
        state.status, state.reasons = "rejected", self.reasons
        state.reapply_from, state.policy_version = self.reapply_from, self.policy_version


class ApplicationWithdrawn(DomainEvent):
    """The applicant no longer asks."""

    TOPIC: ClassVar[str] = "application.withdrawn"

    entity_id: UUID
    reason: str

    def apply(self, state: ApplicationState) -> None:
        """End the application."""
        state.status = "withdrawn"
