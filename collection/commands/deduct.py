"""Deduct an overdue debt from the accounts of the same entity, and tell the borrower.

Owns: the use case: every account that pays gets its own entry and its own notice, all in one commit.
Refuses to know: the order of the accounts (policy) and the split of a payment (the loan).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from collection.policies.deduction_order import DeductibleAccount, Deduction, OverdueDebt, plan_deductions
from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_state import LoanStatus
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import UnitOfWork
from lending.commands.repayment import pay
from lending.domain.entity import LegalEntity

REASON = "linked_deduction"


@dataclass(frozen=True, kw_only=True)
class DeductFromLinkedAccounts(Command):
    """Take an overdue amount from the accounts of the entity that owns the loan."""

    name: ClassVar[str] = "deduct_from_linked_accounts"

    loan_id: UUID
    line_id: UUID
    entity_id: UUID
    account_ids: tuple[UUID, ...]

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line and every account that may pay."""
        return (self.line_id, *self.account_ids)


@handles(DeductFromLinkedAccounts)
def deduct_from_linked_accounts(command: DeductFromLinkedAccounts, work: UnitOfWork) -> dict[str, Any]:
    """Deduct nothing when nothing is overdue or available; that is no refusal."""
    loan = work.load(LoanAccount, command.loan_id)
    # Paid off since it was listed for deduction: the borrower was quicker than the day close.
    if loan.state.status not in (LoanStatus.ACTIVE, LoanStatus.OVERDUE):
        return {"deducted_minor": 0, "remaining_minor": 0, "accounts": []}
    with following(work, loan):
        loan.catch_up(effective_date=work.effective_date)
    entity = work.load(LegalEntity, command.entity_id)
    accounts = {
        account_id: work.load(SettlementAccount, account_id)
        for account_id in command.account_ids
        if entity.account(account_id) is not None
    }
    amount_minor = loan.overdue_amount(work.effective_date) if loan.state.entity_id == entity.id else 0
    if amount_minor <= 0:
        return {"deducted_minor": 0, "remaining_minor": 0, "accounts": []}
    plan = plan_deductions(
        debt=_debt(loan, amount_minor, work),
        accounts=[_candidate(entity, held) for held in accounts.values()],
    )
    for deduction in plan.deductions:
        _deduct(work, loan=loan, source=accounts[deduction.account_id], deduction=deduction)
    return {
        "deducted_minor": sum(deduction.amount_minor for deduction in plan.deductions),
        "remaining_minor": plan.remaining_minor,
        "accounts": [str(deduction.account_id) for deduction in plan.deductions],
    }


def _deduct(work: UnitOfWork, *, loan: LoanAccount, source: SettlementAccount, deduction: Deduction) -> None:
    pay(
        work,
        loan=loan,
        source=source,
        kind="instalment",
        amount_minor=deduction.amount_minor,
        reason=REASON,
    )
    reference = f"deduction:{source.id}:{source.version}"
    work.send(
        "notice",
        reference,
        {
            "template": "linked_account_debited",
            "recipient": str(source.id),
            "loan_id": str(loan.id),
            "amount_minor": deduction.amount_minor,
            "currency": loan.state.contract.currency,
            "effective_date": work.effective_date.isoformat(),
        },
    )


def _debt(loan: LoanAccount, amount_minor: int, work: UnitOfWork) -> OverdueDebt:
    assert loan.state.account_id is not None
    return OverdueDebt(
        loan_id=loan.id,
        loan_account_id=loan.state.account_id,
        currency=loan.state.contract.currency,
        amount_minor=amount_minor,
        overdue_since=work.effective_date,
    )


def _candidate(entity: LegalEntity, account: SettlementAccount) -> DeductibleAccount:
    linked = entity.account(account.id)
    assert linked is not None
    return DeductibleAccount(
        account_id=account.id,
        role=linked.role,
        currency=account.state.currency,
        available_minor=account.available_minor,
    )
