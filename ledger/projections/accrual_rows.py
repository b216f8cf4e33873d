"""The daily accrual as rows: one set-based statement per shard and business date.

Owns: the tables accrual_row and accrual_run, the totals of a day before it is posted, and the exact form
by which a rebuild writes the rows again. Refuses to know: when a day closes.

A day is posted by the database function ``es_post_accrual``, in whole numbers of 64 bits. A rebuild uses the
plain formula of ``domain.accrual`` on exact numbers instead, so that each proves the other; a test holds both
against the pure function.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from ledger.domain.accrual_run import AccrualBucket, AccrualRunPosted
from ledger.eventstore.projecting import Statement, insert, projection_table, projects, replays
from ledger.eventstore.shards import shard_of

projection_table("accrual_run", key=("shard", "business_date"))
projection_table("accrual_row", key=("business_date", "shard", "loan_id", "key"))


def _earned(on: str) -> str:
    """Return SQL for what a segment has earned by a date, rounded half up once."""
    days = f"greatest(0, least({on}, coalesce(ends_on, {on})) - started_on)"
    exact = f"(carry_numerator + per_day_numerator * {days})"
    return f"div(2 * {exact} + denominator, 2 * denominator)"


RUNNING = (
    " FROM accrual_segment WHERE shard = %(shard)s AND started_on <= %(day)s AND accrue_from <= %(day)s"
    " AND (ends_on IS NULL OR ends_on > %(day)s)"
)
# Summed by the bucket's number; its names are then read from any one of its segments.
TOTALS = (
    "SELECT s.product_code, s.currency, s.kind, t.loans, t.amount_minor, t.hashes"  # noqa: S608
    " FROM (SELECT min(place) AS place, count(*) AS loans, sum(amount_minor)::bigint AS amount_minor,"
    " sum(hashtextextended(key, uuid_hash_extended(loan_id, amount_minor))) AS hashes"
    " FROM (SELECT ctid AS place, loan_id, key, bucket, accrual_amount_of_day(%(day)s::date - started_on,"
    " begun_at, day_step, unit, per_day_numerator, denominator, carry_numerator) AS amount_minor"
    f"{RUNNING} OFFSET 0) of_day WHERE amount_minor <> 0 GROUP BY bucket) t"
    " JOIN accrual_segment s ON s.ctid = t.place ORDER BY 1, 2, 3"
)
ROWS = (
    f"WITH of_day AS (SELECT loan_id, key, kind,"  # noqa: S608
    f" ({_earned('%(next)s::date')} - {_earned('%(day)s::date')})::bigint AS amount_minor{RUNNING})"
    " INSERT INTO accrual_row (business_date, shard, loan_id, key, kind, amount_minor)"
    " SELECT %(day)s, %(shard)s, loan_id, key, kind, amount_minor FROM of_day WHERE amount_minor <> 0"
)
POST = "SELECT es_post_accrual(%s::smallint, %s::date, %s, %s, %s)"
# Names the checksum's rule: the sum of PostgreSQL's own hashes of (loan, amount, key), which place rows in hash
# partitions and therefore stay as they are; the kind is the key's first word. Runs without a prefix have the
# sums of an earlier rule.
CHECKSUM_RULE = "h1:"


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
    checksum = f"{CHECKSUM_RULE}{sum(int(row[5]) for row in rows)}"
    return DayTotals(buckets, sum(row[3] for row in rows), checksum)


@projects("accrual.run_posted")
def run_posted(event: AccrualRunPosted) -> Iterable[Statement]:
    """Write the run and the sub-ledger rows of the day from the segments as they are at this event."""
    shard = shard_of(event.originator_id)
    yield Statement(POST, (shard, event.business_date, event.rows, _amount(event), event.checksum))


@replays("accrual.run_posted")
def run_replayed(event: AccrualRunPosted) -> Iterable[Statement]:
    """Write the same rows into whatever tables hide the guarded ones."""
    shard = shard_of(event.originator_id)
    yield Statement(ROWS, _parameters(shard, event.business_date))
    yield insert(
        "accrual_run",
        shard=shard,
        business_date=event.business_date,
        rows=event.rows,
        amount_minor=_amount(event),
        checksum=event.checksum,
    )


def _amount(event: AccrualRunPosted) -> int:
    return sum(bucket.amount_minor for bucket in event.buckets)


def _parameters(shard: int, day: date) -> dict[str, Any]:
    return {"shard": shard, "day": day, "next": day + timedelta(days=1)}
