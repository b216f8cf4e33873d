"""What a credit line does when a loan drawn on it moves.

Owns: that the line counts as drawn what its loans owe, and holds for a loan that is paid out in parts what of
it is still to come. Refuses to know: why a loan moved.
"""

from __future__ import annotations

from ledger.commands.loan_reactions import reacts_to_loans
from ledger.domain.loan_account import LoanAccount
from ledger.eventstore.unit_of_work import UnitOfWork
from lending.domain.credit_line import CreditLine


@reacts_to_loans
def follow_principal(work: UnitOfWork, loan: LoanAccount, moved_minor: int) -> None:
    """Make room for principal that was repaid, or count it as drawn when it is owed again."""
    if moved_minor == 0:
        return
    assert loan.state.line_id is not None
    line, on = work.load(CreditLine, loan.state.line_id), work.effective_date
    if moved_minor < 0:
        line.restore_limit(loan_id=loan.id, amount_minor=-moved_minor, effective_date=on)
    else:
        line.owe_again(loan_id=loan.id, amount_minor=moved_minor, effective_date=on)


@reacts_to_loans
def follow_rest(work: UnitOfWork, loan: LoanAccount, _moved_minor: int) -> None:
    """Give back to the line what can no longer be called of a loan that is paid out in parts."""
    parts = loan.state.parts
    if parts is None:
        return
    assert loan.state.line_id is not None
    line = work.load(CreditLine, loan.state.line_id)
    ended = line.state.reservations.get(str(loan.id), 0) - parts.held_minor
    if ended > 0:
        line.release(loan_id=loan.id, amount_minor=ended, effective_date=work.effective_date)
