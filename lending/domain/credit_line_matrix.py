"""Every command on a credit line in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell; a new state or command without cells fails them.
Refuses to know: amounts. "active" has room, one reservation and one drawn loan; "used_up" has the same
and no room; "frozen" and "blacklisted" are "active" with that mark.
"""

from __future__ import annotations

from typing import Final

from ledger.kernel.refusals import Refusal
from lending.domain import credit_line_refusals as no

EVENT: Final = "event"
STATES: Final = ("absent", "active", "used_up", "frozen", "blacklisted", "closed")
COMMANDS: Final = (
    "open",
    "change_limit",
    "reserve",
    "release",
    "book",
    "restore_limit",
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
    "freeze": EVENT,
    "thaw": no.LineNotFrozen,
    "blacklist": EVENT,
    "close": no.LineInUse,
}

_ROWS: dict[str, dict[str, Cell]] = {
    "absent": {**dict.fromkeys(COMMANDS, no.LineNotOpen), "open": EVENT},
    "active": _IN_USE,
    "used_up": {**_IN_USE, "reserve": no.LimitExceeded},
    "frozen": {**_IN_USE, "reserve": no.LineIsFrozen, "freeze": no.LineIsFrozen, "thaw": EVENT},
    "blacklisted": {**_IN_USE, "reserve": no.EntityIsBlacklisted, "blacklist": no.EntityIsBlacklisted},
    "closed": {**dict.fromkeys(COMMANDS, no.LineIsClosed), "open": no.LineAlreadyOpen},
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): _ROWS[state][command] for state in STATES for command in COMMANDS
}
