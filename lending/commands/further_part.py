"""Further parts of a loan that is paid out in parts: call one, book what the bank answers, give up the rest.

Owns: the use cases, and handing a part's payout to the outbox under the part's own identifier. The line
reserved the whole amount with the draw, so no limit is asked for again.
Refuses to know: the first part (``drawdown``), the bank (gateways), and by which plan a part is repaid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_parts import require_under_way
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from lending.commands.drawdown import EntityOverdue, check_currency
from lending.domain.credit_line import CreditLine

ACCOUNT_OF_LOAN = (
    "SELECT f.token, f.overdue FROM loan l, lending_drawdown_facts(l.line_id, l.account_id) f WHERE l.id = %s"
)


@dataclass(frozen=True, kw_only=True)
class PartCommand(Command):
    """A command about what is still to be paid out of one loan."""

    loan_id: UUID
    line_id: UUID

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line: what it holds for the loan moves with the loan."""
        return (self.line_id,)


@dataclass(frozen=True, kw_only=True)
class CallPart(PartCommand):
    """Have a further part of the agreed amount paid out, to the account of the loan."""

    name: ClassVar[str] = "call_part"

    amount_minor: int
    currency: str

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask where the bank shall pay, and whether a loan of the line is overdue."""
        return ((ACCOUNT_OF_LOAN, (self.loan_id,)),)


@handles(CallPart)
def call_part(command: CallPart, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the line and the loan refuse, a loan of another line, another currency, and arrears."""
    loan = _loan_of(command, work)
    check_currency(command.currency, loan.state.contract.currency)
    line = work.load(CreditLine, command.line_id)
    part_id = str(work.new_id(loan.id, "part"))
    with following(work, loan):
        loan.call_part(effective_date=work.effective_date, part_id=part_id, amount_minor=command.amount_minor)
    line.require_part(loan_id=loan.id)
    token, is_overdue = work.reads[0][0]
    if is_overdue:
        raise EntityOverdue("A loan of this line is overdue.")
    work.send(
        "payout",
        part_id,
        {
            "loan_id": str(loan.id),
            "line_id": str(line.id),
            "amount_minor": command.amount_minor,
            "currency": command.currency,
            "account_token": str(token),
        },
    )
    return {"loan_id": str(loan.id), "part_id": part_id}


@dataclass(frozen=True, kw_only=True)
class ConfirmPart(PartCommand):
    """The bank paid a part: plan again, and turn that much of the reservation into drawn."""

    name: ClassVar[str] = "confirm_part"

    part_id: str
    bank_reference: str
    paid_minor: int


@handles(ConfirmPart)
def confirm_part(command: ConfirmPart, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the loan refuses, such as a second confirmation, and a loan of another line."""
    loan = _loan_of(command, work)
    line = work.load(CreditLine, command.line_id)
    amount = require_under_way(loan.state.parts, part_id=command.part_id).under_way_minor
    with following(work, loan, paid_out_minor=amount):
        loan.confirm_part(
            effective_date=work.effective_date,
            part_id=command.part_id,
            bank_reference=command.bank_reference,
            paid_minor=command.paid_minor,
        )
        line.book(loan_id=loan.id, amount_minor=amount, effective_date=work.effective_date)
    return _answer(loan, command.part_id)


@dataclass(frozen=True, kw_only=True)
class FailPart(PartCommand):
    """The bank did not pay a part: the loan is as it was, and the part can be called again."""

    name: ClassVar[str] = "fail_part"

    part_id: str
    reason: str


@handles(FailPart)
def fail_part(command: FailPart, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the loan refuses, and a loan of another line."""
    loan = _loan_of(command, work)
    with following(work, loan):
        loan.fail_part(effective_date=work.effective_date, part_id=command.part_id, reason=command.reason)
    return _answer(loan, command.part_id)


@dataclass(frozen=True, kw_only=True)
class GiveUpRest(PartCommand):
    """Call nothing more of a loan: what the line held for it can be drawn otherwise."""

    name: ClassVar[str] = "give_up_rest"


@handles(GiveUpRest)
def give_up_rest(command: GiveUpRest, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the loan refuses, and a loan of another line."""
    loan = _loan_of(command, work)
    with following(work, loan):
        loan.give_up_rest(effective_date=work.effective_date)
    return {"loan_id": str(loan.id), "status": str(loan.state.status)}


def _loan_of(command: PartCommand, work: UnitOfWork) -> LoanAccount:
    """Return the loan; refuses one that was not drawn on the line."""
    loan = work.load(LoanAccount, command.loan_id)
    if loan.state.line_id != command.line_id:
        raise NotFound("The loan was not drawn on this line.", field="line_id")
    return loan


def _answer(loan: LoanAccount, part_id: str) -> dict[str, Any]:
    return {"loan_id": str(loan.id), "part_id": part_id, "status": str(loan.state.status)}
