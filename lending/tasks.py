"""Tasks of lending. Each only calls a function that tests and the embedded mode call as well."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings

from ledger.eventstore import outbox
from lending import automatic_debit
from lending.policies.debit_plan import debit_plan_on


@shared_task(name="lending.deliver_outbox")
def deliver_outbox(**_later: Any) -> int:
    """Deliver what is due outside: decisions, payouts, notices."""
    return outbox.deliver_due()


@shared_task(name="lending.debit_due")
def debit_due(**_later: Any) -> int:
    """Send out today's latest debit attempt: one task for each shard that has not made it yet."""
    today, attempt = latest_attempt()
    shards = automatic_debit.shards_to_try(day=today, attempt=attempt) if attempt else []
    for shard in shards:
        debit_shard.delay(shard, today.isoformat(), attempt)
    return len(shards)


@shared_task(name="lending.debit_shard")
def debit_shard(shard: int, day: str, attempt: int, **_later: Any) -> int:
    """Make one attempt in one shard, unless it was made or the date was closed meanwhile."""
    return automatic_debit.try_shards(shards=[shard], day=date.fromisoformat(day), attempt=attempt)


def latest_attempt() -> tuple[date, int]:
    """Return the lender's calendar date and the last attempt whose time has come on it, or 0."""
    now = datetime.now(ZoneInfo(settings.LOANBOOK_BUSINESS_ZONE))
    return now.date(), debit_plan_on(now.date()).attempt_at(now.time())
