"""Every command on a settlement account in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell; a new state or command without cells fails them.
Refuses to know: amounts. "funded" has an available balance, one hold and one withdrawal that waits for the
bank; "held" has the same, and its whole balance held.
"""

from __future__ import annotations

from typing import Final

from ledger.domain import settlement_account as no
from ledger.kernel.refusals import Refusal

EVENT: Final = "event"
STATES: Final = ("absent", "empty", "funded", "held")
COMMANDS: Final = (
    "open",
    "receive",
    "return_receipt",
    "debit",
    "deduct",
    "credit",
    "return_deduction",
    "request_withdrawal",
    "confirm_withdrawal",
    "fail_withdrawal",
    "reserve",
    "release",
)

Cell = str | type[Refusal]

_PAYING: Final = ("return_receipt", "debit", "deduct", "request_withdrawal", "reserve")
_WITHOUT_FUNDS: dict[str, Cell] = dict.fromkeys(_PAYING, no.FundsNotAvailable)
_FUNDED: dict[str, Cell] = {**dict.fromkeys(COMMANDS, EVENT), "open": no.SettlementAlreadyOpen}

_ROWS: dict[str, dict[str, Cell]] = {
    "absent": {**dict.fromkeys(COMMANDS, no.SettlementNotOpen), "open": EVENT},
    "empty": {
        **_FUNDED,
        **_WITHOUT_FUNDS,
        **dict.fromkeys(("confirm_withdrawal", "fail_withdrawal"), no.WithdrawalUnknown),
        "release": no.HoldUnknown,
    },
    "funded": _FUNDED,
    "held": {**_FUNDED, **_WITHOUT_FUNDS},
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): _ROWS[state][command] for state in STATES for command in COMMANDS
}
