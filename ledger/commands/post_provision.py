"""Set aside what the categories of a shard's loans ask for, at the close of a business date (P-20).

Owns: the use case: exposures by one query, the matrix, and an event when anything differs. Refuses to know: how
loans are classified (their own events say), and the shares (policy).
A loss that a charge-off took from the allowance needs no correction here: the loan is on the books no more, so its
bucket asks for less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from ledger.domain.provision_run import ProvisionRun, provision_buckets
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import stream_id
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.policies.provisioning import matrix_provision

EXPOSURES: Final = (
    "SELECT product_code, currency, category, count(*), sum(outstanding_minor)::bigint FROM loan"
    " WHERE shard = %s AND next_due_on IS NOT NULL AND charged_off_on IS NULL AND outstanding_minor > 0"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
HELD: Final = (
    "SELECT product_code, currency, category, loans, exposure_minor, allowance_minor FROM provision"
    " WHERE shard = %s"
)


@dataclass(frozen=True, kw_only=True)
class PostProvision(Command):
    """Raise or release what one shard holds against losses."""

    name: ClassVar[str] = "post_provision"

    shard: int
    business_date: date

    def home(self) -> UUID:
        """Return the identifier of this run, which exists once per shard and date."""
        return stream_id(self.shard, "provision_run", self.business_date.isoformat())

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask for the exposures and for what is held."""
        return ((EXPOSURES, (self.shard,)), (HELD, (self.shard,)))


@handles(PostProvision)
def post_provision(command: PostProvision, work: UnitOfWork) -> dict[str, Any]:
    """Record nothing when nothing differs; that is no refusal."""
    exposures, held = work.reads
    buckets = provision_buckets(
        exposures,
        held={(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in held},
        allowance=lambda minor, category: matrix_provision(exposure_minor=minor, category=category),
    )
    if buckets:
        run = ProvisionRun.blank(command.home())
        work.add(run)
        run.post(effective_date=work.effective_date, business_date=command.business_date, buckets=buckets)
    return {"buckets": len(buckets), "change_minor": sum(bucket.change_minor for bucket in buckets)}
