"""Report a loan to the credit bureau as it stood at the end of a month.

Owns: the use case. Refuses to know: how the figures were found; the report is what was stated, and stays so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from collection.domain.bureau_record import BureauRecord, Snapshot
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import sibling_id
from ledger.eventstore.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ReportToBureau(Command):
    """Report one loan for the month that begins on a day."""

    name: ClassVar[str] = "report_to_bureau"

    loan_id: UUID
    entity_id: UUID
    month: date
    snapshot: Snapshot

    def home(self) -> UUID:
        """Return the identifier under which this loan and month are reported."""
        return sibling_id(self.loan_id, "bureau", self.month.isoformat())


@handles(ReportToBureau)
def report_to_bureau(command: ReportToBureau, work: UnitOfWork) -> dict[str, Any]:
    """Refuses BureauMonthNotOver, BureauNothingNew."""
    record = work.find(BureauRecord, command.home())
    if record is None:
        record = BureauRecord.blank(command.home())
        work.add(record)
    record.report(
        effective_date=work.effective_date,
        loan_id=command.loan_id,
        entity_id=command.entity_id,
        month=command.month,
        snapshot=command.snapshot,
    )
    return {"loan_id": str(command.loan_id), "month": command.month.isoformat(), "number": record.version}
