"""What may be known of an applicant beyond turnover and debts; every fact may be missing.

Owns: the facts that rules of admission look at (D-101 .. D-103, D-120 .. D-122, D-126 .. D-135), and how they
are named among the figures of a decision.
Refuses to know: thresholds, and where a fact comes from. A fact that is missing leaves its rule silent.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of the seller beside the usual range of the industry, such as the size of a ticket."""

    name: str
    value: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_unusual(self) -> bool:
        """Say whether the figure lies outside the range; its ends are usual."""
        return not self.low <= self.value <= self.high


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """Facts about the person, the credit record, the shop and the application itself.

    ``overdue_months`` are calendar months (YYYY-MM) in which something was overdue; ``device_signals`` are
    names such as new_device or proxy; shares are in basis points.
    """

    born_on: date | None = None
    identity_matches: bool | None = None
    overdue_months: tuple[str, ...] = ()
    overdue_now_minor: int | None = None
    overdue_settled_on: date | None = None
    inquiries_3_months: int | None = None
    penalty_active: bool = False
    top_5_share_bps: int | None = None
    orders_without_logistics_bps: int | None = None
    transfers: tuple[tuple[date, int], ...] = ()
    applied_hour: int | None = None
    key_changes_7_days: int | None = None
    device_signals: tuple[str, ...] = ()
    device_applicants_24_hours: int | None = None
    comparisons: tuple[Comparison, ...] = ()

    def figures(self) -> tuple[tuple[str, str], ...]:
        """Return the facts that are known, as names and exact values."""
        known = (
            (held.name, getattr(self, held.name))
            for held in fields(self)
            if getattr(self, held.name) != held.default
        )
        return tuple((f"input.{name}", str(value)) for name, value in known)


NOTHING_KNOWN: Final = SellerFacts()
