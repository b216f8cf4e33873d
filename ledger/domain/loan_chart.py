"""The state chart of a loan: every state against every command.

Owns: the matrix that decides whether a command may be tried in a state, and the refusal if not.
Refuses to know: amounts and dates; a permitted command can still be refused for those.
"""

from __future__ import annotations

from typing import Final, Literal

from ledger.domain.loan_state import LoanStatus
from ledger.kernel.refusals import Refusal, RefusalKind

Cell = Literal["event"] | type[Refusal]
EVENT: Final = "event"
COMMANDS: Final = ("request", "disburse", "fail_disbursement", "catch_up", "repay")


class LoanNotRequested(Refusal):
    """There is no such loan yet."""

    code = "LEDGER_LOAN_NOT_REQUESTED"
    kind = RefusalKind.NOT_FOUND


class LoanAlreadyRequested(Refusal):
    """A loan is requested once."""

    code = "LEDGER_LOAN_ALREADY_REQUESTED"


class LoanNotDisbursed(Refusal):
    """The bank has not paid the loan out."""

    code = "LEDGER_LOAN_NOT_DISBURSED"


class LoanAlreadyDisbursed(Refusal):
    """The bank has paid the loan out; that happens once and cannot fail afterwards."""

    code = "LEDGER_LOAN_ALREADY_DISBURSED"


class LoanAlreadySettled(Refusal):
    """Everything has been paid; nothing more can happen to the loan."""

    code = "LEDGER_LOAN_ALREADY_SETTLED"


class LoanAlreadyCancelled(Refusal):
    """The loan was cancelled before it was paid out."""

    code = "LEDGER_LOAN_ALREADY_CANCELLED"


_ROWS: Final[dict[LoanStatus, tuple[Cell, Cell, Cell, Cell, Cell]]] = {
    LoanStatus.ABSENT: (EVENT, LoanNotRequested, LoanNotRequested, LoanNotRequested, LoanNotRequested),
    LoanStatus.REQUESTED: (LoanAlreadyRequested, EVENT, EVENT, LoanNotDisbursed, LoanNotDisbursed),
    LoanStatus.ACTIVE: (LoanAlreadyRequested, LoanAlreadyDisbursed, LoanAlreadyDisbursed, EVENT, EVENT),
    LoanStatus.OVERDUE: (LoanAlreadyRequested, LoanAlreadyDisbursed, LoanAlreadyDisbursed, EVENT, EVENT),
    LoanStatus.SETTLED: (LoanAlreadyRequested, *(LoanAlreadySettled,) * 4),
    LoanStatus.CANCELLED: (LoanAlreadyRequested, *(LoanAlreadyCancelled,) * 4),
}

MATRIX: Final[dict[tuple[LoanStatus, str], Cell]] = {
    (status, command): cell
    for status, cells in _ROWS.items()
    for command, cell in zip(COMMANDS, cells, strict=True)
}


def require_permitted(*, status: LoanStatus, command: str) -> None:
    """Raise the refusal the matrix names for this state and command, if it names one."""
    cell = MATRIX[status, command]
    if cell != EVENT:
        raise cell(f"A loan that is {status} cannot take the command {command}.", status=str(status))
