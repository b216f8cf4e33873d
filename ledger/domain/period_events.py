"""The fact that a month is closed, and the state it folds into.

Owns: the payload of the event. Refuses to know: how a trial balance is summed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.kernel.aggregate import DomainEvent


@dataclass
class PeriodsState:
    """Through which day the books are closed, if any month was closed."""

    closed_through: date | None = None


class PeriodClosed(DomainEvent):
    """A month was closed with everything before it, on a trial balance of so many sums and this digest."""

    month: str
    closed_through: date
    accounts: int
    trial_balance_hash: str

    def apply(self, state: PeriodsState) -> None:
        state.closed_through = self.closed_through


PERIOD_EVENTS: dict[str, type[DomainEvent]] = {"period.closed": PeriodClosed}
