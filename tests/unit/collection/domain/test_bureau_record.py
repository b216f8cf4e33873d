"""A month is reported when it is over, and again only to say something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from collection.domain.bureau_record import BureauMonthNotOver, BureauNothingNew, BureauRecord, Snapshot
from ledger.postings import legs_for
from tests.unit.refusing import assert_survives_storage, refuses

LOAN, ENTITY, MARCH = UUID(int=1), UUID(int=2), date(2024, 3, 1)
SNAPSHOT = Snapshot("CNY", date(2024, 1, 2), None, 900, 600, 300, 29, "M1", "special_mention", "*" * 23 + "1")


def reported(snapshot: Snapshot = SNAPSHOT) -> BureauRecord:
    record = BureauRecord.blank(UUID(int=3))
    report(record, snapshot)
    return record


def report(
    record: BureauRecord, snapshot: Snapshot, *, on: date = date(2024, 4, 1), month: date = MARCH
) -> None:
    record.report(effective_date=on, loan_id=LOAN, entity_id=ENTITY, month=month, snapshot=snapshot)


class TestAReport:
    def test_is_kept_as_it_was_given(self):
        record = reported()
        assert (record.version, record.state.snapshot) == (1, SNAPSHOT)
        assert_survives_storage(record)

    def test_moves_no_money(self):
        assert legs_for(reported().pending_events[0]) == ()

    def test_that_says_something_else_is_the_next_record(self):
        record = reported()
        report(record, replace(SNAPSHOT, balance_minor=299))
        assert (record.version, record.state.snapshot.balance_minor) == (2, 299)
        assert_survives_storage(record)

    def test_that_says_the_same_is_refused(self):
        record = reported()
        with refuses(record, BureauNothingNew, field="month"):
            report(record, replace(SNAPSHOT))

    @pytest.mark.parametrize("on", [date(2024, 3, 1), date(2024, 3, 31), date(2023, 12, 31)])
    def test_of_a_month_that_is_not_over_is_refused(self, on):
        record = BureauRecord.blank(UUID(int=3))
        with refuses(record, BureauMonthNotOver, field="month"):
            report(record, SNAPSHOT, on=on)

    def test_of_december_is_given_in_january(self):
        record = BureauRecord.blank(UUID(int=3))
        report(record, SNAPSHOT, on=date(2025, 1, 1), month=date(2024, 12, 1))
        assert record.version == 1
