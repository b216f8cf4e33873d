"""A payment came back after its money had been used: undo what it paid, and return the receipt.

Owns: which payments are reversed, newest first and only as far as money is missing, and that loans, lines,
accounts and the receipt move in one commit.
Refuses to know: what a loan is without a payment (the loan's derivation), and why a bank takes money back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from ledger.commands.loan_money import give_back
from ledger.commands.loan_reactions import following
from ledger.commands.record_receipt import require_receipt_currency
from ledger.commands.return_receipt import RECEIPT, check_returnable
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from ledger.kernel.refusals import Refusal, RefusalKind

# Payments of the account that may have used the money: recorded on or after the day it came, newest first.
PAYMENTS: Final = (
    "SELECT r.payment_id, r.loan_id FROM repayment r"
    " JOIN receipt c ON c.channel = %s AND c.reference = %s AND c.account_id = r.source_account_id"
    " JOIN es_event e ON e.shard = r.shard AND e.originator_id = r.loan_id AND e.originator_version = r.sequence"
    " WHERE r.source_account_id = %s AND r.reversed_on IS NULL AND r.kind <> 'from_overpayment'"
    " AND r.effective_date >= c.effective_date"
    " ORDER BY e.pos DESC"
)


class PaymentNotOfReceipt(Refusal):
    """A named payment was not made from this account since the money came, or has been reversed."""

    code = "LENDING_PAYMENT_NOT_OF_RECEIPT"
    kind = RefusalKind.INVALID


class PaymentsNotEnough(Refusal):
    """Reversing these payments does not free as much money as is taken back."""

    code = "LENDING_PAYMENTS_NOT_ENOUGH"


@dataclass(frozen=True, kw_only=True)
class ReturnPayment(Command):
    """Return a receipt and, as far as its money is gone, reverse the loan payments that used it.

    ``payment_ids`` limits which payments may be reversed; without any, all since the receipt may. From
    ``value_date`` on (the open date, if not given) the loans are as if those payments had never been.
    """

    name: ClassVar[str] = "return_payment"

    account_id: UUID
    line_ids: tuple[UUID, ...]
    amount_minor: int
    currency: str
    channel: str
    reference: str
    of_reference: str
    reason: str
    payment_ids: tuple[str, ...] = ()
    value_date: date | None = None

    def home(self) -> UUID:
        """Return the account's identifier."""
        return self.account_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the account, and the lines of the loans it may have paid."""
        return (self.account_id, *self.line_ids)

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask for the receipt and for the payments that may have used it."""
        came = (self.channel, self.of_reference, self.account_id)
        return ((RECEIPT, came), (PAYMENTS, came))


@handles(ReturnPayment)
def return_payment(command: ReturnPayment, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what a return of a receipt refuses, PaymentNotOfReceipt, PaymentsNotEnough, and what loans refuse."""
    account = work.load(SettlementAccount, command.account_id)
    require_receipt_currency(account, command.currency)
    receipt, payments = work.reads
    check_returnable(receipt, amount_minor=command.amount_minor, currency=command.currency)
    undone = []
    for payment_id, loan_id in _candidates(command, payments):
        if account.available_minor >= command.amount_minor:
            break
        given = _reverse(command, payment_id, loan_id, work)
        undone.append({"payment_id": payment_id, "loan_id": str(loan_id), "amount_minor": given})
    _require_enough(command, account)
    account.return_receipt(
        amount_minor=command.amount_minor,
        channel=command.channel,
        reference=command.reference,
        of_reference=command.of_reference,
        effective_date=work.effective_date,
    )
    return {"account_id": str(account.id), "balance_minor": account.state.balance_minor, "reversed": undone}


def _candidates(command: ReturnPayment, rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, UUID]]:
    """Yield the payments that may be reversed, newest first. Refuses PaymentNotOfReceipt."""
    known: dict[str, UUID] = dict(rows)
    for number, payment_id in enumerate(command.payment_ids):
        if payment_id not in known:
            raise PaymentNotOfReceipt(
                "This payment was not made from the account since the money came, or is reversed.",
                field=f"payment_ids[{number}]",
            )
    named = set(command.payment_ids)
    yield from ((one, loan_id) for one, loan_id in known.items() if not named or one in named)


def _reverse(command: ReturnPayment, payment_id: str, loan_id: UUID, work: UnitOfWork) -> int:
    """Undo one payment and give the account what it had paid; return how much."""
    loan = work.load(LoanAccount, loan_id)
    before = loan.state.books.settlement
    with following(work, loan):
        loan.record(
            effective_date=work.effective_date,
            kind=FactKind.PAYMENT_REVERSED,
            fact_id=str(work.new_id(loan.id, "fact", payment_id)),
            value_date=command.value_date,
            reason=command.reason,
            of=payment_id,
        )
    given = loan.state.books.settlement - before
    if given <= 0:
        raise NotFound("This payment brought no money that could be given back.", field="payment_ids")
    give_back(
        command.account_id,
        loan=loan,
        amount_minor=given,
        reason=FactKind.PAYMENT_REVERSED.value,
        work=work,
    )
    return given


def _require_enough(command: ReturnPayment, account: SettlementAccount) -> None:
    if account.available_minor < command.amount_minor:
        raise PaymentsNotEnough(
            "The account would still hold less than is taken back.",
            field="payment_ids",
            available_minor=account.available_minor,
            requested_minor=command.amount_minor,
            currency=command.currency,
        )
