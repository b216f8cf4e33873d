"""Money between a loan and the settlement accounts of its borrower.

Owns: that each account holds what the books owe it after a loan took or gave money: a payment is debited, or
deducted from a linked account; what a loan gives back goes where it came from.
Refuses to know: how a loan uses money, and channels.
"""

from __future__ import annotations

from uuid import UUID

from ledger.domain.loan_account import LoanAccount
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.unit_of_work import UnitOfWork


def take_from(
    source: SettlementAccount, *, loan: LoanAccount, amount_minor: int, reason: str, work: UnitOfWork
) -> None:
    """Take a payment from an account of the borrower. Refuses what the account refuses."""
    own_account_id = loan.state.account_id
    assert own_account_id is not None
    if source.id == own_account_id:
        source.debit(
            amount_minor=amount_minor, loan_id=loan.id, reason=reason, effective_date=work.effective_date
        )
        return
    source.deduct(
        amount_minor=amount_minor,
        loan_id=loan.id,
        loan_account_id=own_account_id,
        reason=reason,
        effective_date=work.effective_date,
    )


def give_back(
    account_id: UUID, *, loan: LoanAccount, amount_minor: int, reason: str, work: UnitOfWork
) -> None:
    """Give money of a loan back to the account it came from."""
    own_account_id = loan.state.account_id
    assert own_account_id is not None
    account = work.load(SettlementAccount, account_id)
    if account_id == own_account_id:
        account.credit(
            amount_minor=amount_minor, loan_id=loan.id, reason=reason, effective_date=work.effective_date
        )
        return
    account.return_deduction(
        amount_minor=amount_minor,
        loan_id=loan.id,
        loan_account_id=own_account_id,
        reason=reason,
        effective_date=work.effective_date,
    )
