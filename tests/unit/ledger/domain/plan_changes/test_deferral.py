"""Paying later: moved dates, a longer term, rows without principal, skipped rows."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.domain.plan_changes.consent import CapitalisationWithoutConsent
from ledger.domain.plan_changes.deferral import DeferralInterest, defer, extend, interest_only, skip
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible
from ledger.domain.plan_changes.tranches import Tranche, disburse
from ledger.domain.plan_changes.versions import agreed_version
from ledger.domain.plans.choices import Batch, Grace, GraceInterest
from ledger.kernel.business_days import Adjustment, BusinessCalendar
from ledger.kernel.frequencies import DueDateRuleImpossible, Unit
from tests.unit.ledger.domain.plan_changes.building import (
    MONTHS,
    assert_holds,
    dues,
    on,
    rows_from,
    steps,
    version,
)
from tests.unit.ledger.domain.plan_changes.by_hand import Rows, half_up
from tests.unit.ledger.domain.plans.building import terms

RATE = "0.108"
MONTH = Fraction(1, 12)
WITH_NEXT, SPREAD, FORGIVEN = DeferralInterest
LATER = [MONTHS[2], "2024-07-05", "2024-08-05", "2024-09-05", "2024-10-05"]


def deferred(plan, day, by, unit=Unit.MONTH, interest=WITH_NEXT):
    changed = defer(plan, on=on(day), by=by, unit=unit, interest=interest)
    assert_holds(changed)
    return changed


class TestADeferral:
    def test_lets_interest_run_as_worked(self):
        agreed = terms("bullet", principal=3_000_000, rate="0.12", count=2, exact=True)
        found = deferred(agreed_version(agreed), "2024-03-10", 1)
        assert (found.rows[0].period.days, found.rows[0].interest_minor) == (92, 92_000)

    @pytest.mark.parametrize("exact", [False, True])
    def test_charges_the_longer_row_and_keeps_principal(self, exact):
        plan = version(exact=exact)
        found = deferred(plan, "2024-05-15", 1)
        parts = None if exact else [2 * MONTH, MONTH, MONTH, MONTH]
        hand = Rows(steps(LATER), owed=plan.rows[1].closing_minor, rate=RATE, parts=parts)
        kept = [row.principal_minor for row in plan.rows[2:]]
        assert rows_from(found, 2) == hand.by_principal(kept)
        assert dues(found)[2:] == LATER[1:]

    @pytest.mark.parametrize("exact", [False, True])
    def test_may_spread_its_interest_over_a_new_instalment(self, exact):
        plan = version(exact=exact)
        found = deferred(plan, "2024-05-15", 1, interest=SPREAD)
        parts = None if exact else [2 * MONTH, MONTH, MONTH, MONTH]
        hand = Rows(steps(LATER), owed=plan.rows[1].closing_minor, rate=RATE, parts=parts)
        assert rows_from(found, 2) == hand.by_instalment()

    @pytest.mark.parametrize("exact", [False, True])
    def test_may_forgive_the_interest_of_the_time_gained(self, exact):
        plan = version(exact=exact)
        found = deferred(plan, "2024-05-15", 1, interest=FORGIVEN)
        assert found.rows[2].interest_minor == plan.rows[2].interest_minor
        assert bool(found.terms.rates.pauses) is exact

    def test_by_days_counts_them(self):
        plan = version()
        found = deferred(plan, "2024-05-15", 10, Unit.DAY)
        exact = plan.rows[1].closing_minor * Fraction(RATE) * (MONTH + Fraction(10, 360))
        assert found.rows[2].interest_minor == half_up(exact)
        assert dues(found)[2:] == ["2024-06-15", "2024-07-15", "2024-08-15", "2024-09-15"]

    def test_by_nothing_changes_nothing(self):
        plan = version()
        found = deferred(plan, "2024-05-15", 0)
        assert (found.rows, found.terms, found.number) == (plan.rows, plan.terms, 2)

    def test_counts_months_from_the_day_before_it_was_clipped(self):
        found = deferred(version(start="2024-01-31"), "2024-02-10", 1)
        assert dues(found)[:3] == ["2024-03-31", "2024-04-30", "2024-05-31"]

    @pytest.mark.parametrize(
        ("start", "rule", "expected"),
        [
            ("2024-02-29", {"end_of_month": True}, ["2024-04-30", "2024-05-31"]),
            ("2024-01-10", {"fixed_day": 31}, ["2024-02-29", "2024-03-31"]),
            ("2024-01-10", {"listed": tuple(map(on, MONTHS[1:]))}, ["2024-05-05", "2024-06-05"]),
            ("2024-01-10", {"first_due_on": on("2024-02-29")}, ["2024-03-29", "2024-04-29"]),
        ],
    )
    def test_keeps_the_rule_of_the_dates(self, start, rule, expected):
        assert dues(deferred(version(start=start, rule=rule), start, 1))[:2] == expected

    def test_of_weekly_rows_goes_by_weeks(self):
        found = deferred(version(frequency="weekly"), "2024-03-06", 2, Unit.WEEK)
        assert dues(found)[:2] == ["2024-03-26", "2024-04-02"]
        assert found.rows[0].interest_minor == half_up(5_000_000 * Fraction(RATE) * 3 / 52)

    def test_moves_batches_with_their_dates(self):
        batches = (Batch(on("2024-04-20"), 1_000_000), Batch(on("2024-06-30"), 1_500_000))
        agreed = terms("custom", principal=2_500_000, rate="0.12", exact=True, count=2, batches=batches)
        found = deferred(agreed_version(agreed), "2024-04-10", 5, Unit.DAY)
        assert dues(found) == ["2024-04-25", "2024-07-05"]
        assert found.terms.batches[0] == Batch(on("2024-04-25"), 1_000_000)

    def test_of_a_flat_loan_charges_the_longer_row_flat(self):
        found = deferred(version("flat"), "2024-05-15", 1)
        assert [row.interest_minor for row in found.rows[2:]] == [90_000, 45_000, 45_000, 45_000]
        spread = deferred(version("flat"), "2024-05-15", 1, interest=SPREAD)
        assert len({row.total_minor for row in spread.rows[2:5]}) == 1

    @pytest.mark.parametrize("exact", [False, True])
    def test_keeps_what_each_balance_bore_in_a_row_with_a_tranche(self, exact):
        plan = version("interest_only", exact=exact)
        grown = disburse(plan, on=on("2024-05-15"), tranche=Tranche(amount_minor=1_000_000))
        found = deferred(grown, "2024-05-20", 1)
        counted = Fraction(5_000_000 * 10 + 6_000_000 * (21 + 30), 360)
        by_steps = (5_000_000 + Fraction(1_000_000 * 21, 31) + 6_000_000) / 12
        assert found.rows[2].interest_minor == half_up((counted if exact else by_steps) * Fraction(RATE))

    def test_counts_the_last_day_and_the_least_days_once(self):
        agreed = terms("bullet", exact=True, count=1, counts_last_day=True)
        moved = deferred(agreed_version(agreed), "2024-03-10", 1)
        longer = version("bullet", exact=True, count=2, counts_last_day=True)
        assert rows_from(moved) == rows_from(longer)
        short = terms("bullet", exact=True, count=1, min_interest_days=90)
        assert rows_from(deferred(agreed_version(short), "2024-03-10", 1)) == [(5_000_000, 135_000)]

    def test_avoids_holidays_like_every_due_date(self):
        weekends = BusinessCalendar()
        plan = version(adjustment=Adjustment.FOLLOWING, calendar=weekends)
        assert dues(deferred(plan, "2024-03-10", 1))[0] == "2024-05-06"
        unmoved = version(calendar=weekends)
        first = deferred(unmoved, "2024-03-10", 1).rows[0].period
        assert (first.due_on, first.pay_by) == (on("2024-05-05"), on("2024-05-06"))

    def test_leaves_no_row_without_days(self):
        closed = BusinessCalendar(holidays=frozenset(on(f"2024-05-{day:02}") for day in range(4, 9)))
        daily = version(frequency="weekly", count=2, adjustment=Adjustment.FOLLOWING, calendar=closed)
        assert dues(daily) == ["2024-03-12", "2024-03-19"]
        shut = BusinessCalendar(
            holidays=frozenset(on(f"2024-{month:02}-{day:02}") for month in (4,) for day in range(1, 29))
        )
        plan = version(frequency="weekly", count=2, adjustment=Adjustment.FOLLOWING, calendar=shut)
        with pytest.raises(DueDateRuleImpossible):
            deferred(plan, "2024-03-10", 4, Unit.WEEK)


class TestALongerTerm:
    def test_before_anything_happened_is_the_longer_plan(self):
        for method in ("equal_instalment", "equal_principal", "interest_only", "bullet", "flat"):
            for exact in (False, True):
                found = extend(version(method, exact=exact), on=on("2024-03-05"), rows=3)
                assert_holds(found)
                assert rows_from(found) == rows_from(version(method, exact=exact, count=9)), method

    def test_counts_the_last_day_of_the_new_last_row_only(self):
        found = extend(version(exact=True, counts_last_day=True), on=on("2024-03-05"), rows=3)
        assert rows_from(found) == rows_from(version(exact=True, counts_last_day=True, count=9))

    def test_lowers_the_instalment_of_the_rows_to_come(self):
        plan = version()
        found = extend(plan, on=on("2024-05-15"), rows=2)
        dates = [*MONTHS[2:], "2024-10-05", "2024-11-05"]
        hand = Rows(steps(dates), owed=plan.rows[1].closing_minor, rate=RATE, parts=[MONTH] * 6)
        assert rows_from(found, 2) == hand.by_instalment()

    def test_by_nothing_changes_nothing(self):
        plan = version()
        assert extend(plan, on=on("2024-05-15"), rows=0).rows == plan.rows

    def test_is_not_for_batches_nor_endless(self):
        batches = (Batch(on("2024-04-20"), 5_000_000),)
        with pytest.raises(ChangeImpossible):
            extend(version("custom", exact=True, count=1, batches=batches), on=on("2024-03-05"), rows=1)
        with pytest.raises(ChangeImpossible, match="endlessly"):
            extend(version(), on=on("2024-03-05"), rows=600)


class TestRowsWithInterestOnly:
    @pytest.mark.parametrize("extends", [False, True])
    def test_pay_interest_and_then_repay_in_the_rows_left(self, extends):
        plan = version()
        found = interest_only(plan, on=on("2024-05-15"), rows=2, extends=extends)
        assert_holds(found)
        owed = plan.rows[1].closing_minor
        interest = half_up(owed * Fraction(RATE) / 12)
        assert rows_from(found, 2)[:2] == [(0, interest), (0, interest)]
        dates = [*MONTHS[4:], *(["2024-10-05", "2024-11-05"] if extends else [])]
        count = len(dates) - 1
        hand = Rows(steps(dates), owed=owed, rate=RATE, parts=[MONTH] * count)
        assert rows_from(found, 4) == hand.by_instalment()

    def test_before_anything_happened_are_a_grace(self):
        for method in ("equal_instalment", "equal_principal"):
            found = interest_only(version(method), on=on("2024-03-05"), rows=2)
            assert rows_from(found) == rows_from(version(method, grace=Grace(principal_rows=2)))

    def test_are_refused_where_no_row_repays_or_all_would_rest(self):
        with pytest.raises(ChangeImpossible):
            interest_only(version("interest_only"), on=on("2024-03-05"), rows=1)
        with pytest.raises(ChangeImpossible, match="At least one row"):
            interest_only(version(), on=on("2024-05-15"), rows=4)

    def test_of_no_number_change_nothing(self):
        assert interest_only(version(), on=on("2024-05-15"), rows=0).rows == version().rows


class TestSkippedRows:
    def test_put_their_interest_off_to_the_first_that_pays(self):
        plan = version()
        found = skip(plan, on=on("2024-05-15"), rows=2)
        assert_holds(found)
        interest = half_up(plan.rows[1].closing_minor * Fraction(RATE) / 12)
        assert [row.total_minor for row in found.rows[2:4]] == [0, 0]
        assert found.rows[4].interest_minor == 3 * interest
        assert found.rows[4].principal_minor == plan.rows[2].principal_minor
        assert len(found.rows) == 8

    def test_may_keep_the_maturity(self):
        assert len(skip(version(), on=on("2024-05-15"), rows=2, extends=False).rows) == 6

    @pytest.mark.parametrize("kind", [GraceInterest.FORGIVEN, GraceInterest.CAPITALISED])
    @pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_only"])
    def test_before_anything_happened_are_a_full_grace(self, kind, method):
        found = skip(
            version(method), on=on("2024-03-05"), rows=2, interest=kind, extends=False, has_consent=True
        )
        assert_holds(found)
        grace = Grace(principal_rows=2, interest_rows=2, interest=kind)
        assert rows_from(found) == rows_from(version(method, grace=grace))

    def test_capitalise_only_with_consent(self):
        with pytest.raises(CapitalisationWithoutConsent):
            skip(version(), on=on("2024-05-15"), rows=1, interest=GraceInterest.CAPITALISED)

    def test_carry_interest_that_an_earlier_grace_put_off(self):
        plan = version(grace=Grace(principal_rows=2, interest_rows=2))
        found = skip(plan, on=on("2024-04-15"), rows=1)
        assert_holds(found)
        # Row 1 earned 450.00 under the old version, row 2 again 450.00: both fall due with row 3 and its own.
        assert [row.interest_minor for row in found.rows[:3]] == [0, 0, 135_000]
        later = disburse(found, on=on("2024-04-20"), tranche=Tranche(amount_minor=1_000_000))
        assert_holds(later)
        carried = later.rows[2].carried_interest_minor
        assert (carried, later.rows[2].interest_minor > 135_000) == (45_000, True)

    def test_may_follow_a_grace_in_which_all_was_repaid(self):
        grace = Grace(principal_rows=2, interest_rows=3)
        tiny = version("equal_principal", principal=7, multiple_minor=100, first_absorbs=True, grace=grace)
        assert len(tiny.rows) == 3
        found = deferred(tiny, "2024-03-10", 1)
        assert rows_from(found) == [(0, 0), (0, 0), (7, 0)]

    def test_of_no_number_change_nothing(self):
        assert skip(version(), on=on("2024-05-15"), rows=0).rows == version().rows

    def test_are_refused_where_the_interest_was_agreed_otherwise(self):
        grace = Grace(principal_rows=3, interest_rows=3, interest=GraceInterest.FORGIVEN)
        with pytest.raises(ChangeImpossible, match="another agreement"):
            skip(version(grace=grace), on=on("2024-03-10"), rows=1)

    @pytest.mark.parametrize("method", ["bullet", "flat"])
    def test_are_refused_for_methods_that_only_defer(self, method):
        with pytest.raises(ChangeImpossible, match="deferred"):
            skip(version(method), on=on("2024-03-10"), rows=1)
