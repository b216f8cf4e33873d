"""Reports to the credit bureau as rows.

Owns: the table bureau_record. Refuses to know: any rule; each row copies what its event says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from collection.domain.bureau_record import BureauReported
from ledger.eventstore.projecting import Statement, insert, projection_table, projects
from ledger.eventstore.shards import shard_of

projection_table("bureau_record", key=("loan_id", "month", "number"))


@projects("bureau.reported")
def reported(event: BureauReported) -> Iterable[Statement]:
    """Add the record; those before it stay."""
    yield insert(
        "bureau_record",
        loan_id=event.loan_id,
        month=event.month,
        number=event.originator_version,
        shard=shard_of(event.originator_id),
        entity_id=event.entity_id,
        reported_on=event.effective_date,
        **asdict(event.snapshot),
    )
