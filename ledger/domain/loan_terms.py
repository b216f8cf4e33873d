"""The core terms one loan was agreed on, frozen at the request.

Owns: the facts every loan needs for the whole of its life, so that a later product version or another
catalogue never changes it.
Refuses to know: the catalogue, its dates, who may borrow, and the conventions that only some methods have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REVOLVING_DAILY: Final = "revolving_daily"


@dataclass(frozen=True)
class LoanTerms:
    """``term`` counts steps of a plan (months, unless the conventions say otherwise), or days of a draw.

    ``day_base`` is the year over which charges by the day are counted. ``ceiling_e8`` is the most a rate on
    overdue amounts may come to; 0 where nothing but the agreed penalty rate is known.
    """

    product_code: str
    product_version: int
    currency: str
    method: str
    term: int
    annual_rate_e8: int
    day_base: int
    penalty_rate_e8: int
    compound: bool
    grace_days: int
    early_fee_e8: int
    allocation_order: tuple[str, ...]
    principal_first_after_dpd: int
    prepayment_mode: str
    ceiling_e8: int = 0

    @property
    def is_revolving(self) -> bool:
        """Say whether interest is charged by the day on what is outstanding, with one due date."""
        return self.method == REVOLVING_DAILY
