"""Day counts and calendars against QuantLib. Skipped where the package is not installed."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.kernel.business_days import Adjustment, BusinessCalendar
from ledger.kernel.day_count import DayCount, year_fraction
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit

ql = pytest.importorskip("QuantLib")

COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_364: ql.Actual364(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.European),
}
CONVENTIONS = {
    Adjustment.FOLLOWING: ql.Following,
    Adjustment.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    Adjustment.PRECEDING: ql.Preceding,
    Adjustment.UNADJUSTED: ql.Unadjusted,
}
days = st.dates(date(1960, 1, 1), date(2150, 12, 31))


def as_ql(on):
    return ql.Date(on.day, on.month, on.year)


def from_ql(on):
    return date(on.year(), on.month(), on.dayOfMonth())


@settings(deadline=None, max_examples=500)
@given(start=days, length=st.integers(0, 4000), convention=st.sampled_from(sorted(COUNTERS)))
def test_year_fractions(start, length, convention):
    end = start + timedelta(days=length)
    ours = year_fraction(convention=convention, start=start, end=end)
    theirs = COUNTERS[convention].yearFraction(as_ql(start), as_ql(end))
    assert abs(ours - Fraction(theirs)) < Fraction(1, 10**11)


@settings(deadline=None, max_examples=300)
@given(
    on=st.dates(date(2020, 1, 1), date(2027, 12, 31)), rule=st.sampled_from(list(Adjustment)), data=st.data()
)
def test_moved_dates(on, rule, data):
    near = st.dates(on - timedelta(days=10), on + timedelta(days=10))
    holidays = data.draw(st.frozensets(near, max_size=8))
    bespoke = ql.BespokeCalendar("test")
    bespoke.addWeekend(ql.Saturday)
    bespoke.addWeekend(ql.Sunday)
    for holiday in holidays:
        bespoke.addHoliday(as_ql(holiday))
    theirs = bespoke.adjust(as_ql(on), CONVENTIONS[rule])
    for holiday in holidays:
        bespoke.removeHoliday(as_ql(holiday))
    assert BusinessCalendar(holidays=holidays).adjusted(on, rule=rule) == from_ql(theirs)


@settings(deadline=None, max_examples=300)
@given(start=days, months=st.integers(1, 12), count=st.integers(1, 24), end_of_month=st.booleans())
def test_due_dates(start, months, count, end_of_month):
    rule = DueDateRule(frequency=Frequency(Unit.MONTH, months), end_of_month=end_of_month)
    calendar = ql.NullCalendar()
    theirs = [
        from_ql(calendar.advance(as_ql(start), ql.Period(months * k, ql.Months), ql.Unadjusted, end_of_month))
        for k in range(1, count + 1)
    ]
    assert list(rule.dates(start=start, count=count)) == theirs
