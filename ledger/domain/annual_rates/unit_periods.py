"""The unit-periods in which United States Regulation Z measures the time of a transaction.

Owns: which standard intervals there are, how many make a year, and how two dates become whole unit-periods
and a fraction of one.
Refuses to know: amounts and rates.
Source: 12 CFR part 1026, Appendix J (b)(3) to (5). All months are equal and are measured back from the
later date; odd days are measured forward from the earlier one. Several months, and half months, are counted
in days, 30 to a full month; a year that is not full counts its whole months, or else its days over 365.

| from       | to         | unit-period | whole | fraction |
| ---------- | ---------- | ----------- | ----- | -------- |
| 1978-02-10 | 1978-04-01 | month       | 1     | 19/30    |
| 1978-01-10 | 1978-03-01 | 2 months    | 0     | 52/60    |
| 1978-02-23 | 1978-03-01 | half month  | 0     | 6/15     |
| 1978-01-15 | 1979-07-15 | 12 months   | 1     | 6/12     |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.kernel.periods import months_after
from ledger.kernel.refusals import Refusal, RefusalKind

EVERY_MAX: Final = 366
_MONTHS_IN_YEAR: Final = 12


class UnitPeriodInvalid(Refusal):
    """A unit-period is one interval to a year long, and odd days are at most one of them."""

    code = "LEDGER_UNIT_PERIOD_INVALID"
    kind = RefusalKind.INVALID


class FlowBeforeAdvance(Refusal):
    """A flow lies before the first advance."""

    code = "LEDGER_FLOW_BEFORE_ADVANCE"
    kind = RefusalKind.INVALID


class Interval(StrEnum):
    """The standard intervals that a unit-period is one or several of."""

    DAY = "day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"


_IN_YEAR: Final = {Interval.DAY: 365, Interval.WEEK: 52, Interval.HALF_MONTH: 24, Interval.MONTH: 12}
_DAYS: Final = {Interval.DAY: 1, Interval.WEEK: 7, Interval.HALF_MONTH: 15, Interval.MONTH: 30}
_MOST: Final = {Interval.DAY: 366, Interval.WEEK: 52, Interval.HALF_MONTH: 1, Interval.MONTH: 12}


@dataclass(frozen=True)
class UnitPeriod:
    """So many intervals: 2 weeks, 3 months, 255 days. Refuses UnitPeriodInvalid."""

    interval: Interval
    every: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.every <= _MOST[self.interval]:
            raise UnitPeriodInvalid(
                "A unit-period is not longer than a year.", field="every", maximum=_MOST[self.interval]
            )

    @property
    def in_year(self) -> Fraction:
        """Return how many a year has: 12 months, 26 fortnights, 365 days."""
        return Fraction(_IN_YEAR[self.interval], self.every)

    def odd_part(self, days: int) -> Fraction:
        """Return odd days as a part of the unit-period; a year has 365 of them. Refuses UnitPeriodInvalid."""
        most = 365 if self._is_year else _DAYS[self.interval] * self.every
        if days > most:
            raise UnitPeriodInvalid(
                "Odd days are no more than a unit-period.", field="odd_days", maximum=most
            )
        return Fraction(days, most)

    def between(self, *, start: date, end: date) -> tuple[int, Fraction]:
        """Return the whole unit-periods and the fraction before them. Refuses FlowBeforeAdvance."""
        if end < start:
            raise FlowBeforeAdvance("Nothing is paid before the first advance.", field="flows")
        if self.interval in (Interval.DAY, Interval.WEEK):
            whole, days = divmod((end - start).days, _DAYS[self.interval] * self.every)
            return whole, self.odd_part(days)
        months = _full_months(start, end)
        days = (months_after(end, months=-months) - start).days
        if self._is_year:
            return _years(months, days, start, end)
        if self == UnitPeriod(Interval.MONTH):
            return months, self.odd_part(days)
        whole, left = divmod(30 * months + days, _DAYS[self.interval] * self.every)
        return whole, self.odd_part(left)

    @property
    def _is_year(self) -> bool:
        return self.interval is Interval.MONTH and self.every == _MONTHS_IN_YEAR


def _full_months(start: date, end: date) -> int:
    months = (end.year - start.year) * _MONTHS_IN_YEAR + end.month - start.month
    return months if months_after(end, months=-months) >= start else months - 1


def _years(months: int, days: int, start: date, end: date) -> tuple[int, Fraction]:
    years, left = divmod(months, _MONTHS_IN_YEAR)
    if days == 0:
        return years, Fraction(left, _MONTHS_IN_YEAR)
    opens = months_after(end, months=-years * _MONTHS_IN_YEAR)
    return years, Fraction((opens - start).days, 365)
