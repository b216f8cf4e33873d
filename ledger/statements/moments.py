"""What was known at a moment: which facts count, and through which day accruals had been posted.

Owns: turning a moment, or none, into the point of a shard's history a statement speaks of.
Refuses to know: statements. A shard's facts are written one after the other, so with the moment of its last
fact the same statement can be asked for again, byte for byte, whatever is recorded later.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db.models import QuerySet

from ledger.accrual_models import AccrualRun
from ledger.commands.post_accrual import PostAccrual
from ledger.models import EsEvent

BEFORE_EVERYTHING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """A point of one shard's history. ``cut`` is empty where every fact counts, which is faster to read."""

    shard: int
    at: datetime
    cut: datetime | None
    accrued_through: date | None


def known_at(*, shard: int, moment: datetime | None) -> Known:
    """Return what was known at a moment that has settled; by default what is known now."""
    last = EsEvent.objects.filter(shard=shard).order_by("-pos").values_list("recorded_at", flat=True).first()
    latest = last or BEFORE_EVERYTHING
    if moment is None or moment >= latest:
        return Known(shard, latest, None, _days_run(shard).last())
    return Known(shard, moment, moment, _accrued_through(shard, moment))


def _days_run(shard: int) -> QuerySet[AccrualRun, date]:
    days = AccrualRun.objects.filter(shard=shard).order_by("business_date")
    return days.values_list("business_date", flat=True)


def _accrued_through(shard: int, moment: datetime) -> date | None:
    """Return the last day whose run had been recorded; days are closed in order."""
    days = list(_days_run(shard))

    def recorded_at(day: date) -> datetime:
        run = PostAccrual(shard=shard, business_date=day).home()
        events = EsEvent.objects.filter(shard=shard, originator_id=run, originator_version=1)
        return events.values_list("recorded_at", flat=True).get()

    count = bisect_right(days, moment, key=recorded_at)
    return days[count - 1] if count else None
