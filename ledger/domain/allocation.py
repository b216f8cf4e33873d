"""What an amount is owed or paid for: the five buckets, and the order they are settled in unless agreed otherwise.

Owns: the buckets and the standard order. Refuses to know: the walk over instalments, and what becomes of a surplus.
Source: Civil Code art. 561 (costs, interest, principal) inside an instalment.
"""

from __future__ import annotations

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
