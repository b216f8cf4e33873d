"""How long one telling may take, counted in rows and not in seconds, so that it is the same on any machine.

Owns: the count of rows settled up, shared by a model and all its copies, and the refusal when it is used up.
Refuses to know: how much is allowed; that is for whoever asks. Facts can make each other dear: one payment
that settles 360 rows in advance works every row out again for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.kernel.refusals import Refusal, RefusalKind


class ProgressiveFactsTooMany(Refusal):
    """Rows and facts together would take too long to work out."""

    code = "LEDGER_PROGRESSIVE_FACTS_TOO_MANY"
    kind = RefusalKind.INVALID


@dataclass(slots=True)
class Allowance:
    """How many rows may still be settled up; None is as many as it takes."""

    rows_left: int | None = None

    def spend(self, rows: int) -> None:
        """Count rows that are settled up. Refuses ProgressiveFactsTooMany."""
        if self.rows_left is None:
            return
        self.rows_left -= rows
        if self.rows_left < 0:
            raise ProgressiveFactsTooMany(
                "Fewer rows, or fewer payments in advance or long overdue, are answered at once.",
                field="facts",
            )
