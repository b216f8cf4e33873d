"""Close a month of the books.

Owns: the use case: the month is over in every shard, its trial balance is summed and its digest kept in the event.
Refuses to know: which month is next (``domain.periods``), and who may close one, which the doors ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID, uuid5

from ledger.domain.periods import Month, PeriodAlreadyClosed, PeriodNotOver, Periods
from ledger.eventstore.closing import closing_balance
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.processor import REFUSAL_OF_CONSTRAINT
from ledger.eventstore.shards import NAMESPACE
from ledger.eventstore.unit_of_work import UnitOfWork

PERIODS_ID: Final = uuid5(NAMESPACE, "periods")
DAYS_CLOSED: Final = (
    "SELECT CASE WHEN count(*) = count(closed_through) THEN min(closed_through) END FROM es_shard"
)

# Any command that would post in a closed month, whatever the business date of its shard says.
REFUSAL_OF_CONSTRAINT["journal_entry_period_open"] = PeriodAlreadyClosed
REFUSAL_OF_CONSTRAINT["period_close_pkey"] = PeriodAlreadyClosed
REFUSAL_OF_CONSTRAINT["period_close_is_over"] = PeriodNotOver


@dataclass(frozen=True, kw_only=True)
class ClosePeriod(Command):
    """Close a month (``YYYY-MM``) for good; nothing is posted in it or before it any more."""

    name: ClassVar[str] = "close_period"

    month: str

    def home(self) -> UUID:
        """Return the one stream of closed months."""
        return PERIODS_ID

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask through which date every shard has closed its days."""
        return ((DAYS_CLOSED, ()),)


@handles(ClosePeriod)
def close_period(command: ClosePeriod, work: UnitOfWork) -> dict[str, Any]:
    """Refuses MonthInvalid, PeriodAlreadyClosed, PeriodNotNext, PeriodNotOver."""
    month = Month.parse(command.month)
    periods = work.find(Periods, command.home())
    if periods is None:
        periods = Periods.blank(command.home())
        work.add(periods)
    # Asked before the whole journal is summed.
    periods.require_over(month, days_closed_through=work.reads[0][0][0])
    balance = closing_balance(through=month.last)
    periods.close(
        effective_date=work.effective_date,
        month=month,
        days_closed_through=work.reads[0][0][0],
        accounts=balance.accounts,
        trial_balance_hash=balance.digest,
    )
    return {
        "month": str(month),
        "closed_through": month.last.isoformat(),
        "accounts": balance.accounts,
        "trial_balance_hash": balance.digest,
    }
