"""Post one business date's accrual of one shard and open the next date.

Owns: the cut-off. The shard's counter is locked first, so every command either committed on the closing
date and is in this run, or commits on the next date and is not; nothing waits longer than one statement.
Refuses to know: single loans; the sub-ledger rows come from one set-based statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from ledger.domain.accrual_run import AccrualRun
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import stream_id
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.kernel.refusals import Refusal
from ledger.projections.accrual_rows import totals_of_day


class DayNotOpen(Refusal):
    """Only the shard's open business date can be closed."""

    code = "LEDGER_DAY_NOT_OPEN"


@dataclass(frozen=True, kw_only=True)
class PostAccrual(Command):
    """Close a business date in a shard as far as interest and penalty go."""

    name: ClassVar[str] = "post_accrual"

    shard: int
    business_date: date

    def home(self) -> UUID:
        """Return the identifier of this run, which exists once per shard and date."""
        return stream_id(self.shard, "accrual_run", self.business_date.isoformat())


@handles(PostAccrual)
def post_accrual(command: PostAccrual, work: UnitOfWork) -> dict[str, Any]:
    """Refuses DayNotOpen."""
    work.lock_shard()
    if work.effective_date != command.business_date:
        raise DayNotOpen(
            f"The shard's open date is {work.effective_date}.", field="business_date", shard=command.shard
        )
    totals = totals_of_day(shard=command.shard, day=command.business_date)
    run = AccrualRun.blank(command.home())
    work.add(run)
    run.post(
        business_date=command.business_date,
        buckets=totals.buckets,
        rows=totals.rows,
        checksum=totals.checksum,
    )
    work.advance_to = command.business_date + timedelta(days=1)
    return {"rows": totals.rows, "amount_minor": sum(bucket.amount_minor for bucket in totals.buckets)}
