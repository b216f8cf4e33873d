"""Which bank rail the product pays through.

Owns: the choice, and delivering payouts of loans and withdrawals. Refuses to know: loans and accounts; the
bank's answer becomes a command. A timeout is neither yes nor no: the next try asks for the status first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from ledger.eventstore.commands import Actor, Command, Outcome
from ledger.eventstore.outbox import Message, TryAgain, delivers
from ledger.eventstore.processor import execute
from lending.commands.drawdown import ConfirmPayout, FailPayout
from lending.commands.further_part import ConfirmPart, FailPart
from lending.commands.withdrawal import ConfirmWithdrawal, FailWithdrawal
from lending.gateways.bank_rail import (
    BankRail,
    BankTimeout,
    PayoutAnswer,
    PayoutNotification,
    PayoutOutcome,
    PayoutState,
    PayoutStatus,
)
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
    """Send a payout of a loan once, or find out what became of it, and book the answer."""
    payload = message.payload
    for result in _results(message):
        answer: dict[str, Any] = {
            "line_id": UUID(payload["line_id"]),
            "outcome": _outcome_of(result),
            "bank_reference": result.bank_reference,
            "paid_minor": payload["amount_minor"],
            "reason": result.reason,
        }
        # A whole loan, or the first part of one, is paid under the loan's own name.
        if "loan_id" in payload:
            book_part(loan_id=UUID(payload["loan_id"]), part_id=message.reference, **answer)
        else:
            book_payout(loan_id=UUID(message.reference), **answer)


@delivers("withdrawal")
def pay_withdrawal(message: Message) -> None:
    """Send a withdrawal once, or find out what became of it, and book the answer."""
    for result in _results(message):
        book_withdrawal(
            account_id=UUID(message.payload["account_id"]),
            reference=message.reference,
            outcome=_outcome_of(result),
            bank_reference=result.bank_reference,
            reason=result.reason,
        )


Result = PayoutAnswer | PayoutNotification | PayoutStatus


def _outcome_of(result: Result) -> PayoutOutcome:
    return PayoutOutcome(result.state.value) if isinstance(result, PayoutStatus) else result.outcome


def _results(message: Message) -> Iterable[Result]:
    """Return the bank's final answers; it may give the same one several times. Raises TryAgain."""
    rail = bank_rail()
    try:
        if message.attempts > 1:
            status = rail.status(reference=message.reference)
            if status.state is not PayoutState.UNKNOWN:
                return (status,)
        answer = rail.send(
            reference=message.reference,
            amount_minor=message.payload["amount_minor"],
            currency=message.payload["currency"],
            account_token=message.payload["account_token"],
        )
    except BankTimeout as timeout:
        raise TryAgain("the bank did not answer in time") from timeout
    if answer.outcome is not PayoutOutcome.ACCEPTED:
        return (answer, *answer.notifications)
    if not answer.notifications:
        raise TryAgain("the bank has not decided yet")
    return answer.notifications


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
    return _booked(command, key=f"payout:{loan_id}:{outcome.value}")


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
    return _booked(command, key=f"payout:{part_id}:{outcome.value}")


def book_withdrawal(
    *, account_id: UUID, reference: str, outcome: PayoutOutcome, bank_reference: str, reason: str
) -> Outcome:
    """Turn the bank's answer into the account's next fact; the same answer twice changes nothing more."""
    command: ConfirmWithdrawal | FailWithdrawal
    if outcome is PayoutOutcome.PAID:
        command = ConfirmWithdrawal(account_id=account_id, reference=reference, bank_reference=bank_reference)
    else:
        command = FailWithdrawal(account_id=account_id, reference=reference, reason=reason)
    return _booked(command, key=f"withdrawal:{reference}:{outcome.value}")


def _booked(command: Command, *, key: str) -> Outcome:
    """Carry out what the bank answered, by one key for each answer; raises what the command refuses.

    What it was refused for may have been removed since, and the money has moved: a refusal that is only remembered
    is asked for again under a new key. The states of loans and accounts see to it that nothing is booked twice.
    """
    outcome = execute(command, actor=ACTOR, key=key)
    if outcome.refusal is not None and outcome.replayed:
        outcome = execute(command, actor=ACTOR, key=f"{key}:{uuid4()}")
    outcome.value()
    return outcome
