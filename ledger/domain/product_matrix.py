"""Every command on a product in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell. Refuses to know: terms and dates.
"""

from __future__ import annotations

from typing import Final

from ledger.domain import product as no
from ledger.kernel.refusals import Refusal

EVENT: Final = "event"
COMMANDS: Final = ("save_version", "adopt", "retire", "agree_funding")

Cell = str | type[Refusal]

_ROWS: dict[str, tuple[Cell, Cell, Cell, Cell]] = {
    "absent": (EVENT, EVENT, no.ProductNeverSaved, EVENT),
    "offered": (EVENT, no.ProductAlreadySaved, EVENT, EVENT),
    "retired": (no.ProductIsRetired, no.ProductIsRetired, no.ProductIsRetired, no.ProductIsRetired),
}

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    (state, command): cell
    for state, cells in _ROWS.items()
    for command, cell in zip(COMMANDS, cells, strict=True)
}
