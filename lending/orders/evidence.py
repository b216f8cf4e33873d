"""Order lines as evidence: which batch holds a line, so that no line counts twice.

Owns: the table order_line. A line belongs to the batch that stored it first; the unique key decides
between files that arrive at the same moment. Refuses to know: entities, turnover and reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from lending.orders.order_lines import OrderLine

_STORE = (
    "INSERT INTO order_line"
    " (account_id, order_id, line, shipped_at, currency, goods_minor, freight_minor, batch_id)"
    " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::timestamptz[], %s::text[],"
    " %s::bigint[], %s::bigint[], %s::uuid[]) ON CONFLICT DO NOTHING"
)
_HELD_BY_OTHERS = (
    "SELECT a.place FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::uuid[])"
    " WITH ORDINALITY AS a (account_id, order_id, line, batch_id, place)"
    " JOIN order_line o ON o.account_id = a.account_id AND o.order_id = a.order_id AND o.line = a.line"
    " WHERE o.batch_id <> a.batch_id"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """An order line of an account, offered by a batch."""

    account_id: UUID
    batch_id: UUID
    line: OrderLine


def claim(offered: Sequence[Evidence]) -> set[int]:
    """Store what nobody stored before; return the places of the lines that another batch holds."""
    if not offered:
        return set()
    accounts = [row.account_id for row in offered]
    orders = [row.line.order_id for row in offered]
    numbers = [row.line.line for row in offered]
    batches = [row.batch_id for row in offered]
    zone = ZoneInfo(settings.LOANBOOK_BUSINESS_ZONE)
    values = (
        # Files give the day in local time; it is kept as the start of that day in the lender's zone.
        [datetime.combine(row.line.shipped_on, time(), tzinfo=zone) for row in offered],
        [row.line.currency for row in offered],
        [row.line.goods_minor for row in offered],
        [row.line.freight_minor for row in offered],
    )
    with connection.cursor() as cursor:
        cursor.execute(_STORE, (accounts, orders, numbers, *values, batches))
        cursor.execute(_HELD_BY_OTHERS, (accounts, orders, numbers, batches))
        return {place - 1 for (place,) in cursor.fetchall()}


def release(batch_id: UUID) -> None:
    """Give back the lines of a batch whose sales were refused, so that they are nobody's."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM order_line WHERE batch_id = %s", (batch_id,))
