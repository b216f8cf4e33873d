"""What became of the debit attempts of a date, over all shards.

Owns: the sums of the shards' records. Refuses to know: how an attempt is made and how it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from ledger.kernel.money import Money

PER_ATTEMPT = (
    "SELECT attempt, min(planned_at), count(*), sum(due)::int, sum(collected)::int, sum(in_part)::int,"
    " sum(short)::int, sum(without_money)::int, sum(set_aside)::int, max(finished_at)"
    " FROM debit_attempt WHERE business_date = %s GROUP BY attempt ORDER BY attempt"
)
TAKEN = (
    "SELECT attempt, t.key, sum(t.value::bigint)::bigint FROM debit_attempt, jsonb_each_text(taken_minor) t"
    " WHERE business_date = %s GROUP BY 1, 2 ORDER BY 1, 2"
)


@dataclass(frozen=True)
class AttemptCount:
    """One attempt of a date; ``taken_minor`` are minor units by currency."""

    attempt: int
    planned_at: str
    shards: int
    due: int
    collected: int
    in_part: int
    short: int
    without_money: int
    set_aside: int
    finished_at: object
    taken_minor: dict[str, int]

    def as_text(self) -> str:
        """Return the counts as one line."""
        taken = ", ".join(
            f"{Money(minor, code).as_text()} {code}" for code, minor in self.taken_minor.items()
        )
        return (
            f"{self.due} loans due: {self.collected} collected, {self.in_part} in part, {self.short} short of the"
            f" whole, {self.without_money} without money, {self.set_aside} set aside; taken {taken or 'nothing'}."
        )


def attempts_of(day: date) -> list[AttemptCount]:
    """Return the attempts that were made on a business date, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, (day,))
        taken: dict[int, dict[str, int]] = {}
        for attempt, currency, minor in cursor.fetchall():
            taken.setdefault(attempt, {})[currency] = minor
        cursor.execute(PER_ATTEMPT, (day,))
        return [AttemptCount(*(*row, taken.get(row[0], {}))) for row in cursor.fetchall()]
