"""The daily accrual as rows: one set-based statement per shard and business date.

Owns: the tables accrual_row and accrual_run, and the SQL form of ``domain.accrual``'s formula.
Refuses to know: when a day closes. A test holds the SQL and the pure function against each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from ledger.domain.accrual_run import AccrualBucket, AccrualRunPosted
from ledger.eventstore.projecting import Statement, insert, projection_table, projects
from ledger.eventstore.shards import shard_of

projection_table("accrual_run", key=("shard", "business_date"))
projection_table("accrual_row", key=("business_date", "shard", "loan_id", "key"))


def _earned(on: str) -> str:
    """Return SQL for what a segment has earned by a date, rounded half up once."""
    days = f"greatest(0, least({on}, coalesce(ends_on, {on})) - started_on)"
    exact = f"(carry_numerator + per_day_numerator * {days})"
    return f"div(2 * {exact} + denominator, 2 * denominator)"


OF_DAY = (
    "SELECT loan_id, key, kind, product_code, currency,"  # noqa: S608
    f" ({_earned('%(next)s::date')} - {_earned('%(day)s::date')})::bigint AS amount_minor"
    " FROM accrual_segment WHERE shard = %(shard)s AND started_on <= %(day)s AND accrue_from <= %(day)s"
    " AND (ends_on IS NULL OR ends_on > %(day)s)"
)
TOTALS = (
    f"WITH of_day AS ({OF_DAY})"  # noqa: S608
    " SELECT product_code, currency, kind, count(*), sum(amount_minor)::bigint,"
    " sum(('x' || substr(md5(loan_id || ':' || key || ':' || kind || ':' || amount_minor), 1, 8))::bit(32)::bigint)"
    " FROM of_day WHERE amount_minor <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
ROWS = (
    f"WITH of_day AS ({OF_DAY})"  # noqa: S608
    " INSERT INTO accrual_row (business_date, shard, loan_id, key, kind, amount_minor)"
    " SELECT %(day)s, %(shard)s, loan_id, key, kind, amount_minor FROM of_day WHERE amount_minor <> 0"
)


@dataclass(frozen=True)
class DayTotals:
    """What one business date earns in one shard."""

    buckets: tuple[AccrualBucket, ...]
    rows: int
    checksum: str


def totals_of_day(*, shard: int, day: date) -> DayTotals:
    """Return what the accrual of a date will post, per product, currency and kind."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, _parameters(shard, day))
        rows = cursor.fetchall()
    buckets = tuple(
        AccrualBucket(product_code=product, currency=currency, kind=kind, loans=loans, amount_minor=amount)
        for product, currency, kind, loans, amount, _ in rows
    )
    return DayTotals(buckets, sum(row[3] for row in rows), str(sum(row[5] for row in rows)))


@projects("accrual.run_posted")
def run_posted(event: AccrualRunPosted) -> Iterable[Statement]:
    """Write the sub-ledger rows of the day from the segments as they are at this event."""
    shard = shard_of(event.originator_id)
    day = event.business_date
    yield Statement(ROWS, _parameters(shard, day))
    yield insert(
        "accrual_run",
        shard=shard,
        business_date=day,
        rows=event.rows,
        amount_minor=sum(bucket.amount_minor for bucket in event.buckets),
        checksum=event.checksum,
    )


def _parameters(shard: int, day: date) -> dict[str, Any]:
    return {"shard": shard, "day": day, "next": day + timedelta(days=1)}
