"""What is set aside for losses, by shard and bucket.

Owns: the table provision. Refuses to know: the shares; each statement copies what the event says.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.domain.provision_run import ProvisionPosted
from ledger.eventstore.projecting import Statement, projection_table, projects, upsert
from ledger.eventstore.shards import shard_of

KEY = ("shard", "product_code", "currency", "category")
projection_table("provision", key=KEY)


@projects("provision.posted")
def posted(event: ProvisionPosted) -> Iterable[Statement]:
    """Write the buckets that differ; one that is empty stays with nothing in it."""
    rows = [
        {
            "shard": shard_of(event.originator_id),
            "product_code": bucket.product_code,
            "currency": bucket.currency,
            "category": bucket.category,
            "loans": bucket.loans,
            "exposure_minor": bucket.exposure_minor,
            "allowance_minor": bucket.allowance_minor,
            "posted_on": event.effective_date,
        }
        for bucket in event.buckets
    ]
    yield upsert("provision", rows, key=KEY)
