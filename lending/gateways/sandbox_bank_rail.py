"""A bank for demonstrations and tests that keeps every promise of the port and can go wrong on purpose.

Owns: playing a behaviour (``sandbox_behaviour``) and remembering payments (``payment_store``).
Refuses to know: loans. It moves no real money and reads no clock: a timeout is raised, not waited for.
"""

from __future__ import annotations

from hashlib import sha256

from lending.gateways.bank_rail import (
    BankTimeout,
    PayoutAnswer,
    PayoutNotification,
    PayoutOutcome,
    PayoutReferenceReused,
    PayoutState,
    PayoutStatus,
)
from lending.gateways.payment_store import BankPayment, InMemoryPaymentStore, PaymentStore
from lending.gateways.sandbox_behaviour import Behaviour, BehaviourTable

_REFUSED = "account closed"
_FAILING = frozenset({Behaviour.FAIL, Behaviour.SLOW_FAIL})
_SLOW = frozenset({Behaviour.SLOW, Behaviour.SLOW_FAIL})


class SandboxBankRail:
    """An adapter of ``BankRail``."""

    def __init__(self, *, store: PaymentStore | None = None, table: BehaviourTable | None = None) -> None:
        self._store = store if store is not None else InMemoryPaymentStore()
        self._table = table if table is not None else BehaviourTable()

    def send(self, *, reference: str, amount_minor: int, currency: str, account_token: str) -> PayoutAnswer:
        """Pay once per reference. Raises BankTimeout, PayoutReferenceReused."""
        if type(amount_minor) is not int or amount_minor <= 0:
            raise ValueError("a payout is a positive whole number of minor units")
        behaviour = self._table.behaviour_for(account_token=account_token, reference=reference)
        first_attempt = self._store.count_attempt(reference=reference) == 1
        if behaviour is Behaviour.UNREACHABLE or (first_attempt and behaviour is Behaviour.TIMEOUT_BEFORE):
            raise BankTimeout(reference)
        wanted = _payment(reference, amount_minor, currency, account_token, behaviour)
        kept = self._store.keep(payment=wanted)
        if kept != wanted:
            raise PayoutReferenceReused(reference)
        if first_attempt and behaviour is Behaviour.TIMEOUT_AFTER:
            raise BankTimeout(reference)
        return _answer(kept, behaviour)

    def status(self, *, reference: str) -> PayoutStatus:
        """Tell what became of a reference."""
        payment = self._store.find(reference=reference)
        if payment is None:
            return PayoutStatus(reference, PayoutState.UNKNOWN)
        state = PayoutState.PAID if payment.outcome is PayoutOutcome.PAID else PayoutState.FAILED
        return PayoutStatus(reference, state, payment.bank_reference, payment.reason)


def _payment(
    reference: str, amount_minor: int, currency: str, account_token: str, behaviour: Behaviour
) -> BankPayment:
    failing = behaviour in _FAILING
    return BankPayment(
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        account_token=account_token,
        outcome=PayoutOutcome.FAILED if failing else PayoutOutcome.PAID,
        bank_reference=f"SBX-{sha256(reference.encode()).hexdigest()[:16].upper()}",
        reason=_REFUSED if failing else "",
    )


def _answer(payment: BankPayment, behaviour: Behaviour) -> PayoutAnswer:
    notification = PayoutNotification(
        notification_id=f"{payment.bank_reference}-{payment.outcome}",
        reference=payment.reference,
        outcome=payment.outcome,
        bank_reference=payment.bank_reference,
        reason=payment.reason,
    )
    if behaviour in _SLOW:
        return PayoutAnswer(
            payment.reference,
            PayoutOutcome.ACCEPTED,
            payment.bank_reference,
            notifications=(notification,),
        )
    repeated = (notification, notification) if behaviour is Behaviour.TWICE else ()
    return PayoutAnswer(
        payment.reference, payment.outcome, payment.bank_reference, payment.reason, notifications=repeated
    )
