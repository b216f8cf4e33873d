"""Give money back to the channel that brought it: a transfer bounced, a debit was objected to.

Owns: the use case while the account still has the money, and the check that a receipt can be returned, for
every command that returns one. Refuses to know: loans; a command that first reverses what the money has paid
stands above the books.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from ledger.commands.record_receipt import require_receipt_currency
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.projections.settlement import ReceiptAlreadyReturned

# Read after the account's lock, on which every return of a receipt of this account waits.
RECEIPT: Final = (
    "SELECT amount_minor, returned_on FROM receipt WHERE channel = %s AND reference = %s AND account_id = %s"
)


class ReturnExceedsReceipt(Refusal):
    """A channel takes back no more than it brought."""

    code = "LEDGER_RETURN_EXCEEDS_RECEIPT"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class ReturnReceipt(Command):
    """Give back what came under ``of_reference``, or part of it, once; ``reference`` names the return."""

    name: ClassVar[str] = "return_receipt"

    account_id: UUID
    amount_minor: int
    currency: str
    channel: str
    reference: str
    of_reference: str

    def home(self) -> UUID:
        """Return the account's identifier."""
        return self.account_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the account."""
        return (self.account_id,)

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask for the receipt."""
        return ((RECEIPT, (self.channel, self.of_reference, self.account_id)),)


@handles(ReturnReceipt)
def return_receipt(command: ReturnReceipt, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what ``check_returnable`` refuses, ReturnReferenceUsed, and what the account refuses."""
    account = work.load(SettlementAccount, command.account_id)
    require_receipt_currency(account, command.currency)
    check_returnable(work.reads[0], amount_minor=command.amount_minor, currency=command.currency)
    account.return_receipt(
        amount_minor=command.amount_minor,
        channel=command.channel,
        reference=command.reference,
        of_reference=command.of_reference,
        effective_date=work.effective_date,
    )
    return {"account_id": str(account.id), "balance_minor": account.state.balance_minor}


def check_returnable(rows: Iterable[tuple[Any, ...]], *, amount_minor: int, currency: str) -> None:
    """Check the rows of ``RECEIPT``. Refuses NotFound, ReceiptAlreadyReturned, ReturnExceedsReceipt."""
    receipt = next(iter(rows), None)
    if receipt is None:
        raise NotFound("No money came to this account under this reference.", field="of_reference")
    received_minor, returned_on = receipt
    if returned_on is not None:
        raise ReceiptAlreadyReturned(
            "This receipt has been returned before.",
            field="of_reference",
            returned_on=returned_on.isoformat(),
        )
    if amount_minor > received_minor:
        raise ReturnExceedsReceipt(
            "This is more than came under this reference.",
            field="amount_minor",
            received_minor=received_minor,
            requested_minor=amount_minor,
            currency=currency,
        )
