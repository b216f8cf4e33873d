"""The stretches of days on which loans earn, as the day close reads them.

Owns: the table accrual_segment. Refuses to know: what is earned and why; each statement copies what the event
says. Days that have been closed are never touched: an event ends earlier stretches on its own day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.domain import loan_events as facts
from ledger.domain.accrual import Accrual
from ledger.domain.accrual_run import bucket_number
from ledger.domain.accrual_steps import whole_steps
from ledger.eventstore.projecting import Statement, projection_table, projects, upsert
from ledger.eventstore.shards import shard_of

projection_table("accrual_segment", key=("loan_id", "key", "started_on"))

END = (
    "UPDATE accrual_segment SET ends_on = greatest(started_on, %s)"
    " WHERE loan_id = %s AND key = ANY (%s) AND (ends_on IS NULL OR ends_on > %s)"
)


@projects(*facts.MOVING_TOPICS)
def accruals_moved(event: facts.LoanMoved) -> Iterable[Statement]:
    """End what grows otherwise from now on, and start what grows now."""
    if event.accruals_ended:
        keys, on = list(event.accruals_ended), event.effective_date
        yield Statement(END, (on, event.originator_id, keys, on))
    if event.accruals:
        rows = [_segment(event, accrual) for accrual in event.accruals]
        yield upsert("accrual_segment", rows, key=("loan_id", "key", "started_on"))


def _segment(event: facts.LoanMoved, accrual: Accrual) -> dict[str, Any]:
    steps = whole_steps(accrual)
    return {
        "loan_id": event.originator_id,
        "key": accrual.key,
        "started_on": accrual.started_on,
        "shard": shard_of(event.originator_id),
        "kind": accrual.kind,
        "product_code": event.product_code,
        "currency": event.currency,
        "ends_on": accrual.ends_on,
        "accrue_from": accrual.accrue_from,
        "per_day_numerator": accrual.per_day_numerator,
        "denominator": accrual.denominator,
        "carry_numerator": accrual.carry_numerator,
        "begun_at": steps.begun_at if steps else None,
        "day_step": steps.day_step if steps else None,
        "unit": steps.unit if steps else None,
        "bucket": bucket_number(product_code=event.product_code, currency=event.currency, kind=accrual.kind),
    }
