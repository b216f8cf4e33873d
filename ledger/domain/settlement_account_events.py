"""What can happen to a settlement account, and the small state it folds into.

Owns: the events of the stream "settlement" and how each one changes the state.
Refuses to know: whether a change is allowed (``settlement_account``), and where the money came from.
Every event that moves money names its entity, account and currency, so that it can be posted alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.kernel.aggregate import DomainEvent


@dataclass
class SettlementState:
    """An account between two commands. Containers are replaced, never changed in place."""

    entity_id: UUID | None = None
    currency: str = ""
    status: str = ""
    balance_minor: int = 0
    reserved_minor: int = 0
    holds: dict[str, int] = field(default_factory=dict)
    withdrawals: dict[str, int] = field(default_factory=dict)


class SettlementOpened(DomainEvent):
    """An account of the entity can receive money from now on."""

    TOPIC: ClassVar[str] = "settlement.opened"

    entity_id: UUID
    account_id: UUID
    currency: str

    def apply(self, state: SettlementState) -> None:
        """Start empty."""
        state.entity_id, state.currency, state.status = self.entity_id, self.currency, "open"


class MoneyMoved(DomainEvent):
    """An amount came to or left one account."""

    entity_id: UUID
    account_id: UUID
    currency: str
    amount_minor: int


class SettlementReceived(MoneyMoved):
    """Money arrived from outside (P-09), and counts from its value date on."""

    TOPIC: ClassVar[str] = "settlement.received"
    class_version: ClassVar[int] = 2

    channel: str
    reference: str
    value_date: date

    def apply(self, state: SettlementState) -> None:
        """Add the money."""
        state.balance_minor += self.amount_minor

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Let money of the first version count from the day on which it was posted."""
        payload["value_date"] = payload["effective_date"]


class SettlementReceiptReturned(MoneyMoved):
    """The channel took back money that it had brought (P-13, the mirror of P-09)."""

    TOPIC: ClassVar[str] = "settlement.receipt_returned"

    channel: str
    reference: str
    of_reference: str

    def apply(self, state: SettlementState) -> None:
        """Take the money."""
        state.balance_minor -= self.amount_minor


class SettlementDebited(MoneyMoved):
    """The account paid a loan of its own; the loan's event carries the journal entry (P-10)."""

    TOPIC: ClassVar[str] = "settlement.debited"

    loan_id: UUID
    reason: str

    def apply(self, state: SettlementState) -> None:
        """Take the money."""
        state.balance_minor -= self.amount_minor


class SettlementDeducted(MoneyMoved):
    """The account paid a loan of a linked account of the same entity (P-12)."""

    TOPIC: ClassVar[str] = "settlement.deducted"

    loan_id: UUID
    loan_account_id: UUID
    reason: str

    def apply(self, state: SettlementState) -> None:
        """Take the money."""
        state.balance_minor -= self.amount_minor


class SettlementCredited(MoneyMoved):
    """Money came back from a loan of its own; the loan's event carries the journal entry (P-13, P-11)."""

    TOPIC: ClassVar[str] = "settlement.credited"

    loan_id: UUID
    reason: str

    def apply(self, state: SettlementState) -> None:
        """Add the money."""
        state.balance_minor += self.amount_minor


class SettlementDeductionReturned(MoneyMoved):
    """Money came back from a loan of a linked account of the same entity (the mirror of P-12)."""

    TOPIC: ClassVar[str] = "settlement.deduction_returned"

    loan_id: UUID
    loan_account_id: UUID
    reason: str

    def apply(self, state: SettlementState) -> None:
        """Add the money."""
        state.balance_minor += self.amount_minor


class SettlementWithdrawalRequested(MoneyMoved):
    """The entity wants money out; it is held until the bank has answered to this reference."""

    TOPIC: ClassVar[str] = "settlement.withdrawal_requested"

    reference: str

    def apply(self, state: SettlementState) -> None:
        """Hold the money."""
        state.withdrawals = {**state.withdrawals, self.reference: self.amount_minor}
        state.reserved_minor += self.amount_minor


class SettlementWithdrawn(MoneyMoved):
    """The bank paid out what a withdrawal had held."""

    TOPIC: ClassVar[str] = "settlement.withdrawn"
    class_version: ClassVar[int] = 2

    reference: str
    bank_reference: str

    def apply(self, state: SettlementState) -> None:
        """Take the money, and end its hold; the first version had none."""
        _end_withdrawal(state, self.reference)
        state.balance_minor -= self.amount_minor

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Know no reference of the bank where none was kept."""
        payload["bank_reference"] = ""


class SettlementWithdrawalFailed(MoneyMoved):
    """The bank did not pay; the money is available again."""

    TOPIC: ClassVar[str] = "settlement.withdrawal_failed"

    reference: str
    reason: str

    def apply(self, state: SettlementState) -> None:
        """End the hold."""
        _end_withdrawal(state, self.reference)


class SettlementReserved(MoneyMoved):
    """Part of the balance is kept for a purpose (frozen, payroll, tax) and is not available."""

    TOPIC: ClassVar[str] = "settlement.reserved"

    purpose: str

    def apply(self, state: SettlementState) -> None:
        """Add the hold."""
        state.holds = {**state.holds, self.purpose: self.amount_minor}
        state.reserved_minor += self.amount_minor


class SettlementReleased(MoneyMoved):
    """A purpose no longer needs its part of the balance."""

    TOPIC: ClassVar[str] = "settlement.released"

    purpose: str

    def apply(self, state: SettlementState) -> None:
        """Drop the hold."""
        state.holds = {key: held for key, held in state.holds.items() if key != self.purpose}
        state.reserved_minor -= self.amount_minor


def _end_withdrawal(state: SettlementState, reference: str) -> None:
    state.reserved_minor -= state.withdrawals.get(reference, 0)
    state.withdrawals = {key: held for key, held in state.withdrawals.items() if key != reference}
