"""Every command on the closed months in every state: an event, or one named refusal.

Owns: the table that the tests prove cell by cell. The state says how the month that is asked for lies to the
months that are closed and the days that are over. Refuses to know: dates.
"""

from __future__ import annotations

from typing import Final

from ledger.domain import periods as no
from ledger.kernel.refusals import Refusal

EVENT: Final = "event"
COMMANDS: Final = ("close",)

Cell = str | type[Refusal]

MATRIX: Final[dict[tuple[str, str], Cell]] = {
    ("no month closed, the month is running", "close"): no.PeriodNotOver,
    ("the month is closed", "close"): no.PeriodAlreadyClosed,
    ("the month before is open", "close"): no.PeriodNotNext,
    ("the month before is closed, the month is running", "close"): no.PeriodNotOver,
}
