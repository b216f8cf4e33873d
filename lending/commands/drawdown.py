"""Draw on a credit line, and book what the bank answers.

Owns: reserving the limit, handing the payout to the outbox, and turning the bank's answer into a
disbursed or a cancelled loan. Refuses to know: the bank (gateways) and the arithmetic (ledger).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount
from ledger.domain.plans.choices import Batch
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.policies.agreeing import loan_parts_of, loan_terms_of
from ledger.policies.product_terms import ProductTerms
from ledger.product_versions import OF_PRODUCT, product_of
from lending.domain.credit_line import CreditLine


class AccountOfAnotherEntity(Refusal):
    """The account does not belong to the entity that owns the line or the loan."""

    code = "LENDING_ACCOUNT_OF_ANOTHER_ENTITY"
    kind = RefusalKind.FORBIDDEN


class CurrencyMismatch(Refusal):
    """The amount is in another currency than the line, loan or account."""

    code = "LENDING_CURRENCY_MISMATCH"
    kind = RefusalKind.INVALID


class EntityOverdue(Refusal):
    """While a loan of the line is overdue, nothing more can be drawn."""

    code = "LENDING_ENTITY_OVERDUE"


ACCOUNT_AND_ARREARS = "SELECT entity_id, token, overdue FROM lending_drawdown_facts(%s, %s)"


@dataclass(frozen=True, kw_only=True)
class RequestDrawdown(Command):
    """Draw an amount under a line, to be paid out to one account of the entity.

    ``batches`` are the agreed repayments of principal, for the method that has them. ``first_part_minor`` is what
    is paid out at once of a loan that is paid out in parts; None is all of it.
    """

    name: ClassVar[str] = "request_drawdown"

    line_id: UUID
    account_id: UUID
    amount_minor: int
    currency: str
    product_code: str
    term: int
    batches: tuple[Batch, ...] = ()
    first_part_minor: int | None = None

    def fingerprint(self) -> str:
        """Return the digest; a draw without batches or parts keeps the one it had before draws could have any."""
        later = {"batches": (), "first_part_minor": None}
        asked = {name: value for name, value in vars(self).items() if value != later.get(name, self)}
        return fingerprint_of(self.name, asked)

    def home(self) -> UUID:
        """Return the line's identifier."""
        return self.line_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line: drawdowns on one line come one after the other."""
        return (self.line_id,)

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask whose account it is, whether a loan of the line is overdue, and for the product's versions."""
        return (
            (ACCOUNT_AND_ARREARS, (self.line_id, self.account_id)),
            (OF_PRODUCT, (self.product_code, self.product_code)),
        )


@handles(RequestDrawdown)
def request_drawdown(command: RequestDrawdown, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the line, the product and the loan refuse, and a foreign account or currency."""
    line = work.load(CreditLine, command.line_id)
    check_currency(command.currency, line.state.currency)
    token = _payout_token(line, work.reads[0])
    product = product_of(work.reads[1], code=command.product_code, on=work.effective_date)
    _require_offered(product, command, work.effective_date)
    loan = LoanAccount.blank(work.new_id(command.line_id, "loan"))
    work.add(loan)
    line.reserve(loan_id=loan.id, amount_minor=command.amount_minor, effective_date=work.effective_date)
    assert line.state.entity_id is not None
    loan.request(
        effective_date=work.effective_date,
        entity_id=line.state.entity_id,
        line_id=line.id,
        account_id=command.account_id,
        principal_minor=command.amount_minor,
        terms=loan_terms_of(
            product, currency=command.currency, term=command.term, signed_on=work.effective_date
        ),
        conventions=product.conventions(command.batches),
        parts=loan_parts_of(
            product,
            first_minor=command.first_part_minor,
            amount_minor=command.amount_minor,
            signed_on=work.effective_date,
        ),
    )
    work.send(
        "payout",
        str(loan.id),
        {
            "line_id": str(line.id),
            "amount_minor": command.first_part_minor or command.amount_minor,
            "currency": command.currency,
            "account_token": token,
        },
    )
    return {"loan_id": str(loan.id)}


def _require_offered(product: ProductTerms, command: RequestDrawdown, on: date) -> None:
    product.require_currency(command.currency)
    product.require_term(command.term)
    product.require_amount(command.amount_minor)
    product.require_batches(command.batches, amount_minor=command.amount_minor, term=command.term, start=on)


def check_currency(given: str, expected: str) -> None:
    """Refuse CurrencyMismatch unless both are the same."""
    if given != expected:
        raise CurrencyMismatch(f"The amount is in {given}, not in {expected}.", field="currency")


def _payout_token(line: CreditLine, rows: list[tuple[Any, ...]]) -> str:
    """Return where the bank shall pay; the account must be the entity's, and nothing may be overdue."""
    if not rows:
        raise NotFound("There is no such account.", field="account_id")
    entity_id, token, overdue = rows[0]
    if entity_id != line.state.entity_id:
        raise AccountOfAnotherEntity("The account belongs to another entity.", field="account_id")
    if overdue and not line.state.blacklisted:
        raise EntityOverdue("A loan of this line is overdue.")
    return str(token)


@dataclass(frozen=True, kw_only=True)
class ConfirmPayout(Command):
    """The bank paid: build the plan, book the loan, turn what was paid of the reservation into drawn."""

    name: ClassVar[str] = "confirm_payout"

    loan_id: UUID
    line_id: UUID
    bank_reference: str
    paid_minor: int

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line."""
        return (self.line_id,)


@handles(ConfirmPayout)
def confirm_payout(command: ConfirmPayout, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the loan refuses, such as a second confirmation."""
    loan = work.load(LoanAccount, command.loan_id)
    line = work.load(CreditLine, command.line_id)
    with following(work, loan, paid_out_minor=command.paid_minor):
        loan.disburse(
            effective_date=work.effective_date,
            bank_reference=command.bank_reference,
            paid_minor=command.paid_minor,
        )
        line.book(loan_id=loan.id, amount_minor=command.paid_minor, effective_date=work.effective_date)
    return {"loan_id": str(loan.id), "status": loan.state.status}


@dataclass(frozen=True, kw_only=True)
class FailPayout(Command):
    """The bank did not pay: cancel the loan and give the reservation back."""

    name: ClassVar[str] = "fail_payout"

    loan_id: UUID
    line_id: UUID
    reason: str

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line."""
        return (self.line_id,)


@handles(FailPayout)
def fail_payout(command: FailPayout, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the loan refuses."""
    loan = work.load(LoanAccount, command.loan_id)
    loan.fail_disbursement(effective_date=work.effective_date, reason=command.reason)
    line = work.load(CreditLine, command.line_id)
    line.release(loan_id=loan.id, effective_date=work.effective_date)
    return {"loan_id": str(loan.id), "status": loan.state.status}
