"""Record money that arrived for an account of a borrower.

Owns: the use case; the account's rules are its own. A channel's reference is credited once, whoever
reports it and however often. Refuses to know: channels and banks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.kernel.refusals import Refusal, RefusalKind


class ReceiptCurrencyMismatch(Refusal):
    """The money is in another currency than the account."""

    code = "LEDGER_RECEIPT_CURRENCY_MISMATCH"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class RecordReceipt(Command):
    """Credit an account with money that arrived through a channel.

    ``value_date`` is the day from which the money counts; without one it counts from the open date.
    """

    name: ClassVar[str] = "record_receipt"

    account_id: UUID
    amount_minor: int
    currency: str
    channel: str
    reference: str
    value_date: date | None = None

    def fingerprint(self) -> str:
        """Return the digest; a receipt without a value date keeps the one it had before there were any."""
        if self.value_date is not None:
            return super().fingerprint()
        asked = {name: value for name, value in vars(self).items() if name != "value_date"}
        return fingerprint_of(self.name, asked)

    def home(self) -> UUID:
        """Return the account's identifier."""
        return self.account_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the account."""
        return (self.account_id,)


@handles(RecordReceipt)
def record_receipt(command: RecordReceipt, work: UnitOfWork) -> dict[str, Any]:
    """Refuses ReceiptCurrencyMismatch, ReceiptAlreadyRecorded and what the account refuses."""
    account = work.load(SettlementAccount, command.account_id)
    require_receipt_currency(account, command.currency)
    account.receive(
        amount_minor=command.amount_minor,
        channel=command.channel,
        reference=command.reference,
        effective_date=work.effective_date,
        value_date=command.value_date,
    )
    return {"account_id": str(account.id), "balance_minor": account.state.balance_minor}


def require_receipt_currency(account: SettlementAccount, currency: str) -> None:
    """Refuses ReceiptCurrencyMismatch."""
    if currency != account.state.currency:
        raise ReceiptCurrencyMismatch(
            f"The account is in {account.state.currency}, not in {currency}.", field="currency"
        )
