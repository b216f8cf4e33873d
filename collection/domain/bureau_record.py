"""What was reported to a credit bureau about a loan and a month: the first record and its corrections.

Owns: the fact of a report, and that a correction says something else than the record it corrects.
Refuses to know: how a record's figures come about, and files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ledger.kernel.aggregate import Aggregate, DomainEvent, aggregate_stream, event_of
from ledger.kernel.refusals import Refusal, RefusalKind


class BureauNothingNew(Refusal):
    """The month has been reported like this; a record is corrected by a different one only."""

    code = "COLLECTION_BUREAU_NOTHING_NEW"


class BureauMonthNotOver(Refusal):
    """A month is reported when its last business day has been closed."""

    code = "COLLECTION_BUREAU_MONTH_NOT_OVER"
    kind = RefusalKind.CONFLICT


@dataclass(frozen=True)
class Snapshot:
    """A loan at the end of a month; amounts in minor units."""

    currency: str
    opened_on: date
    ended_on: date | None
    limit_minor: int
    principal_minor: int
    balance_minor: int
    days_past_due: int
    bucket: str
    category: str
    marks: str


@dataclass
class BureauRecordState:
    """The latest report."""

    snapshot: Snapshot | None = None


@aggregate_stream("bureau_record")
class BureauRecord(Aggregate[BureauRecordState]):
    """All reports of one loan for one month; the version of the stream is the record's number."""

    State = BureauRecordState

    def report(
        self, *, effective_date: date, loan_id: UUID, entity_id: UUID, month: date, snapshot: Snapshot
    ) -> None:
        """Record a report; from the second on it corrects. Refuses BureauMonthNotOver, BureauNothingNew."""
        require_over(month, open_date=effective_date)
        if snapshot == self.state.snapshot:
            raise BureauNothingNew("The month has been reported like this.", field="month")
        self.trigger(
            BureauReported,
            effective_date=effective_date,
            loan_id=loan_id,
            entity_id=entity_id,
            month=month,
            snapshot=snapshot,
        )


def require_over(month: date, *, open_date: date) -> None:
    """Refuses BureauMonthNotOver while a day of the month is still to be closed."""
    if (open_date.year, open_date.month) <= (month.year, month.month):
        raise BureauMonthNotOver(
            "The month has not been closed.", field="month", open_date=open_date.isoformat()
        )


@event_of(BureauRecord, "bureau.reported")
class BureauReported(DomainEvent):
    """A loan was reported to the bureau as it stood at the end of a month."""

    loan_id: UUID
    entity_id: UUID
    month: date
    snapshot: Snapshot

    def apply(self, state: BureauRecordState) -> None:
        state.snapshot = self.snapshot
