"""Allocation: which part of which instalment a payment settles first.

Owns: the walk over due instalments, oldest first, in an order of buckets that is data.
Refuses to know: where the order comes from, accruals, and what becomes of a surplus.
Sources: Civil Code art. 561 (costs, interest, principal) inside an instalment; more than 90 days
past due, principal of overdue instalments comes first. Neither order pays a later bucket while an
earlier one is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

STANDARD_ORDER: Final = ("fee", "penalty", "compound", "interest", "principal")
PRINCIPAL: Final = "principal"


@dataclass(frozen=True, kw_only=True)
class Buckets:
    """An amount broken down by what it is owed or paid for."""

    fee_minor: int = 0
    penalty_minor: int = 0
    compound_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0

    @property
    def total_minor(self) -> int:
        """Return the five buckets together."""
        charges = self.fee_minor + self.penalty_minor + self.compound_minor
        return charges + self.interest_minor + self.principal_minor

    def of(self, bucket: str) -> int:
        """Return one bucket by its name in an allocation order."""
        amount: int = getattr(self, f"{bucket}_minor")
        return amount


@dataclass(frozen=True, kw_only=True)
class InstalmentBuckets(Buckets):
    """The buckets of one instalment: what is due, what one payment gave, or what was paid so far."""

    number: int

    def plus(self, bucket: str, amount_minor: int) -> InstalmentBuckets:
        """Return the buckets with one of them raised."""
        raised: InstalmentBuckets = replace(self, **{f"{bucket}_minor": self.of(bucket) + amount_minor})
        return raised

    def plus_all(self, other: Buckets) -> InstalmentBuckets:
        """Return the buckets with each of them raised."""
        result = self
        for bucket in STANDARD_ORDER:
            result = result.plus(bucket, other.of(bucket))
        return result


@dataclass(frozen=True)
class Allocation:
    """How a payment was shared out, the order that was used, and what nothing was due for."""

    parts: tuple[InstalmentBuckets, ...]
    order: tuple[str, ...]
    left_over_minor: int


def order_at(
    *, days_past_due: int, order: tuple[str, ...], principal_first_after_dpd: int
) -> tuple[str, ...]:
    """Return the order in force: up to 90 days past due the contract's, from day 91 principal first."""
    if days_past_due <= principal_first_after_dpd:
        return order
    return (PRINCIPAL, *(bucket for bucket in order if bucket != PRINCIPAL))


def allocate(
    *,
    amount_minor: int,
    dues: Sequence[InstalmentBuckets],
    order: tuple[str, ...] = STANDARD_ORDER,
    overdue: frozenset[int] = frozenset(),
) -> Allocation:
    """Share a payment out over ``dues``, given oldest first; ``overdue`` names overdue instalments."""
    given: dict[int, InstalmentBuckets] = {}
    remaining = amount_minor
    for due, bucket in _walk(dues, order, overdue):
        paid = given.get(due.number, InstalmentBuckets(number=due.number))
        step = min(remaining, due.of(bucket) - paid.of(bucket))
        if step > 0:
            given[due.number] = paid.plus(bucket, step)
            remaining -= step
    parts = tuple(given[number] for number in sorted(given))
    return Allocation(parts=parts, order=order, left_over_minor=remaining)


def _walk(
    dues: Sequence[InstalmentBuckets], order: tuple[str, ...], overdue: frozenset[int]
) -> Iterator[tuple[InstalmentBuckets, str]]:
    # An order that starts with principal clears the principal of every overdue instalment before
    # anything else; a later pass then treats all instalments alike, with principal at the end.
    if order[0] == PRINCIPAL:
        yield from ((due, PRINCIPAL) for due in dues if due.number in overdue)
        order = (*order[1:], PRINCIPAL)
    for due in dues:
        yield from ((due, bucket) for bucket in order)
