"""Tasks of lending. Each only calls a function that tests and the embedded mode call as well."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from ledger.eventstore import outbox


@shared_task(name="lending.deliver_outbox")
def deliver_outbox(**_later: Any) -> int:
    """Deliver what is due outside: decisions, payouts, notices."""
    return outbox.deliver_due()
