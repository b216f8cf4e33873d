"""Which bank rail the product pays through.

Owns: the choice, and delivering payout messages. Refuses to know: loans; the bank's answer becomes a
command. A timeout is neither yes nor no: the next try asks for the status first.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ledger.eventstore.commands import Actor, Outcome
from ledger.eventstore.outbox import Message, TryAgain, delivers
from ledger.eventstore.processor import execute
from lending.commands.drawdown import ConfirmPayout, FailPayout
from lending.commands.further_part import ConfirmPart, FailPart
from lending.gateways.bank_rail import BankRail, BankTimeout, PayoutOutcome, PayoutState
from lending.gateways.database_payment_store import DatabasePaymentStore
from lending.gateways.sandbox_bank_rail import SandboxBankRail
from lending.gateways.sandbox_behaviour import BehaviourTable

ACTOR = Actor("system:payouts", frozenset({"system"}))
_rails: dict[str, BankRail] = {}


def use_bank_rail(rail: BankRail) -> None:
    """Pay through this rail from now on in this process."""
    _rails["default"] = rail


def bank_rail() -> BankRail:
    """Return the rail in use; without a choice, the sandbox with its memory in the database."""
    if "default" not in _rails:
        use_bank_rail(SandboxBankRail(store=DatabasePaymentStore(), table=BehaviourTable()))
    return _rails["default"]


@delivers("payout")
def pay_out(message: Message) -> None:
    """Send a payout once, or find out what became of it, and book the answer."""
    rail = bank_rail()
    try:
        if message.attempts > 1:
            status = rail.status(reference=message.reference)
            if status.state is not PayoutState.UNKNOWN:
                _book(message, PayoutOutcome(status.state.value), status.bank_reference, status.reason)
                return
        answer = rail.send(
            reference=message.reference,
            amount_minor=message.payload["amount_minor"],
            currency=message.payload["currency"],
            account_token=message.payload["account_token"],
        )
    except BankTimeout as timeout:
        raise TryAgain("the bank did not answer in time") from timeout
    if answer.outcome is PayoutOutcome.ACCEPTED and not answer.notifications:
        raise TryAgain("the bank has not decided yet")
    if answer.outcome is not PayoutOutcome.ACCEPTED:
        _book(message, answer.outcome, answer.bank_reference, answer.reason)
    for notification in answer.notifications:
        _book(message, notification.outcome, notification.bank_reference, notification.reason)


def _book(message: Message, outcome: PayoutOutcome, bank_reference: str, reason: str) -> None:
    payload = message.payload
    answer = {
        "line_id": UUID(payload["line_id"]),
        "outcome": outcome,
        "bank_reference": bank_reference,
        "paid_minor": payload["amount_minor"],
        "reason": reason,
    }
    # A whole loan, or the first part of one, is paid under the loan's own name.
    if "loan_id" in payload:
        book_part(loan_id=UUID(payload["loan_id"]), part_id=message.reference, **answer)
    else:
        book_payout(loan_id=UUID(message.reference), **answer)


def book_payout(
    *, loan_id: UUID, line_id: UUID, outcome: PayoutOutcome, bank_reference: str, paid_minor: int, reason: str
) -> Outcome:
    """Turn the bank's answer into the loan's next fact; the same answer twice changes nothing more."""
    command: Any
    if outcome is PayoutOutcome.PAID:
        command = ConfirmPayout(
            loan_id=loan_id, line_id=line_id, bank_reference=bank_reference, paid_minor=paid_minor
        )
    else:
        command = FailPayout(loan_id=loan_id, line_id=line_id, reason=reason)
    outcome_of = execute(command, actor=ACTOR, key=f"payout:{loan_id}:{outcome.value}")
    outcome_of.value()
    return outcome_of


def book_part(
    *,
    loan_id: UUID,
    line_id: UUID,
    part_id: str,
    outcome: PayoutOutcome,
    bank_reference: str,
    paid_minor: int,
    reason: str,
) -> Outcome:
    """Turn the bank's answer about a further part into the loan's next fact; the same twice changes nothing."""
    common: dict[str, Any] = {"loan_id": loan_id, "line_id": line_id, "part_id": part_id}
    command: Any = FailPart(**common, reason=reason)
    if outcome is PayoutOutcome.PAID:
        command = ConfirmPart(**common, bank_reference=bank_reference, paid_minor=paid_minor)
    outcome_of = execute(command, actor=ACTOR, key=f"payout:{part_id}:{outcome.value}")
    outcome_of.value()
    return outcome_of
