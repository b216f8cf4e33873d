"""The conventions a progressive schedule is computed by, each with the default of the trade.

Owns: their names and what each choice means. Refuses to know: amounts and dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DaysInYear(StrEnum):
    """What a yearly rate is divided by."""

    ACTUAL = "actual"
    D360 = "360"
    D364 = "364"
    D365 = "365"


class DaysInMonth(StrEnum):
    """Whether a row's interest follows its calendar days, or months of 30 days."""

    ACTUAL = "actual"
    D30 = "30"


class LeapRule(StrEnum):
    """Which days of a leap year are counted over 366, where the days in a year are actual."""

    FULL_LEAP_YEAR = "full_leap_year"
    FEB_29_PERIOD_ONLY = "feb_29_period_only"


class YearSplit(StrEnum):
    """The day on which a row over the turn of the year is cut; 31 Dec puts that night into the new year."""

    DEC_31 = "dec_31"
    JAN_1 = "jan_1"


class InterestPeriod(StrEnum):
    """Interest by days, or by rows: a month is 1/12 and a week 1/52 of a year."""

    DAILY = "daily"
    SAME_AS_REPAYMENT = "same_as_repayment"


class InterestMethod(StrEnum):
    """What interest is charged on: what is still owed, or all that was lent."""

    DECLINING = "declining"
    FLAT = "flat"


class Rest(StrEnum):
    """How far a change reaches: to its own day, or to the end of the row it falls into."""

    DAILY = "daily"
    SAME_AS_REPAYMENT = "same_as_repayment"


class PreClose(StrEnum):
    """Up to when a loan that is repaid as a whole is charged."""

    PRE_CLOSE_DATE = "till_pre_close_date"
    REST_DATE = "till_rest_date"


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """How interest is counted, and what payments do to it."""

    days_in_year: DaysInYear = DaysInYear.D360
    days_in_month: DaysInMonth = DaysInMonth.D30
    leap_rule: LeapRule = LeapRule.FULL_LEAP_YEAR
    year_split: YearSplit = YearSplit.DEC_31
    interest_period: InterestPeriod = InterestPeriod.DAILY
    partial_periods: bool = True
    method: InterestMethod = InterestMethod.DECLINING
    recalculates: bool = True
    rest: Rest = Rest.DAILY
    pre_close: PreClose = PreClose.PRE_CLOSE_DATE
    charges_overdue_principal: bool = True
    equalisation_rounds: int = 3

    def reaches_row_end(self, *, closes: bool) -> bool:
        """Say whether a payment counts from the end of its row; ``closes`` if it repays the whole loan."""
        if self.pre_close is PreClose.PRE_CLOSE_DATE:
            return False
        return closes or self.rest is Rest.SAME_AS_REPAYMENT
