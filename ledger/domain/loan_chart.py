"""The state chart of a loan: every state against every command.

Owns: the matrix that decides whether a command may be tried in a state, and the refusal if not.
Refuses to know: amounts and dates; a permitted command can still be refused for those.
Facts about money, plans and charges are taken while something is owed or overpaid, and still after the loan
was settled where a late fact may revive it; nothing happens to a loan that never came into being.
"""

from __future__ import annotations

from typing import Final, Literal

from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanStatus
from ledger.kernel.refusals import Refusal, RefusalKind

Cell = Literal["event"] | type[Refusal]
EVENT: Final = "event"


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
    """Everything has been paid; only what undoes a payment or a refund can still happen to the loan."""

    code = "LEDGER_LOAN_ALREADY_SETTLED"


class LoanAlreadyCancelled(Refusal):
    """The loan was cancelled before it was paid out."""

    code = "LEDGER_LOAN_ALREADY_CANCELLED"


class LoanChargedOff(Refusal):
    """The loan is off the books: money for it is a recovery, and its terms change no more."""

    code = "LEDGER_LOAN_CHARGED_OFF"


class LoanNotChargedOff(Refusal):
    """The loan is on the books."""

    code = "LEDGER_LOAN_NOT_CHARGED_OFF"


class LoanGivenUp(Refusal):
    """What was left of the claim was given up."""

    code = "LEDGER_LOAN_GIVEN_UP"


class LoanIsOverdue(Refusal):
    """Nothing more is paid out on a loan that is overdue."""

    code = "LEDGER_LOAN_OVERDUE"


class LoanSold(Refusal):
    """The loan is a buyer's: only what the time before the sale brings to light, and its undoing, can happen to it."""

    code = "LEDGER_LOAN_SOLD"


class LoanNotSold(Refusal):
    """The loan was not sold."""

    code = "LEDGER_LOAN_NOT_SOLD"


class LoanNotOverdue(Refusal):
    """Only a claim that is overdue is taken off the books, given up or settled for less."""

    code = "LEDGER_LOAN_NOT_OVERDUE"


_BEFORE: Final = ("request", "disburse", "take_over", "fail_disbursement")
_FACTS: Final = tuple(kind.value for kind in FactKind)
# What the bank says of a further part: its money is out or not, whatever has become of the loan by then.
_ANSWERS: Final = ("confirm_part", "fail_part")
COMMANDS: Final = (*_BEFORE, "catch_up", "repay", "call_part", *_ANSWERS, "give_up_rest", *_FACTS)
# What can come to light about a loan that owes nothing.
_REVIVING: Final = frozenset(
    {
        FactKind.PAYMENT_RECEIVED,
        FactKind.PAYMENT_REVERSED,
        FactKind.REFUNDED,
        FactKind.CHARGEBACK,
        FactKind.CHARGE_ADJUSTED,
        FactKind.CHANGE_UNDONE,
        FactKind.RATE_CHANGED,
        FactKind.INTEREST_PAUSED,
        FactKind.PROMOTION_GRANTED,
        FactKind.PROMOTION_ENDED,
    }
)
_OFF_BOOKS: Final = frozenset(
    {
        FactKind.RECOVERED,
        FactKind.PAYMENT_REVERSED,
        FactKind.CHARGEBACK,
        FactKind.REFUNDED,
        FactKind.CHARGE_OFF_UNDONE,
        FactKind.WRITTEN_OFF,
        FactKind.SETTLED_AT_DISCOUNT,
        FactKind.PENALTY_WAIVED,
        FactKind.INTEREST_WAIVED,
        FactKind.SOLD,
    }
)
_GIVEN_UP: Final = frozenset(
    {FactKind.RECOVERED, FactKind.PAYMENT_REVERSED, FactKind.REFUNDED, FactKind.CHARGE_OFF_UNDONE}
)
# Money of before the sale, as far as its value date says so (``loan_sale``), and money that goes back.
_SOLD: Final = frozenset(
    {
        FactKind.PAYMENT_RECEIVED,
        FactKind.RECOVERED,
        FactKind.PAYMENT_REVERSED,
        FactKind.REFUNDED,
        FactKind.CHARGEBACK,
        FactKind.SALE_UNDONE,
    }
)
_NEEDS_ARREARS: Final = frozenset({FactKind.CHARGED_OFF, FactKind.WRITTEN_OFF, FactKind.SETTLED_AT_DISCOUNT})
_NEEDS_CHARGE_OFF: Final = frozenset({FactKind.RECOVERED, FactKind.CHARGE_OFF_UNDONE})


def _running(command: str, *, is_overdue: bool) -> Cell:
    if command in _NEEDS_CHARGE_OFF:
        return LoanNotChargedOff
    if command == "call_part" and is_overdue:
        return LoanIsOverdue
    return LoanNotOverdue if command in _NEEDS_ARREARS and not is_overdue else EVENT


def _cell(status: LoanStatus, command: str) -> Cell:
    if command == "request":
        return EVENT if status is LoanStatus.ABSENT else LoanAlreadyRequested
    if status is LoanStatus.ABSENT:
        return LoanNotRequested
    if status is LoanStatus.REQUESTED:
        return EVENT if command in _BEFORE else LoanNotDisbursed
    if status is LoanStatus.CANCELLED:
        return EVENT if command in _ANSWERS else LoanAlreadyCancelled
    if command in (*_BEFORE, FactKind.DISBURSED):
        return LoanAlreadyDisbursed
    return _after_payout(status, command)


def _after_payout(status: LoanStatus, command: str) -> Cell:
    if command == FactKind.SALE_UNDONE and status is not LoanStatus.SOLD:
        return LoanNotSold
    match status:
        case LoanStatus.ACTIVE | LoanStatus.OVERDUE:
            return _running(command, is_overdue=status is LoanStatus.OVERDUE)
        case LoanStatus.SETTLED | LoanStatus.OVERPAID:
            if command in _NEEDS_CHARGE_OFF:
                return LoanNotChargedOff
            return EVENT if command in (*_REVIVING, *_ANSWERS) else LoanAlreadySettled
        case LoanStatus.CHARGED_OFF:
            return EVENT if command in _OFF_BOOKS or command == "catch_up" else LoanChargedOff
        case LoanStatus.SOLD:
            return EVENT if command in _SOLD else LoanSold
        case _:
            return EVENT if command in _GIVEN_UP else LoanGivenUp


MATRIX: Final[dict[tuple[LoanStatus, str], Cell]] = {
    (status, command): _cell(status, command) for status in LoanStatus for command in COMMANDS
}
# The states in which time alone can change something.
AGEING: Final = tuple(status for status in LoanStatus if MATRIX[status, "catch_up"] == EVENT)


def require_permitted(*, status: LoanStatus, command: str) -> None:
    """Raise the refusal the matrix names for this state and command, if it names one."""
    cell = MATRIX[status, command]
    if cell != EVENT:
        raise cell(f"A loan that is {status} cannot take the command {command}.", status=str(status))
