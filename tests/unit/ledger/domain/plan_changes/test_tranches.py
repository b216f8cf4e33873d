"""Another disbursement: every method, on a due date and within a row, against rows computed by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, Remake
from ledger.domain.plan_changes.standing import NothingToChange
from ledger.domain.plan_changes.tranches import Tranche, TrancheAboveLimit, disburse
from ledger.domain.plan_changes.versions import ChangeInForce, NoChangeToUndo, agreed_version, undo
from ledger.domain.plans.choices import Batch, Grace, Method
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
from tests.unit.ledger.domain.plan_changes.by_hand import Rows
from tests.unit.ledger.domain.plans.building import terms

RATE = "0.108"
MONTH = Fraction(1, 12)


def drawn(plan, day, amount_minor=1_000_000, *, how=Remake.NEW_INSTALMENT, limit=None, payments=None):
    tranche = Tranche(amount_minor=amount_minor, limit_minor=limit)
    changed = disburse(plan, on=on(day), tranche=tranche, how=how, payments=payments or paid())
    assert_holds(changed)
    return changed


def by_hand(owed, day, first=2, *, periodic=True):
    dates = steps(MONTHS[first:])
    parts = [MONTH] * len(dates) if periodic else None
    return Rows(dates, owed=owed, rate=RATE, drawn=(day, 1_000_000), parts=parts)


class TestATrancheOfEqualInstalments:
    @pytest.mark.parametrize("day", ["2024-05-05", "2024-05-15", "2024-06-04"])
    @pytest.mark.parametrize("exact", [False, True])
    def test_sets_a_new_instalment_for_what_the_rows_bear(self, day, exact):
        plan = version(exact=exact)
        found = drawn(plan, day)
        owed = plan.rows[1].closing_minor
        assert rows_from(found, 2) == by_hand(owed, day, periodic=not exact).by_instalment()
        assert found.rows[:2] == plan.rows[:2]

    def test_on_a_due_date_matches_the_worked_instalment(self):
        found = drawn(version(), "2024-05-05")
        assert [row.total_minor for row in found.rows[2:]] == [1_115_430, 1_115_430, 1_115_430, 1_115_429]

    def test_may_keep_the_instalment_and_last_longer(self):
        found = drawn(version(), "2024-05-05", how=Remake.KEEP_INSTALMENT)
        assert [row.total_minor for row in found.rows[2:]] == [859_779] * 5 + [187_713]
        assert dues(found)[-2:] == ["2024-10-05", "2024-11-05"]

    def test_that_is_small_may_still_fit_the_rows(self):
        plan = version(instalment_minor=1_500_000)
        found = drawn(plan, "2024-03-06", 100_000, how=Remake.KEEP_INSTALMENT)
        assert len(found.rows) == 4
        assert found.terms.count == 4

    def test_before_anything_happened_is_a_larger_loan(self):
        assert drawn(version(), "2024-03-05").rows == version(principal=6_000_000).rows
        exact = version(exact=True)
        assert drawn(exact, "2024-03-05").rows == version(principal=6_000_000, exact=True).rows

    def test_twice_in_one_row_charges_each_balance_for_its_days(self):
        once = drawn(version("interest_only", exact=True), "2024-05-15")
        twice = drawn(once, "2024-05-25")
        exact = Fraction(5_000_000 * 10 + 6_000_000 * 10 + 7_000_000 * 11) * Fraction("0.108") / 360
        assert twice.rows[2].interest_minor == round(exact)

    def test_keeps_the_rest_of_a_grace(self):
        plan = version(grace=Grace(principal_rows=3))
        found = drawn(plan, "2024-04-15")
        assert [row.principal_minor for row in found.rows[:3]] == [0, 0, 0]
        assert found.rows[3].opening_minor == 6_000_000

    def test_never_ends_if_the_instalment_hardly_repays(self):
        plan = version(instalment_minor=45_100, count=400)
        with pytest.raises(ChangeImpossible) as refused:
            drawn(plan, "2024-05-05", 900, how=Remake.KEEP_INSTALMENT)
        assert refused.value.field == "rows"


class TestATrancheOfOtherMethods:
    @pytest.mark.parametrize("day", ["2024-05-05", "2024-05-20"])
    def test_raises_equal_principal(self, day):
        plan = version("equal_principal", exact=True)
        owed = plan.rows[1].closing_minor
        assert rows_from(drawn(plan, day), 2) == by_hand(owed, day, periodic=False).equal_principal()

    def test_of_equal_principal_may_keep_it_and_last_longer(self):
        found = drawn(version("equal_principal"), "2024-05-05", how=Remake.KEEP_INSTALMENT)
        assert [row.principal_minor for row in found.rows[2:]] == [833_333] * 5 + [166_669]

    @pytest.mark.parametrize("day", ["2024-05-05", "2024-05-20"])
    def test_raises_the_interest_and_the_end_of_interest_only(self, day):
        plan = version("interest_only", exact=True)
        assert rows_from(drawn(plan, day), 2) == by_hand(5_000_000, day, periodic=False).at_the_end()

    def test_of_a_bullet_bears_interest_from_its_day(self):
        found = drawn(version("bullet", exact=True), "2024-06-01")
        exact = Fraction(5_000_000 * 88 + 6_000_000 * 96) * Fraction("0.108") / 360
        assert rows_from(found) == [(6_000_000, round(exact))]

    def test_of_a_flat_loan_bears_flat_interest_for_its_part_of_the_row(self):
        found = drawn(version("flat"), "2024-05-15")
        # 21 of the 31 days of the running row.
        running = round(Fraction("0.108") / 12 * (5_000_000 + Fraction(1_000_000 * 21, 31)))
        assert [row.interest_minor for row in found.rows[2:]] == [running, 54_000, 54_000, 54_000]
        left = version("flat").rows[1].closing_minor + 1_000_000
        level = round(Fraction(left + running + 3 * 54_000, 4))
        assert [row.total_minor for row in found.rows[2:5]] == [level] * 3

    def test_of_custom_batches_is_shared_out_in_proportion(self):
        batches = (Batch(on("2024-04-20"), 1_000_000), Batch(on("2024-06-30"), 1_500_001))
        agreed = terms("custom", principal=2_500_001, exact=True, count=2, batches=batches)
        found = drawn(agreed_version(agreed), "2024-04-10", 500_000)
        assert [row.principal_minor for row in found.rows] == [1_199_999, 1_800_002]

    @pytest.mark.parametrize("method", ["interest_only", "bullet", "flat"])
    def test_without_an_instalment_keeps_none(self, method):
        with pytest.raises(ChangeImpossible, match="no instalment"):
            drawn(version(method), "2024-03-20", how=Remake.KEEP_INSTALMENT)

    def test_with_a_balloon_or_kept_principal_is_refused(self):
        with pytest.raises(ChangeImpossible):
            drawn(version(balloon_minor=1_000_000), "2024-03-20", how=Remake.KEEP_INSTALMENT)
        with pytest.raises(ChangeImpossible, match="more is repaid"):
            drawn(version(), "2024-03-20", how=Remake.KEEP_PRINCIPAL)

    def test_keeps_no_principal_where_only_the_last_row_repays(self):
        plan = version("equal_principal", grace=Grace(principal_rows=5))
        found = drawn(plan, "2024-03-20", how=Remake.KEEP_INSTALMENT)
        assert [row.principal_minor for row in found.rows] == [0] * 5 + [5_000_000, 1_000_000]


class TestTheLimit:
    def test_counts_what_is_to_come_and_what_is_overdue(self):
        plan = version()
        owed = plan.rows[1].closing_minor
        drawn(plan, "2024-05-15", limit=owed + 1_000_000, payments=paid(2))
        with pytest.raises(TrancheAboveLimit) as refused:
            drawn(plan, "2024-05-15", limit=owed + 1_000_000, payments=paid(1))
        assert refused.value.details == {"available_minor": 1_000_000 - plan.rows[1].principal_minor}

    def test_is_never_less_than_nothing_available(self):
        with pytest.raises(TrancheAboveLimit) as refused:
            drawn(version(), "2024-03-20", limit=1)
        assert refused.value.details == {"available_minor": 0}


class TestUndo:
    def test_brings_back_the_identical_rows(self):
        plan = version()
        first = drawn(plan, "2024-05-15")
        second = drawn(first, "2024-05-20")
        back = undo(second, on=on("2024-05-21"))
        assert (back.rows, back.terms, back.movements) == (first.rows, first.terms, first.movements)
        assert (back.number, back.replaces, back.restores) == (4, second, first)
        again = undo(back, on=on("2024-05-22"))
        assert (again.rows, again.number, again.restores) == (plan.rows, 5, plan)
        assert again.agreed is plan
        with pytest.raises(NoChangeToUndo):
            undo(again, on=on("2024-05-23"))

    def test_is_refused_once_a_row_fell_due_under_the_change(self):
        changed = drawn(version(), "2024-05-15")
        with pytest.raises(ChangeInForce):
            undo(changed, on=on("2024-06-05"))
        with pytest.raises(ChangeInForce):
            undo(changed, on=on("2024-05-14"))

    def test_of_the_agreed_plan_is_refused(self):
        with pytest.raises(NoChangeToUndo):
            undo(version(), on=on("2024-03-06"))


class TestTheDay:
    @pytest.mark.parametrize("day", ["2024-03-04", "2024-09-05", "2025-01-01"])
    def test_lies_within_the_plan(self, day):
        with pytest.raises(NothingToChange):
            drawn(version(), day)

    def test_is_not_before_the_last_change(self):
        with pytest.raises(NothingToChange):
            drawn(drawn(version(), "2024-05-15"), "2024-05-14")

    def test_may_follow_a_down_payment(self):
        found = drawn(version(down_payment_minor=1_000_000), "2024-03-20")
        assert [row.kind for row in found.rows[:2]] == ["down_payment", "instalment"]
        assert found.rows[1].opening_minor == 5_000_000

    def test_of_a_bullet_keeps_its_count_of_steps(self):
        assert drawn(version("bullet"), "2024-03-20").terms.count == 6
        assert drawn(version("bullet"), "2024-03-20").terms.method is Method.BULLET
