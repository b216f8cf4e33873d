"""What the sandbox bank remembers between calls, and the store that keeps it in memory.

Owns: the payment as the bank sees it, and the three things a store must do.
Refuses to know: how a payment turns out; a database store offers the same three methods.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from lending.gateways.bank_rail import PayoutOutcome


@dataclass(frozen=True, slots=True)
class BankPayment:
    """One executed or refused instruction; ``outcome`` is final (paid or failed)."""

    reference: str
    amount_minor: int
    currency: str
    account_token: str
    outcome: PayoutOutcome
    bank_reference: str
    reason: str = ""


class PaymentStore(Protocol):
    """Keeps payments by reference and counts how often each reference was sent."""

    def count_attempt(self, *, reference: str) -> int:
        """Count one more sending and return its number, from 1."""
        ...

    def keep(self, *, payment: BankPayment) -> BankPayment:
        """Keep a payment unless its reference is taken; return the one that is kept."""
        ...

    def find(self, *, reference: str) -> BankPayment | None:
        """Return the payment of a reference."""
        ...


@dataclass
class InMemoryPaymentStore:
    """A store for tests and for a single process; safe for threads."""

    payments: dict[str, BankPayment] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def count_attempt(self, *, reference: str) -> int:
        """Count one more sending and return its number, from 1."""
        with self._lock:
            self.attempts[reference] = self.attempts.get(reference, 0) + 1
            return self.attempts[reference]

    def keep(self, *, payment: BankPayment) -> BankPayment:
        """Keep a payment unless its reference is taken; return the one that is kept."""
        with self._lock:
            return self.payments.setdefault(payment.reference, payment)

    def find(self, *, reference: str) -> BankPayment | None:
        """Return the payment of a reference."""
        with self._lock:
            return self.payments.get(reference)
