"""Every command on a proposal in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell. Refuses to know: people and fingerprints.
"""

from __future__ import annotations

from typing import Final

from ledger.domain import proposal as no
from ledger.kernel.refusals import Refusal

EVENT: Final = "event"
COMMANDS: Final = ("make", "approve", "reject")

Cell = str | type[Refusal]

_ROWS: dict[str, tuple[Cell, Cell, Cell]] = {
    "absent": (EVENT, no.ProposalUnknown, no.ProposalUnknown),
    "pending": (no.ProposalAlreadyMade, EVENT, EVENT),
    "approved": (no.ProposalAlreadyMade, no.ProposalAlreadyDecided, no.ProposalAlreadyDecided),
    "rejected": (no.ProposalAlreadyMade, no.ProposalAlreadyDecided, no.ProposalAlreadyDecided),
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): cell
    for state, cells in _ROWS.items()
    for command, cell in zip(COMMANDS, cells, strict=True)
}
