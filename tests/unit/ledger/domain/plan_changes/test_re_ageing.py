"""Re-ageing and re-amortising: overdue amounts join the rows to come."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.domain.plan_changes.re_ageing import Placing, ReAge, re_age, re_amortise
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, shared_out
from ledger.domain.plan_changes.tranches import Tranche, disburse
from ledger.domain.plan_changes.versions import undo
from ledger.domain.plans.choices import Batch, Grace
from ledger.kernel.frequencies import DueDateRuleImpossible, Frequency
from tests.unit.ledger.domain.plan_changes.building import (
    MONTHS,
    assert_holds,
    dues,
    on,
    paid,
    rows_from,
    steps,
    version,
)
from tests.unit.ledger.domain.plan_changes.by_hand import Rows, half_up

RATE = Fraction("0.108")
MONTHLY = Frequency.named("monthly")


def aged(plan, day="2024-05-20", *, payments=None, rows=3, first="2024-06-20", **more):
    new = ReAge(rows=rows, first_due_on=on(first), frequency=MONTHLY, **more)
    changed = re_age(plan, on=on(day), new=new, payments=payments or paid(1))
    assert_holds(changed)
    return changed


def spread(plan, day="2024-05-20", *, payments=None, **more):
    changed = re_amortise(plan, on=on(day), payments=payments or paid(1), **more)
    assert_holds(changed)
    return changed


class TestReAgeing:
    def test_without_interest_makes_equal_parts_of_all_principal(self):
        plan = version("equal_principal", principal=1_000_000, rate="0", count=4)
        found = aged(plan, payments=paid(1), charges_interest=False)
        assert [row.principal_minor for row in found.rows] == [250_000, 0, 250_000, 250_000, 250_000]
        thirds = aged(plan, payments=paid(0), charges_interest=False)
        assert rows_from(thirds, 2) == [(333_333, 0), (333_333, 0), (333_334, 0)]

    def test_with_interest_makes_an_instalment_for_the_new_rows(self):
        plan = version(exact=True)
        found = aged(plan)
        owed = plan.rows[0].closing_minor
        dates = [("2024-05-20", "2024-06-20"), ("2024-06-20", "2024-07-20"), ("2024-07-20", "2024-08-20")]
        accrued = half_up(plan.rows[1].closing_minor * RATE * 15 / 360)
        carried = plan.rows[1].interest_minor + accrued
        new = found.rows[2:]
        hand = Rows(dates, owed=owed, rate=RATE).by_instalment()
        assert [(row.principal_minor, row.accrued_minor) for row in new] == hand
        assert new[0].interest_minor == new[0].accrued_minor + carried
        assert [row.period.number for row in found.rows] == [1, 2, 3, 4, 5]
        assert (found.rows[1].principal_minor, found.rows[1].interest_minor) == (0, 0)

    def test_may_leave_overdue_interest_where_it_is(self):
        plan = version()
        found = aged(plan, takes_overdue_interest=False)
        assert found.rows[1].interest_minor == plan.rows[1].interest_minor
        accrued = half_up(plan.rows[1].closing_minor * RATE / 12 * Fraction(15, 31))
        assert found.rows[2].carried_interest_minor == accrued

    @pytest.mark.parametrize("placing", list(Placing))
    def test_places_interest_and_fees_from_before(self, placing):
        found = aged(version(), placing=placing, fees_minor=1_000)
        carried = [getattr(row, "carried_interest_minor", 0) for row in found.rows[2:]]
        fees = [getattr(row, "fee_minor", 0) for row in found.rows[2:]]
        interest = aged(version()).rows[2].carried_interest_minor
        assert (sum(carried), sum(fees)) == (interest, 1_000)
        expected = {
            Placing.FULL: [1_000, 0, 0],
            Placing.EQUAL: [333, 333, 334],
            Placing.SPLIT: [
                *(1_000 * row.principal_minor // 4_185_221 for row in found.rows[2:4]),
                1_000 - sum(1_000 * row.principal_minor // 4_185_221 for row in found.rows[2:4]),
            ],
        }[placing]
        assert fees == expected
        first = found.rows[2]
        assert first.total_minor == first.principal_minor + first.interest_minor + first.fee_minor

    def test_keeps_what_was_paid_of_a_row(self):
        found = aged(version(), payments=paid(1, (2, 22_112, 7_667)))
        assert (found.rows[1].principal_minor, found.rows[1].interest_minor) == (22_112, 7_667)

    def test_before_anything_fell_due_is_a_new_plan_from_that_day(self):
        found = aged(version(), "2024-03-05", payments=paid(), rows=6, first="2024-04-05")
        assert rows_from(found) == rows_from(version())

    def test_carries_fees_on_through_later_changes(self):
        first = aged(version(), fees_minor=1_000, placing=Placing.EQUAL)
        again = disburse(first, on=on("2024-05-25"), tranche=Tranche(amount_minor=100_000))
        assert_holds(again)
        assert [row.fee_minor for row in again.rows[2:]] == [333, 333, 334]
        anew = aged(first, "2024-05-26", payments=paid(2))
        assert sum(getattr(row, "fee_minor", 0) for row in anew.rows) == 1_000

    def test_can_be_undone(self):
        plan = version()
        assert undo(aged(plan), on=on("2024-05-21")).rows == plan.rows

    def test_refuses_a_flat_rate_and_a_first_date_in_the_past(self):
        with pytest.raises(ChangeImpossible):
            aged(version("flat"))
        assert len(aged(version("flat"), charges_interest=False).rows) == 5
        with pytest.raises(DueDateRuleImpossible):
            aged(version(), first="2024-05-20")
        with pytest.raises(ChangeImpossible, match="at least one"):
            aged(version(), rows=0)


class TestReAmortising:
    def test_spreads_overdue_principal_equally_with_the_rest_in_the_last_row(self):
        plan = version("equal_principal", principal=1_000_000, rate="0", count=4)
        found = spread(plan, payments=paid(1), day="2024-05-10")
        assert [row.principal_minor for row in found.rows] == [250_000, 0, 375_000, 375_000]
        odd = version("equal_principal", principal=1_000_001, rate="0", count=4)
        assert [row.principal_minor for row in spread(odd, "2024-05-10", payments=paid(1)).rows][2:] == [
            375_000,
            375_001,
        ]

    def test_charges_interest_on_what_joined_from_that_day(self):
        plan = version(exact=True)
        found = spread(plan)
        overdue = plan.rows[1].principal_minor
        parts = shared_out(overdue, count=4)
        hand = Rows(
            steps(MONTHS[2:]), owed=plan.rows[1].closing_minor, rate=RATE, drawn=("2024-05-20", overdue)
        )
        kept = [row.principal_minor + part for row, part in zip(plan.rows[2:], parts, strict=True)]
        assert rows_from(found, 2) == hand.by_principal(kept)
        assert found.rows[1].interest_minor == plan.rows[1].interest_minor

    def test_may_spread_overdue_interest_as_well(self):
        plan = version()
        found = spread(plan, takes_overdue_interest=True)
        assert [row.carried_interest_minor for row in found.rows[2:]] == shared_out(37_667, count=4)
        assert found.rows[1].total_minor == 0

    def test_may_spread_interest_alone(self):
        plan = version("interest_only")
        found = spread(plan, takes_overdue_interest=True)
        assert [row.principal_minor for row in found.rows] == [0] * 5 + [5_000_000]
        assert sum(row.interest_minor for row in found.rows) == sum(row.interest_minor for row in plan.rows)

    def test_of_a_flat_loan_leaves_its_interest(self):
        found = spread(version("flat"))
        assert [row.interest_minor for row in found.rows] == [45_000] * 6

    def test_of_batches_adds_to_each_of_them(self):
        batches = tuple(Batch(on(f"2024-0{month}-20"), 1_000_000) for month in (4, 5, 6, 7, 8))
        found = spread(version("custom", exact=True, count=5, batches=batches), "2024-05-21")
        assert [row.principal_minor for row in found.rows] == [1_000_000, 0, 1_333_333, 1_333_333, 1_333_334]
        assert [batch.principal_minor for batch in found.terms.batches] == [1_333_333, 1_333_333, 1_333_334]

    def test_leaves_rows_of_a_grace_without_principal(self):
        plan = version("equal_principal", grace=Grace(principal_rows=3), count=6)
        with pytest.raises(ChangeImpossible):
            spread(plan)
        found = spread(plan, takes_overdue_interest=True)
        assert [row.principal_minor for row in found.rows[:3]] == [0, 0, 0]

    def test_refuses_when_nothing_is_overdue(self):
        with pytest.raises(ChangeImpossible):
            spread(version(), payments=paid(2))

    def test_leaves_the_dates(self):
        assert dues(spread(version())) == MONTHS[1:]
