"""The accrual run: what one business day's close posted, in total.

Owns: the one fact of a run, its buckets (product, currency, kind) and a checksum over its rows.
Refuses to know: single loans; their rows are a projection that the checksum proves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from ledger.domain.loan_growth import ACCRUAL_KINDS
from ledger.kernel.aggregate import Aggregate, DomainEvent, aggregate_stream, event_of
from ledger.kernel.refusals import Refusal, RefusalKind


class AccrualRunAlreadyPosted(Refusal):
    """A business day is accrued once."""

    code = "LEDGER_ACCRUAL_RUN_ALREADY_POSTED"


class AccrualBucketInvalid(Refusal):
    """Buckets are distinct, of a known kind, and never negative."""

    code = "LEDGER_ACCRUAL_BUCKET_INVALID"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class AccrualBucket:
    """What one product earned of one kind in one currency on one day."""

    product_code: str
    currency: str
    kind: str
    loans: int
    amount_minor: int


def bucket_number(*, product_code: str, currency: str, kind: str) -> int:
    """Return the 64 bits by which what belongs in one bucket is summed faster than by three names."""
    digest = sha256(f"{product_code}|{currency}|{kind}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


@dataclass
class AccrualRunState:
    """``business_date`` is set once the run has been posted."""

    business_date: date | None = None
    rows: int = 0
    checksum: str = ""


@aggregate_stream("accrual_run")
class AccrualRun(Aggregate[AccrualRunState]):
    """One run: one shard of loans on one business date."""

    State = AccrualRunState

    def post(
        self, *, business_date: date, buckets: tuple[AccrualBucket, ...], rows: int, checksum: str
    ) -> None:
        """Record the run. Refuses AccrualRunAlreadyPosted, AccrualBucketInvalid."""
        if self.state.business_date is not None:
            raise AccrualRunAlreadyPosted(
                "This run has been posted.", field="business_date", business_date=business_date.isoformat()
            )
        _require_sound(buckets)
        self.trigger(
            AccrualRunPosted,
            effective_date=business_date,
            business_date=business_date,
            buckets=buckets,
            rows=rows,
            checksum=checksum,
        )


@event_of(AccrualRun, "accrual.run_posted")
class AccrualRunPosted(DomainEvent):
    """Every open accrual was posted through the morning after ``business_date``."""

    business_date: date
    buckets: tuple[AccrualBucket, ...]
    rows: int
    checksum: str

    def apply(self, state: AccrualRunState) -> None:
        state.business_date, state.rows, state.checksum = self.business_date, self.rows, self.checksum


def _require_sound(buckets: tuple[AccrualBucket, ...]) -> None:
    keys = {(bucket.product_code, bucket.currency, bucket.kind) for bucket in buckets}
    known = all(bucket.kind in ACCRUAL_KINDS for bucket in buckets)
    if len(keys) != len(buckets) or not known or any(bucket.amount_minor < 0 for bucket in buckets):
        raise AccrualBucketInvalid("Buckets are distinct, of a known kind, not negative.", field="buckets")
