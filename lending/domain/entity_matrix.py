"""Every command on a borrowing entity in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell; a new state or command without cells fails them.
Refuses to know: the inputs. The command is otherwise right: a new sub account with consent, a new batch.
"""

from __future__ import annotations

from typing import Final

from ledger.kernel.refusals import Refusal
from lending.domain import entity_refusals as no

EVENT: Final = "event"
STATES: Final = ("absent", "registered", "blacklisted")
COMMANDS: Final = ("register", "link_account", "record_sales", "blacklist")

Cell = str | type[Refusal]

_REGISTERED: dict[str, Cell] = {**dict.fromkeys(COMMANDS, EVENT), "register": no.EntityAlreadyRegistered}

_ROWS: dict[str, dict[str, Cell]] = {
    "absent": {**dict.fromkeys(COMMANDS, no.EntityNotRegistered), "register": EVENT},
    "registered": _REGISTERED,
    "blacklisted": {
        **_REGISTERED,
        "link_account": no.BlacklistedEntityTakesNoAccount,
        "blacklist": no.EntityAlreadyBlacklisted,
    },
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): _ROWS[state][command] for state in STATES for command in COMMANDS
}
