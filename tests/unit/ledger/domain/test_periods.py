"""Months are closed one after the other, once, when they are over."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from ledger.domain.periods import Month, MonthInvalid, PeriodNotNext, Periods
from ledger.domain.periods_matrix import EVENT, MATRIX

JANUARY, FEBRUARY, MARCH = (Month(date(2024, number, 1)) for number in (1, 2, 3))
# The state, the month that is asked for, and through which day every shard is closed.
SITUATIONS = {
    "no month closed, the month is running": ((), JANUARY, date(2024, 1, 30)),
    "the month is closed": ((JANUARY, FEBRUARY), JANUARY, date(2024, 3, 5)),
    "the month before is open": ((JANUARY,), MARCH, date(2024, 4, 5)),
    "the month before is closed, the month is running": ((JANUARY,), FEBRUARY, date(2024, 2, 28)),
}


def close(periods, month, *, over):
    periods.close(
        effective_date=date(2024, 4, 6),
        month=month,
        days_closed_through=over,
        accounts=3,
        trial_balance_hash="0" * 64,
    )


def with_closed(*months):
    periods = Periods.blank(UUID(int=1))
    for month in months:
        close(periods, month, over=date(2024, 4, 5))
    periods.collect_events()
    return periods


@pytest.mark.parametrize(("state", "command"), sorted(MATRIX), ids=lambda part: part)
def test_every_command_in_every_state(state, command):
    closed, month, over = SITUATIONS[state]
    assert command == "close"
    assert MATRIX[state, command] != EVENT
    periods = with_closed(*closed)
    before = periods.copy()
    with pytest.raises(MATRIX[state, command]):
        close(periods, month, over=over)
    assert (periods.state, periods.version, periods.pending_events) == (before.state, before.version, [])


class TestAMonth:
    def test_is_closed_on_the_day_after_its_last_one_and_names_what_it_was_closed_on(self):
        periods = with_closed(JANUARY)
        close(periods, FEBRUARY, over=date(2024, 2, 29))
        (event,) = periods.pending_events
        assert (event.month, event.closed_through) == ("2024-02", date(2024, 2, 29))
        assert (event.accounts, event.trial_balance_hash) == (3, "0" * 64)
        assert periods.state.closed_through == date(2024, 2, 29)

    def test_is_any_month_at_first(self):
        assert with_closed(MARCH).state.closed_through == date(2024, 3, 31)

    def test_is_not_closed_before_a_shard_has_closed_any_day(self):
        with pytest.raises(MATRIX["no month closed, the month is running", "close"]):
            close(Periods.blank(UUID(int=1)), JANUARY, over=None)

    def test_that_is_not_next_is_refused_with_the_one_that_is(self):
        with pytest.raises(PeriodNotNext) as refused:
            close(with_closed(Month(date(2023, 12, 1))), FEBRUARY, over=date(2024, 4, 5))
        assert refused.value.details == {"next": "2024-01"}

    @pytest.mark.parametrize(("text", "last"), [("2024-02", 29), ("2023-02", 28), ("2024-12", 31)])
    def test_is_read_from_its_text_and_ends_on_its_last_day(self, text, last):
        month = Month.parse(text)
        assert (str(month), month.last.day) == (text, last)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2024",
            "2024-13",
            "2024-00",
            "2024-1",
            "24-01",
            "2024-01-01",
            "9999-12",
            "0000-01",
        ],
    )
    def test_written_otherwise_is_refused(self, text):
        with pytest.raises(MonthInvalid):
            Month.parse(text)
