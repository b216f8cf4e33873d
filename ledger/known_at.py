"""What was known at a moment: how far into a stream the books had got by then.

Owns: the bound for folding a stream up to a recorded moment, and up to a business date.
Refuses to know: what the events of a stream mean, and whether the moment has settled: who asks has waited for
the writers (``BookMoment.settle``), once for everything that is asked about. What was recorded later is left out
as if it had never been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max, Min, Q

from ledger.eventstore.shards import shard_of
from ledger.eventstore.unit_of_work import NotFound, replay
from ledger.kernel.aggregate import Aggregate
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.models import EsEvent

A = TypeVar("A", bound=Aggregate[Any])


class MomentNotKnown(Refusal):
    """The books held nothing of this yet."""

    code = "LEDGER_NOT_KNOWN_THEN"
    kind = RefusalKind.NOT_FOUND


@dataclass(frozen=True)
class Bound:
    """The last moment and the last business date whose events count; None is no bound."""

    known_at: datetime | None = None
    effective_by: date | None = None


def as_known(cls: type[A], stream_id: UUID, bound: Bound) -> A:
    """Return an aggregate folded from the events within a bound. Refuses NotFound, MomentNotKnown."""
    version = _version_within(stream_id, bound)
    found = replay(cls, stream_id, version=version)
    if found is None:
        # Only a stream that begins outside the bound exists without an event within it.
        if version != 0:
            raise NotFound(f"There is no such {cls.STREAM}.")
        raise MomentNotKnown(
            f"The books did not hold this {cls.STREAM} yet.",
            field="known_at" if bound.effective_by is None else "as_of",
        )
    return found


def _version_within(stream_id: UUID, bound: Bound) -> int | None:
    """Return the last version before the first event outside the bound; None for no bound, or no such stream.

    A version is named even when all events lie within, so that one that is recorded now is not read along.
    """
    outside = Q()
    if bound.known_at is not None:
        outside |= Q(recorded_at__gt=bound.known_at)
    if bound.effective_by is not None:
        outside |= Q(effective_date__gt=bound.effective_by)
    if not outside:
        return None
    versions = EsEvent.objects.filter(shard=shard_of(stream_id), originator_id=stream_id).aggregate(
        last=Max("originator_version"), first=Min("originator_version", filter=outside)
    )
    last: int | None = versions["last"]
    return last if versions["first"] is None else versions["first"] - 1
