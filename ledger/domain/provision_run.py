"""What is set aside for losses in one shard on one business date, and by how much that differs from before.

Owns: the allowance of each bucket (product, currency, category) by a matrix of shares, the change against what was
held, and the one event that says it. Refuses to know: single loans, how they were classified, and account codes.
The allowance is rounded once per bucket. A bucket that is empty now releases what it held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.kernel.aggregate import Aggregate, DomainEvent, aggregate_stream, event_of

# What a bucket is known by: product, currency, category.
BucketKey = tuple[str, str, str]
# The allowance for an exposure of a category, both in minor units.
Allowance = Callable[[int, str], int]


@dataclass(frozen=True)
class ProvisionBucket:
    """Principal on the books in one bucket, what is set aside for it, and how much more that is than before."""

    product_code: str
    currency: str
    category: str
    loans: int
    exposure_minor: int
    allowance_minor: int
    change_minor: int


def provision_buckets(
    exposures: Iterable[tuple[str, str, str, int, int]],
    *,
    held: Mapping[BucketKey, tuple[int, int, int]],
    allowance: Allowance,
) -> tuple[ProvisionBucket, ...]:
    """Return the buckets that differ from what is held.

    ``exposures`` are (product, currency, category, loans, minor units); ``held`` has loans, exposure and allowance.
    """
    now = {
        (product, currency, category): (loans, minor)
        for product, currency, category, loans, minor in exposures
    }
    changed = []
    for key in sorted({*now, *held}):
        loans, exposure = now.get(key, (0, 0))
        allowed = allowance(exposure, key[2])
        before = held.get(key, (0, 0, 0))
        if before != (loans, exposure, allowed):
            changed.append(ProvisionBucket(*key, loans, exposure, allowed, allowed - before[2]))
    return tuple(changed)


@dataclass
class ProvisionRunState:
    """``business_date`` is set once the run has been posted."""

    business_date: date | None = None


@aggregate_stream("provision_run")
class ProvisionRun(Aggregate[ProvisionRunState]):
    """One run: one shard of loans at the close of one business date."""

    State = ProvisionRunState

    def post(
        self, *, effective_date: date, business_date: date, buckets: tuple[ProvisionBucket, ...]
    ) -> None:
        """Record what is set aside now."""
        self.trigger(
            ProvisionPosted, effective_date=effective_date, business_date=business_date, buckets=buckets
        )


@event_of(ProvisionRun, "provision.posted")
class ProvisionPosted(DomainEvent):
    """At the close of ``business_date`` these buckets hold another allowance, or stand for other loans."""

    business_date: date
    buckets: tuple[ProvisionBucket, ...]

    def apply(self, state: ProvisionRunState) -> None:
        state.business_date = self.business_date
