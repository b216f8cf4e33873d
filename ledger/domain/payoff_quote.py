"""What pays a loan off on one day: the answer a borrower is given.

Owns: the record and its validity: it binds on the day it is quoted for and not after.
Refuses to know: how the amounts come about, who pays, and how they are booked.
Source: Civil Code art. 677, interest is charged for the time the money was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.allocation import Buckets


@dataclass(frozen=True)
class PayoffQuote:
    """What ends the loan on ``valid_on``: 33,631.09 + 110.98 + 336.31 = 34,078.38."""

    valid_on: date
    due: Buckets
    principal_to_come_minor: int
    broken_interest_minor: int
    early_fee_minor: int
    charges_to_come_minor: int = 0

    @property
    def total_minor(self) -> int:
        """Return the one amount that pays the loan off."""
        to_come = self.principal_to_come_minor + self.broken_interest_minor + self.charges_to_come_minor
        return self.due.total_minor + to_come + self.early_fee_minor
