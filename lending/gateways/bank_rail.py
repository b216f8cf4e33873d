"""The port through which borrowed money is paid out.

Owns: what the product asks of any bank and what it may get back.
Refuses to know: which bank it is. An adapter keeps three promises: a reference is paid at most once,
however often it is sent; the same reference with other content is refused; ``status`` tells the truth
or says that it does not know. A timeout means neither yes nor no: ask ``status`` before trusting it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class PayoutOutcome(StrEnum):
    """What a bank says when it is sent an instruction."""

    ACCEPTED = "accepted"  # taken, not decided; a notification or ``status`` brings the result
    PAID = "paid"
    FAILED = "failed"


class PayoutState(StrEnum):
    """What a bank says when it is asked about a reference."""

    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"  # never seen, or not decided yet; sending again is safe


class BankTimeout(Exception):
    """The bank did not answer in time; it may or may not have paid."""


class PayoutReferenceReused(Exception):
    """The reference was sent before with another amount, currency or account."""


@dataclass(frozen=True, slots=True)
class PayoutNotification:
    """A result that the bank delivers by itself; the same one may come again."""

    notification_id: str
    reference: str
    outcome: PayoutOutcome
    bank_reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PayoutAnswer:
    """The answer to one instruction, with the notifications that follow it."""

    reference: str
    outcome: PayoutOutcome
    bank_reference: str
    reason: str = ""
    notifications: tuple[PayoutNotification, ...] = ()


@dataclass(frozen=True, slots=True)
class PayoutStatus:
    """What became of a reference."""

    reference: str
    state: PayoutState
    bank_reference: str = ""
    reason: str = ""


class BankRail(Protocol):
    """Pays money to a bank account that is known by a token."""

    def send(self, *, reference: str, amount_minor: int, currency: str, account_token: str) -> PayoutAnswer:
        """Pay once per reference. Raises BankTimeout, PayoutReferenceReused."""
        ...

    def status(self, *, reference: str) -> PayoutStatus:
        """Tell what became of a reference. Raises BankTimeout."""
        ...
