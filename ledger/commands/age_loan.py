"""Bring one loan up to the open business date: what is overdue, penalties that begin, interest that is no income.

Owns: the use case. Every other command on a loan does the same first, so a loan is never behind its
own commands. Refuses to know: which loans need it (the day close).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_chart import AGEING, require_permitted
from ledger.domain.loan_state import LoanStatus
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AgeLoan(Command):
    """Record what the passing of time has made of a loan."""

    name: ClassVar[str] = "age_loan"

    loan_id: UUID

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id


@handles(AgeLoan)
def age_loan(command: AgeLoan, work: UnitOfWork) -> dict[str, Any]:
    """Record nothing when nothing changed, or when the loan ended since it was listed; that is no refusal."""
    loan = work.load(LoanAccount, command.loan_id)
    if loan.state.status in (LoanStatus.REQUESTED, LoanStatus.CANCELLED):
        require_permitted(status=loan.state.status, command="catch_up")
    if loan.state.status in AGEING:
        with following(work, loan):
            loan.catch_up(effective_date=work.effective_date)
    return {"status": str(loan.state.status), "days_past_due": loan.days_past_due(work.effective_date)}
