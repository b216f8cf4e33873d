"""Cash movements of a period as the books hold them.

Owns: one movement per journal line on the bank account, with the reference the bank knows it by.
Refuses to know: the bank's statement. The reference stands in the event that was posted.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger.domain.chart_of_accounts import CASH_BANK
from ledger.domain.reconciliation import CashMovement
from ledger.eventstore.consistent_view import stream_rows

_MOVEMENTS: Final = """
SELECT line.shard || '/' || line.pos, line.posting_date,
       CASE line.side WHEN 'D' THEN line.amount_minor ELSE -line.amount_minor END, line.currency,
       coalesce(event.state -> 'fact' ->> 'reason', nullif(event.state ->> 'bank_reference', ''),
                event.state ->> 'reference', ''),
       coalesce(event.state ->> 'channel', event.topic)
FROM journal_line line JOIN es_event event USING (shard, pos)
WHERE line.account = %s AND line.posting_date >= %s AND line.posting_date < %s
ORDER BY line.posting_date, line.shard, line.pos, line.line_no
"""


def book_movements(*, start: date, end: date) -> list[CashMovement]:
    """Return what came to and left the bank account in [start, end)."""
    return [CashMovement(*row) for row in stream_rows(_MOVEMENTS, (CASH_BANK, start, end))]
