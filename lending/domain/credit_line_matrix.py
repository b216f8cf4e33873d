"""Every command on a credit line in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell; a new state or command without cells fails them.
Refuses to know: amounts. "active" has room, one reservation and one drawn loan; "used_up" has the same
and no room; "frozen" and "blacklisted" are "active" with that mark; "closed_owing" is a closed line on
which principal is owed again.
"""

from __future__ import annotations

from typing import Final

from ledger.kernel.refusals import Refusal
from lending.domain import credit_line_refusals as no

EVENT: Final = "event"
STATES: Final = ("absent", "active", "used_up", "frozen", "blacklisted", "closed", "closed_owing")
COMMANDS: Final = (
    "open",
    "change_limit",
    "reserve",
    "release",
    "book",
    "restore_limit",
    "owe_again",
    "freeze",
    "thaw",
    "blacklist",
    "close",
)

Cell = str | type[Refusal]

_IN_USE: dict[str, Cell] = {
    "open": no.LineAlreadyOpen,
    "change_limit": EVENT,
    "reserve": EVENT,
    "release": EVENT,
    "book": EVENT,
    "restore_limit": EVENT,
    "owe_again": EVENT,
    "freeze": EVENT,
    "thaw": no.LineNotFrozen,
    "blacklist": EVENT,
    "close": no.LineInUse,
}

_CLOSED: dict[str, Cell] = {
    **dict.fromkeys(COMMANDS, no.LineIsClosed),
    "open": no.LineAlreadyOpen,
    "owe_again": EVENT,
}

_ROWS: dict[str, dict[str, Cell]] = {
    "absent": {**dict.fromkeys(COMMANDS, no.LineNotOpen), "open": EVENT},
    "active": _IN_USE,
    "used_up": {**_IN_USE, "reserve": no.LimitExceeded},
    "frozen": {**_IN_USE, "reserve": no.LineIsFrozen, "freeze": no.LineIsFrozen, "thaw": EVENT},
    "blacklisted": {**_IN_USE, "reserve": no.EntityIsBlacklisted, "blacklist": no.EntityIsBlacklisted},
    "closed": _CLOSED,
    "closed_owing": {**_CLOSED, "restore_limit": EVENT},
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): _ROWS[state][command] for state in STATES for command in COMMANDS
}
