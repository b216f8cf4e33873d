"""Tasks of the books. Each only calls a function that tests and the embedded mode call as well.

Refuses to know: how the work is done, and whether a message comes once, twice or never.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings

from ledger import day_close
from ledger.eventstore import followers, recorded_time


@shared_task(name="ledger.follow")
def follow(**_later: Any) -> int:
    """Bring every asynchronous read model up to date."""
    return followers.follow_all()


@shared_task(name="ledger.note_time")
def note_time(**_later: Any) -> float:
    """Note the time the books have reached; return by how many seconds the server's clock is behind it."""
    return recorded_time.note()


@shared_task(name="ledger.close_passed_days")
def close_passed_days(**_later: Any) -> str:
    """Send out the close of every business date before today: one task for each shard that is behind."""
    last = _today() - timedelta(days=1)
    for shard in day_close.shards_behind(through=last):
        close_shards.delay(shard, shard, last.isoformat())
    return last.isoformat()


@shared_task(name="ledger.close_shards")
def close_shards(first_shard: int, last_shard: int, through: str, **_later: Any) -> int:
    """Close the given shards date by date through the given date, catching up what was missed."""
    shards = list(range(first_shard, last_shard + 1))
    return day_close.close_shards_through(shards=shards, through=date.fromisoformat(through))


def _today() -> date:
    return datetime.now(ZoneInfo(settings.LOANBOOK_BUSINESS_ZONE)).date()
