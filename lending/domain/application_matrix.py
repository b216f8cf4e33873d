"""Every command on an application in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell; a new state or command without cells fails them.
Refuses to know: the decision's content; "decide" stands for an approval and for a rejection.
"""

from __future__ import annotations

from typing import Final

from ledger.kernel.refusals import Refusal
from lending.domain import application as no

EVENT: Final = "event"
STATES: Final = ("absent", "submitted", "approved", "rejected", "withdrawn")
COMMANDS: Final = ("submit", "decide", "withdraw")

Cell = str | type[Refusal]


def _row(submit: Cell, others: Cell) -> dict[str, Cell]:
    return {**dict.fromkeys(COMMANDS, others), "submit": submit}


_ROWS: dict[str, dict[str, Cell]] = {
    "absent": _row(EVENT, no.ApplicationNotSubmitted),
    "submitted": _row(no.ApplicationAlreadySubmitted, EVENT),
    "approved": _row(no.ApplicationAlreadySubmitted, no.ApplicationAlreadyDecided),
    "rejected": _row(no.ApplicationAlreadySubmitted, no.ApplicationAlreadyDecided),
    "withdrawn": _row(no.ApplicationAlreadySubmitted, no.ApplicationIsWithdrawn),
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): _ROWS[state][command] for state in STATES for command in COMMANDS
}
