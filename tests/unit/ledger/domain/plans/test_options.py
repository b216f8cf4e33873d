"""What a plan may add to its method: grace, rate changes, promotions, holidays, odd periods, bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ledger.domain.plans.choices import Basis, Batch, Grace, GraceInterest, Level
from ledger.domain.plans.periods import plan_periods
from ledger.domain.plans.rate_table import RateStep, RateTable, RateTableInvalid, RateWindow
from ledger.domain.plans.terms import PlanTermsImpossible
from ledger.kernel.business_days import Adjustment, BusinessCalendar
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import DueDateRuleImpossible
from tests.unit.ledger.domain.plans.building import plan, rates, rows, terms, totals

LABOUR_DAY = BusinessCalendar(holidays=frozenset(date(2024, 5, day) for day in range(1, 4)))


class TestGrace:
    def test_of_principal_pays_interest_only_and_spreads_the_rest(self):
        made = rows(grace=Grace(principal_rows=2))
        assert made[:2] == [(0, 45_000), (0, 45_000)]
        assert totals(grace=Grace(principal_rows=2))[2:] == totals(count=4)

    def test_defers_interest_to_the_first_row_after_it(self):
        made = plan(grace=Grace(principal_rows=2, interest_rows=2)).rows
        assert [row.interest_minor for row in made[:3]] == [0, 0, 135_000]
        assert [row.accrued_minor for row in made[:3]] == [45_000] * 3

    def test_capitalises_interest_and_spreads_it(self):
        grace = Grace(principal_rows=2, interest_rows=2, interest=GraceInterest.CAPITALISED)
        made = plan(grace=grace).rows
        assert [row.closing_minor for row in made[:2]] == [5_045_000, 5_090_405]
        assert [row.total_minor for row in made[2:]] == [1_301_363] * 3 + [1_301_364]
        assert sum(row.principal_minor for row in made) == 5_000_000 + 45_000 + 45_405

    def test_forgives_interest(self):
        grace = Grace(interest_rows=1, interest=GraceInterest.FORGIVEN)
        made = plan(grace=grace).rows
        assert (made[0].interest_minor, made[0].accrued_minor) == (0, 0)
        assert made[1].interest_minor == made[1].accrued_minor > 0

    def test_spreads_capitalised_interest_over_equal_principal(self):
        grace = Grace(principal_rows=1, interest_rows=1, interest=GraceInterest.CAPITALISED)
        made = plan("equal_principal", principal=120_000, rate="0.12", count=4, grace=grace).rows
        assert [row.principal_minor for row in made] == [0, 40_400, 40_400, 40_400]

    def test_keeps_deferred_interest_owed_after_the_principal_is_gone(self):
        made = plan(principal=2, rate="9", count=3, grace=Grace(interest_rows=2), instalment_minor=10).rows
        assert [(row.principal_minor, row.interest_minor) for row in made] == [(2, 0), (0, 0), (0, 2)]


class TestRateTable:
    TABLE = rates(("2024-03-05", "0.108"), ("2024-06-15", "0.12"))

    def test_sets_a_new_level_when_the_rate_changes(self):
        made = plan(rates=self.TABLE)
        assert [row.level_minor for row in made.rows] == [859_779] * 3 + [861_195] * 3
        # Row 4 is 10 days at 10.8% and 20 at 12% of a month of 30.
        mixed = Fraction(108 * 10 + 120 * 20, 30 * 1000 * 12)
        assert made.rows[3].interest_minor == round(made.rows[3].opening_minor * mixed)

    def test_does_not_know_a_later_rate_before_it_is_in_force(self):
        three = rates(("2024-03-05", "0.108"), ("2024-06-15", "0.12"), ("2024-08-06", "0.2"))
        assert [row.level_minor for row in plan(rates=three).rows[:5]] == [859_779] * 3 + [861_195] * 2

    def test_can_set_one_level_over_all_rates(self):
        made = plan(rates=self.TABLE, relevels=False)
        assert {row.level_minor for row in made.rows} == {860_477}
        assert made.rows[-1].total_minor == 860_477

    def test_sets_new_levels_by_exact_days(self):
        made = plan(rates=self.TABLE, exact=True)
        assert len(made.levels) == 2
        assert abs(made.rows[-1].total_minor - made.rows[-1].level_minor) <= 3

    def test_takes_the_first_rate_for_what_was_known_before_any(self):
        table = rates(("2024-03-05", "0.1"), ("2024-04-05", "0.2"))
        assert table.known_before(date(2024, 3, 5)).steps == table.steps[:1]

    def test_rounds_each_piece_where_that_is_agreed(self):
        table = rates(("2024-03-05", "0.01"), ("2024-03-20", "0.02"))
        options = {"principal": 3_600, "rates": table, "count": 1, "exact": True}
        # 36.00 at 1% for 15 days is 0.015, at 2% for 16 days 0.032: 0.02 and 0.03, but 0.047 together.
        assert rows("interest_only", **options, round_each_piece=True) == [(3_600, 5)]
        # 35.00: 0.01458 and 0.03111 are 0.01 and 0.03, but 0.04569 together.
        assert rows("interest_only", **{**options, "principal": 3_500}, round_each_piece=True) == [(3_500, 4)]
        assert rows("interest_only", **{**options, "principal": 3_500}) == [(3_500, 5)]

    def test_charges_a_share_during_a_promotion_and_tells_the_subsidy(self):
        promotion = RateWindow(date(2024, 3, 5), date(2024, 4, 4), 85_000_000)
        table = replace(RateTable.constant(14_400_000), promotions=(promotion,))
        (row,) = plan(
            "interest_only",
            rates=table,
            start="2024-03-05",
            count=1,
            exact=True,
            rule={"first_due_on": date(2024, 4, 4)},
        ).rows
        assert (row.interest_minor, row.subsidy_minor) == (51_000, 9_000)

    def test_charges_a_flat_subsidy_on_the_original_principal(self):
        promotion = RateWindow(date(2024, 3, 5), date(2025, 1, 1), 50_000_000)
        table = replace(RateTable.constant(12_000_000), promotions=(promotion,))
        made = plan("flat", rates=table, count=2)
        assert [row.subsidy_minor for row in made.rows] == [25_000, 25_000]

    def test_charges_nothing_during_a_pause(self):
        pause = RateWindow(date(2024, 5, 5), date(2024, 6, 5))
        made = plan(rates=replace(RateTable.constant(10_800_000), pauses=(pause,)), exact=True).rows
        assert [row.interest_minor == 0 for row in made] == [False, False, True, False, False, False]

    @pytest.mark.parametrize(
        ("make", "field"),
        [
            (lambda: RateTable(()), "rates"),
            (lambda: rates(("2024-02-01", "0.1"), ("2024-01-01", "0.1")), "rates"),
            (lambda: RateWindow(date(2024, 1, 2), date(2024, 1, 2)), "ends_on"),
            (
                lambda: RateTable(
                    (RateStep(date.min, 0),),
                    pauses=(
                        RateWindow(date(2024, 1, 1), date(2024, 2, 1)),
                        RateWindow(date(2024, 1, 31), date(2024, 3, 1)),
                    ),
                ),
                "pauses",
            ),
            (lambda: plan(rates=rates(("2024-03-06", "0.1"))), "rates"),
        ],
    )
    def test_refuses_tables_that_do_not_say_the_rate_of_every_day(self, make, field):
        with pytest.raises(RateTableInvalid) as refused:
            make()
        assert refused.value.field == field


class TestDays:
    @pytest.mark.parametrize(
        ("convention", "interest_minor"),
        [
            ("ACT/360", 113_750),
            ("ACT/365F", 112_192),
            ("ACT/ACT ISDA", 111_943),
            ("30/360", 112_500),
            ("30E/360", 112_500),
        ],
    )
    def test_are_counted_by_the_convention(self, convention, interest_minor):
        made = rows(
            "bullet",
            principal=3_000_000,
            rate="0.15",
            start="2023-12-15",
            count=3,
            exact=True,
            day_count=DayCount(convention),
        )
        assert made == [(3_000_000, interest_minor)]

    def test_of_an_odd_first_period_are_counted_on_a_periodic_basis(self):
        made = rows(start="2024-01-10", rule={"fixed_day": 20})
        assert made[0][1] == 61_500  # 41 days of 360, from 10 January to 20 February
        assert totals(start="2024-01-10", rule={"fixed_day": 20})[0] == 859_779

    def test_of_a_regular_fixed_day_are_a_whole_month(self):
        assert rows(start="2024-03-20", rule={"fixed_day": 20})[0][1] == 45_000

    def test_to_the_end_of_the_month_are_a_whole_month(self):
        assert rows(start="2024-02-29", rule={"end_of_month": True})[0][1] == 45_000

    def test_of_a_bullet_with_an_odd_start_are_counted(self):
        made = rows("bullet", start="2024-01-10", count=1, rule={"first_due_on": date(2024, 1, 20)})
        assert made == [(5_000_000, 15_000)]

    def test_of_whole_months_may_be_thirty_over_365(self):
        assert rows(year_days=365)[0][1] == 44_384

    def test_run_to_the_adjusted_due_date(self):
        options = {"principal": 2_000_000, "start": "2024-03-31", "count": 2, "exact": True}
        made = plan(
            "interest_only",
            **options,
            adjustment=Adjustment.FOLLOWING,
            calendar=LABOUR_DAY,
            rule={"first_due_on": date(2024, 5, 3)},
        ).rows
        assert (made[0].period.planned_on, made[0].period.due_on) == (date(2024, 5, 3), date(2024, 5, 6))
        assert made[1].period.starts_on == date(2024, 5, 6)
        assert made[0].interest_minor == 21_600  # 36 days

    def test_of_three_more_days_match_the_worked_amount(self):
        made = plan(
            "interest_only",
            principal=2_000_000,
            start="2024-04-03",
            count=1,
            exact=True,
            adjustment=Adjustment.FOLLOWING,
            calendar=LABOUR_DAY,
            rule={"first_due_on": date(2024, 5, 3)},
        ).rows
        assert (made[0].period.days, made[0].interest_minor) == (33, 19_800)

    def test_leave_an_unadjusted_due_date_but_pay_by_the_next_business_day(self):
        (period,) = plan_periods(terms(start="2024-04-01", count=1, calendar=LABOUR_DAY))
        assert (period.due_on, period.pay_by) == (date(2024, 5, 1), date(2024, 5, 6))

    def test_refuse_holidays_that_swallow_a_period(self):
        with pytest.raises(DueDateRuleImpossible):
            plan(
                start="2024-04-29",
                count=3,
                exact=True,
                rule={"first_due_on": date(2024, 5, 1)},
                frequency="weekly",
                adjustment=Adjustment.PRECEDING,
                calendar=BusinessCalendar(holidays=frozenset({date(2024, 4, 30), date(2024, 5, 1)})),
            )


class TestDownPayment:
    def test_is_a_row_of_its_own_on_the_first_day(self):
        made = plan(down_payment_minor=1_250_000).rows
        assert (made[0].kind, made[0].total_minor, made[0].closing_minor) == (
            "down_payment",
            1_250_000,
            3_750_000,
        )
        assert [row.total_minor for row in made[1:]] == totals(principal=3_750_000)

    def test_counts_as_principal_of_the_plan(self):
        made = plan(down_payment_minor=1_250_000)
        assert (made.principal_minor, made.interest_minor) == (
            5_000_000,
            plan(principal=3_750_000).interest_minor,
        )
        assert made.total_minor == made.principal_minor + made.interest_minor


FLAT_BATCH = (Batch(date(2024, 4, 5), 5_000_000),)


class TestImpossibleTerms:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"principal": 0}, "principal"),
            ({"down_payment_minor": 5_000_000}, "down_payment"),
            ({"balloon_minor": 5_000_000}, "balloon"),
            ({"multiple_minor": 0}, "multiple"),
            ({"equalisation_rounds": 4}, "equalisation_rounds"),
            ({"counts_last_day": True}, "count_last_day"),
            ({"level": Level.LEVEL_EXACT}, "level"),
            ({"exact": True, "year_days": 360}, "year_days"),
            ({"grace": Grace(principal_rows=6)}, "grace"),
            ({"grace": Grace(interest_rows=-1)}, "grace"),
            ({"grace": Grace(interest_rows=2, interest=GraceInterest.CAPITALISED)}, "grace"),
            ({"first_absorbs": True, "grace": Grace(principal_rows=1)}, "absorbs"),
            ({"first_absorbs": True, "instalment_minor": 900_000}, "absorbs"),
            ({"equalisation_rounds": 1, "instalment_minor": 900_000}, "equalisation_rounds"),
            ({"instalment_minor": 900_000, "multiple_minor": 100}, "instalment"),
            (
                {"first_absorbs": True, "rates": rates(("2024-01-01", "0.1"), ("2024-05-01", "0.2"))},
                "absorbs",
            ),
            ({"method": "bullet", "balloon_minor": 100}, "balloon"),
            ({"method": "bullet", "grace": Grace(principal_rows=1)}, "grace"),
            ({"method": "interest_only", "multiple_minor": 100}, "multiple"),
            ({"method": "equal_principal", "instalment_minor": 100}, "instalment"),
            ({"method": "equal_principal", "relevels": False}, "rate_change"),
            ({"flat_total_once": True}, "flat_total"),
            ({"min_interest_days": 1}, "min_interest_days"),
            ({"batches": FLAT_BATCH}, "batches"),
            ({"method": "custom", "exact": True, "count": 1}, "batches"),
            ({"method": "custom", "exact": True, "count": 2, "batches": FLAT_BATCH}, "count"),
            ({"method": "custom", "count": 1, "batches": FLAT_BATCH}, "basis"),
            (
                {"method": "custom", "exact": True, "count": 1, "batches": (Batch(date(2024, 4, 5), 1),)},
                "batches",
            ),
            (
                {"method": "custom", "exact": True, "count": 1, "start": "2024-04-05", "batches": FLAT_BATCH},
                "batches",
            ),
            (
                {
                    "method": "custom",
                    "exact": True,
                    "count": 2,
                    "batches": (Batch(date(2024, 4, 5), 5_000_001), Batch(date(2024, 5, 5), -1)),
                },
                "batches",
            ),
        ],
    )
    def test_are_refused_by_the_name_of_the_field(self, changes, field):
        with pytest.raises(PlanTermsImpossible) as refused:
            terms(**changes)
        assert refused.value.field == field

    def test_basis_is_a_choice(self):
        assert terms(exact=True).basis is Basis.EXACT
