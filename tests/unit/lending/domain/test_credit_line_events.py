"""Events of credit lines as earlier releases stored them, read as what they posted then."""

from __future__ import annotations

import pytest

from ledger.eventstore.codec import build_event
from tests.unit.lending.builders import DAY, ENTITY, LINE, LOAN, OTHER_LOAN, open_line

LIMIT = {"currency": "CNY", "limit_before_minor": 100_000, "reason": "review"}


def stored(topic, line, **payload):
    """Return the next event of the line as it is read from what was stored."""
    given = {"effective_date": DAY.isoformat(), "entity_id": str(ENTITY), **payload}
    return build_event(topic, LINE, line.version + 1, given)


class TestAChangeOfTheLimit:
    @pytest.mark.parametrize(("limit", "change"), [(150_000, 50_000), (40_000, -60_000), (10_000, -90_000)])
    def test_in_the_first_version_changed_the_commitment_by_all_of_it(self, limit, change):
        line = open_line(drawn_minor=30_000)
        event = stored("line.limit_changed", line, **LIMIT, limit_minor=limit)
        assert event.commitment_change_minor == change
        event.mutate(line)
        assert (line.state.limit_minor, line.state.committed_minor) == (limit, 70_000 + change)

    def test_in_the_second_version_changed_it_by_what_it_names(self):
        payload = {**LIMIT, "limit_minor": 10_000, "class_version": 2, "commitment_change_minor": -70_000}
        event = stored("line.limit_changed", open_line(drawn_minor=30_000), **payload)
        assert event.commitment_change_minor == -70_000


class TestALoanBooked:
    def test_in_the_first_version_lowered_the_commitment_by_what_the_loans_event_posted(self):
        line = open_line(reserved_minor=20_000)
        event = stored("line.booked", line, loan_id=str(LOAN), amount_minor=20_000)
        assert (event.currency, event.commitment_change_minor) == ("", -20_000)
        event.mutate(line)
        assert (line.state.drawn_minor, line.state.reserved_minor) == (20_000, 0)
        assert line.state.committed_minor == 80_000

    def test_in_the_second_version_lowered_it_by_what_it_names(self):
        line = open_line(reserved_minor=20_000)
        payload = {"currency": "CNY", "commitment_change_minor": -5, "class_version": 2}
        event = stored("line.booked", line, loan_id=str(LOAN), amount_minor=20_000, **payload)
        assert (event.currency, event.commitment_change_minor) == ("CNY", -5)


class TestALimitRestored:
    def test_in_the_first_version_raised_the_commitment_by_what_the_loans_event_posted(self):
        line = open_line(drawn_minor=30_000)
        event = stored("line.restored", line, loan_id=str(OTHER_LOAN), amount_minor=12_000)
        assert (event.currency, event.commitment_change_minor) == ("", 12_000)
        event.mutate(line)
        assert (line.state.drawn_minor, line.state.committed_minor) == (18_000, 82_000)

    def test_in_the_second_version_raised_it_by_what_it_names(self):
        payload = {"currency": "CNY", "commitment_change_minor": 5, "class_version": 2}
        line = open_line(drawn_minor=30_000)
        event = stored("line.restored", line, loan_id=str(OTHER_LOAN), amount_minor=12_000, **payload)
        assert (event.currency, event.commitment_change_minor) == ("CNY", 5)
