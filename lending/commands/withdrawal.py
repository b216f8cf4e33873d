"""Pay free money of a settlement account out to the borrower, and book what the bank answers.

Owns: that what is due comes first, holding the amount, handing it to the outbox under a reference of its
own, and turning the bank's answer into money that left or is free again.
Refuses to know: the bank (gateways), and what is free (the account's own rule).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from ledger.kernel.refusals import Refusal
from lending.commands.drawdown import check_currency

# Read after the account's lock. A loan off the books is owed as a whole.
BANK_AND_DEBT: Final = (
    "SELECT a.platform || ':' || a.external_id,"
    " (SELECT min(l.next_due_on) FROM loan l"
    " WHERE l.entity_id = a.entity_id AND l.status IN ('active', 'overdue')),"
    " EXISTS (SELECT 1 FROM loan l WHERE l.entity_id = a.entity_id AND l.status = 'charged_off')"
    " FROM shop_account a WHERE a.id = %s"
)


class MoneyDue(Refusal):
    """Something is due on a loan of the entity, or was charged off; it is paid before money is withdrawn."""

    code = "LENDING_MONEY_DUE"


@dataclass(frozen=True, kw_only=True)
class WithdrawFunds(Command):
    """Pay an amount of an account's free money out to the bank account behind it."""

    name: ClassVar[str] = "withdraw_funds"

    account_id: UUID
    amount_minor: int
    currency: str

    def home(self) -> UUID:
        """Return the account's identifier."""
        return self.account_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the account: two withdrawals come one after the other."""
        return (self.account_id,)

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask where the bank shall pay, and what the entity owes."""
        return ((BANK_AND_DEBT, (self.account_id,)),)


@handles(WithdrawFunds)
def withdraw_funds(command: WithdrawFunds, work: UnitOfWork) -> dict[str, Any]:
    """Refuses NotFound, CurrencyMismatch, MoneyDue, and what the account refuses."""
    account = work.load(SettlementAccount, command.account_id)
    check_currency(command.currency, account.state.currency)
    token = _payable_token(work.reads[0], on=work.effective_date)
    reference = str(work.new_id(account.id, "withdrawal"))
    account.request_withdrawal(
        amount_minor=command.amount_minor, reference=reference, effective_date=work.effective_date
    )
    work.send(
        "withdrawal",
        reference,
        {
            "account_id": str(account.id),
            "amount_minor": command.amount_minor,
            "currency": command.currency,
            "account_token": token,
        },
    )
    return _standing(account, reference)


def _payable_token(rows: list[tuple[Any, ...]], *, on: date) -> str:
    """Return where the bank shall pay; overdue money is collected from every account of the entity."""
    if not rows:
        raise NotFound("There is no such account.", field="account_id")
    token, next_due_on, is_charged_off = rows[0]
    if is_charged_off or (next_due_on is not None and next_due_on <= on):
        raise MoneyDue("What is due on the entity's loans is paid first.")
    return str(token)


@dataclass(frozen=True, kw_only=True)
class WithdrawalAnswer(Command):
    """What every answer of the bank names."""

    account_id: UUID
    reference: str

    def home(self) -> UUID:
        """Return the account's identifier."""
        return self.account_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the account."""
        return (self.account_id,)


@dataclass(frozen=True, kw_only=True)
class ConfirmWithdrawal(WithdrawalAnswer):
    """The bank paid: the money has left the account."""

    name: ClassVar[str] = "confirm_withdrawal"

    bank_reference: str


@handles(ConfirmWithdrawal)
def confirm_withdrawal(command: ConfirmWithdrawal, work: UnitOfWork) -> dict[str, Any]:
    """Refuses NotFound, and what the account refuses, such as a second confirmation."""
    account = work.load(SettlementAccount, command.account_id)
    account.confirm_withdrawal(
        reference=command.reference,
        bank_reference=command.bank_reference,
        effective_date=work.effective_date,
    )
    return _standing(account, command.reference)


@dataclass(frozen=True, kw_only=True)
class FailWithdrawal(WithdrawalAnswer):
    """The bank did not pay: the money is free again."""

    name: ClassVar[str] = "fail_withdrawal"

    reason: str


@handles(FailWithdrawal)
def fail_withdrawal(command: FailWithdrawal, work: UnitOfWork) -> dict[str, Any]:
    """Refuses NotFound, and what the account refuses."""
    account = work.load(SettlementAccount, command.account_id)
    account.fail_withdrawal(
        reference=command.reference, reason=command.reason, effective_date=work.effective_date
    )
    return _standing(account, command.reference)


def _standing(account: SettlementAccount, reference: str) -> dict[str, Any]:
    return {
        "withdrawal_id": reference,
        "account_id": str(account.id),
        "balance_minor": account.state.balance_minor,
        "available_minor": account.available_minor,
    }
