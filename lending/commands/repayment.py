"""Repay a loan: by the borrower, or by automatic debit on the due date.

Owns: applying a payment to the loan by its value date and taking the money from a settlement account, in one
commit. Refuses to know: how a payment is split (the loan's own rule), and the line's part (``reactions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.commands.loan_money import take_from
from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount, Repayment
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from lending.commands.drawdown import AccountOfAnotherEntity, check_currency


@dataclass(frozen=True, kw_only=True)
class LoanPayment(Command):
    """What every payment of a loan names."""

    loan_id: UUID
    line_id: UUID
    source_account_id: UUID

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line and the account that pays."""
        return (self.line_id, self.source_account_id)


@dataclass(frozen=True, kw_only=True)
class RecordRepayment(LoanPayment):
    """Repay from one account of the entity: an instalment, ahead of time in part, or everything."""

    name: ClassVar[str] = "record_repayment"

    kind: str
    amount_minor: int | None
    currency: str
    mode: str | None = None
    value_date: date | None = None

    def fingerprint(self) -> str:
        """Return the digest; a payment of today by the usual mode keeps the one it had before both could differ."""
        later = {"mode", "value_date"}
        if any(getattr(self, name) is not None for name in later):
            return super().fingerprint()
        return fingerprint_of(self.name, {n: v for n, v in vars(self).items() if n not in later})


@handles(RecordRepayment)
def record_repayment(command: RecordRepayment, work: UnitOfWork) -> dict[str, Any]:
    """Refuses a foreign account or currency, and what the loan and the account refuse."""
    loan, source = load_loan_and_source(command, work)
    check_currency(command.currency, loan.state.contract.currency)
    return pay(
        work,
        loan=loan,
        source=source,
        kind=command.kind,
        amount_minor=command.amount_minor,
        reason="borrower",
        mode=command.mode,
        value_date=command.value_date,
    )


@dataclass(frozen=True, kw_only=True)
class DebitDueAmount(LoanPayment):
    """Take what is due on a loan from its own account, as far as there is money."""

    name: ClassVar[str] = "debit_due_amount"


@handles(DebitDueAmount)
def debit_due_amount(command: DebitDueAmount, work: UnitOfWork) -> dict[str, Any]:
    """Take nothing when nothing is due or available; that is no refusal."""
    loan, source = load_loan_and_source(command, work)
    amount_minor = min(loan.due_amount(work.effective_date), source.available_minor)
    if amount_minor <= 0:
        return {"applied_minor": 0}
    return pay(
        work, loan=loan, source=source, kind="instalment", amount_minor=amount_minor, reason="auto_debit"
    )


def load_loan_and_source(command: LoanPayment, work: UnitOfWork) -> tuple[LoanAccount, SettlementAccount]:
    """Return both sides of a payment; refuses NotFound and AccountOfAnotherEntity."""
    loan = work.load(LoanAccount, command.loan_id)
    if loan.state.line_id != command.line_id:
        raise NotFound("The loan was not drawn on this line.", field="line_id")
    source = work.load(SettlementAccount, command.source_account_id)
    if source.state.entity_id != loan.state.entity_id:
        raise AccountOfAnotherEntity("The account belongs to another entity.", field="source_account_id")
    return loan, source


def pay(
    work: UnitOfWork,
    *,
    loan: LoanAccount,
    source: SettlementAccount,
    kind: str,
    amount_minor: int | None,
    reason: str,
    mode: str | None = None,
    value_date: date | None = None,
) -> dict[str, Any]:
    """Apply a payment to the loan and take it from the account; the line follows the principal."""
    with following(work, loan):
        repayment = loan.repay(
            effective_date=work.effective_date,
            payment_id=str(work.new_id(loan.id, "payment", source.id)),
            kind=kind,
            amount_minor=amount_minor,
            source_account_id=source.id,
            reason=reason,
            mode=mode,
            value_date=value_date,
        )
    take_from(source, loan=loan, amount_minor=repayment.applied_minor, reason=reason, work=work)
    return as_result(loan, repayment)


def as_result(loan: LoanAccount, repayment: Repayment) -> dict[str, Any]:
    """Return what a payment did, as JSON values."""
    return {
        "loan_id": str(loan.id),
        "payment_id": repayment.payment_id,
        "status": str(loan.state.status),
        "applied_minor": repayment.applied_minor,
        "left_over_minor": repayment.left_over_minor,
        "early_fee_minor": repayment.fee_minor,
        "parts": [
            {
                "number": part.number,
                "fee_minor": part.fee_minor,
                "penalty_minor": part.penalty_minor,
                "compound_minor": part.compound_minor,
                "interest_minor": part.interest_minor,
                "principal_minor": part.principal_minor,
            }
            for part in repayment.parts
        ],
    }
