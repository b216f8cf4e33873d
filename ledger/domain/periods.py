"""The closing of months: in their order, once each, and for good.

Owns: which month can be closed next. Refuses to know: the clock, the day close, and the journal. The first month
that is closed may be any; it closes everything before it as well. There is no reopening: what turns out later is
posted on the open date, with the value date on which it counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger.domain.period_events import PERIOD_EVENTS, PeriodClosed, PeriodsState
from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal, RefusalKind

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_YEARS: Final = range(1900, 9999)


class MonthInvalid(Refusal):
    """A month is written YYYY-MM."""

    code = "LEDGER_MONTH_INVALID"
    kind = RefusalKind.INVALID


class PeriodAlreadyClosed(Refusal):
    """The month is closed; nothing is posted in it any more, and it is not opened again."""

    code = "LEDGER_PERIOD_CLOSED"


class PeriodNotNext(Refusal):
    """Months are closed one after the other."""

    code = "LEDGER_PERIOD_NOT_NEXT"


class PeriodNotOver(Refusal):
    """A month is closed once every shard has closed its last business date."""

    code = "LEDGER_PERIOD_NOT_OVER"


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month that a text names. Refuses MonthInvalid."""
        found = _MONTH.fullmatch(text)
        if found is None or int(found[1]) not in _YEARS:
            raise MonthInvalid("A month is written YYYY-MM.", field="month")
        return cls(date(int(found[1]), int(found[2]), 1))

    @property
    def last(self) -> date:
        """Return the last day."""
        return months_after(self.first, months=1) - timedelta(days=1)

    def __str__(self) -> str:
        return self.first.strftime("%Y-%m")


@aggregate_stream("period")
class Periods(Aggregate[PeriodsState]):
    """The closed months of the books: one stream, in the states and by the commands of ``periods_matrix``."""

    State = PeriodsState

    def close(
        self,
        *,
        effective_date: date,
        month: Month,
        days_closed_through: date | None,
        accounts: int,
        trial_balance_hash: str,
    ) -> None:
        """Close a month. Refuses PeriodAlreadyClosed, PeriodNotNext, PeriodNotOver."""
        self.require_over(month, days_closed_through=days_closed_through)
        self.trigger(
            PeriodClosed,
            effective_date=effective_date,
            month=str(month),
            closed_through=month.last,
            accounts=accounts,
            trial_balance_hash=trial_balance_hash,
        )

    def require_over(self, month: Month, *, days_closed_through: date | None) -> None:
        """Refuse a month that is not next, or not over. Refuses what ``close`` does."""
        self.require_next(month)
        if days_closed_through is None or days_closed_through < month.last:
            raise PeriodNotOver(
                f"Not every shard has closed {month.last}.",
                field="month",
                days_closed_through=days_closed_through and days_closed_through.isoformat(),
            )

    def require_next(self, month: Month) -> None:
        """Refuse a month that is closed, and one that leaves an open month behind."""
        through = self.state.closed_through
        if through is None:
            return
        if month.last <= through:
            raise PeriodAlreadyClosed(f"The books are closed through {through}.", field="month")
        following = Month((through + timedelta(days=1)).replace(day=1))
        if month != following:
            raise PeriodNotNext(f"{following} is closed first.", field="month", next=str(following))


for _topic, _event_class in PERIOD_EVENTS.items():
    event_of(Periods, _topic)(_event_class)
