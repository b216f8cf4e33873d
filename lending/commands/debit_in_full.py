"""Debit what is due on a loan as a whole, or nothing.

Owns: that nothing is taken when the money is short, and that the answer says so. Refuses to know: which
products take no part (the one who gives the command), and how a payment is applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.eventstore.commands import handles
from ledger.eventstore.unit_of_work import UnitOfWork
from lending.commands.repayment import DebitDueAmount, LoanPayment, debit_due_amount, load_loan_and_source


@dataclass(frozen=True, kw_only=True)
class DebitInFull(LoanPayment):
    """Take all that is due on a loan from its own account, if all of it is there."""

    name: ClassVar[str] = "debit_in_full"


@handles(DebitInFull)
def debit_in_full(command: DebitInFull, work: UnitOfWork) -> dict[str, Any] | None:
    """Take nothing when the money is short; ``short_minor`` says by how much. That is no refusal."""
    loan, source = load_loan_and_source(command, work)
    short_minor = loan.due_amount(work.effective_date) - source.available_minor
    if short_minor > 0:
        return {"applied_minor": 0, "short_minor": short_minor}
    as_far_as_due = DebitDueAmount(
        loan_id=command.loan_id, line_id=command.line_id, source_account_id=command.source_account_id
    )
    return debit_due_amount(as_far_as_due, work)
