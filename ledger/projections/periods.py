"""Closed months as rows.

Owns: the table period_close. Refuses to know: any rule. The row is written by the database function
``es_close_period``, since the guard of the journal reads it and no login of the application may write it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ledger.domain.period_events import PeriodClosed
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, replays

projection_table("period_close", key=("closed_through",))
CLOSE: Final = "SELECT es_close_period(%s::date, %s, %s::date)"


@projects("period.closed")
def period_closed(event: PeriodClosed) -> Iterable[Statement]:
    """Close the month in the database, too."""
    yield Statement(CLOSE, (event.closed_through, event.trial_balance_hash, event.effective_date))


@replays("period.closed")
def period_replayed(event: PeriodClosed) -> Iterable[Statement]:
    """Write the same row into the table that hides the guarded one."""
    yield insert(
        "period_close",
        closed_through=event.closed_through,
        trial_balance_hash=event.trial_balance_hash,
        closed_on=event.effective_date,
    )
