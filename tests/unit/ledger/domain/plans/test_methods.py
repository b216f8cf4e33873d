"""Every repayment method against its worked table."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ledger.domain.plans.choices import Batch, Level
from ledger.domain.plans.methods import nothing_until_the_end
from ledger.domain.plans.terms import PlanTermsImpossible
from ledger.domain.plans.walking import InstalmentBelowInterest, Step
from ledger.kernel.rounding import Rounding
from tests.unit.ledger.domain.plans.building import plan, rows, totals


class TestEqualInstalment:
    def test_by_whole_months_matches_the_worked_table(self):
        assert rows() == [
            (814_779, 45_000),
            (822_112, 37_667),
            (829_511, 30_268),
            (836_977, 22_802),
            (844_509, 15_270),
            (852_112, 7_669),
        ]
        assert totals() == [859_779] * 5 + [859_781]

    def test_shows_the_exact_instalment(self):
        ((number, exact),) = plan().levels
        assert number == 1
        assert round(exact / 100, 6) == Fraction(8_597_793180, 1_000_000)

    def test_by_exact_days_sets_the_level_from_the_rows_own_days(self):
        made = plan(start="2024-01-31", count=3, exact=True)
        assert [row.interest_minor for row in made.rows] == [43_500, 31_126, 15_133]
        assert [row.total_minor for row in made.rows] == [1_696_586, 1_696_586, 1_696_587]

    def test_by_exact_days_can_keep_the_level_of_whole_months(self):
        made = plan(start="2024-01-31", count=3, exact=True, level=Level.ANNUITY_PERIODIC)
        assert [row.interest_minor for row in made.rows] == [43_500, 31_125, 15_130]
        assert [row.total_minor for row in made.rows] == [1_696_756, 1_696_756, 1_696_243]

    def test_of_a_whole_yen_has_no_decimals_to_lose(self):
        assert totals(principal=500_000, count=3, rate="0.15") == [170_851, 170_851, 170_849]

    def test_without_interest_divides_evenly(self):
        assert totals(principal=20_000_000, rate="0", count=7) == [2_857_143] * 6 + [2_857_142]

    def test_ends_as_soon_as_nothing_is_left(self):
        assert rows(principal=2, rate="0", count=3) == [(1, 0), (1, 0)]

    def test_matches_the_declining_engine_with_whole_units(self):
        made = totals(
            principal=125_000, rate="0.15", count=4, multiple_minor=100, rounding=Rounding.HALF_EVEN
        )
        assert made == [32_200, 32_200, 32_200, 32_333]

    def test_matches_the_progressive_engine(self):
        made = rows(principal=10_000, rate="0.07", start="2024-01-01", rounding=Rounding.HALF_EVEN)
        assert [interest for _, interest in made] == [58, 49, 39, 29, 20, 10]
        assert [principal + interest for principal, interest in made] == [1_701] * 5 + [1_700]

    def test_takes_a_given_instalment_until_the_balance_is_gone(self):
        made = totals(instalment_minor=900_000)
        assert made == [900_000] * 5 + [653_181]

    def test_refuses_a_given_instalment_below_the_interest(self):
        with pytest.raises(InstalmentBelowInterest) as refused:
            plan(instalment_minor=44_999)
        assert refused.value.details == {"row": 1}

    def test_may_pay_exactly_the_interest(self):
        assert totals(instalment_minor=45_000)[-1] == 5_045_000

    def test_keeps_a_balloon_for_the_last_row(self):
        made = totals(balloon_minor=1_000_000)
        assert made == [696_823] * 5 + [1_696_826]

    def test_lets_the_first_row_absorb(self):
        assert totals(first_absorbs=True) == [859_781] + [859_779] * 5

    def test_of_one_row_has_nothing_to_absorb(self):
        assert rows(count=1, first_absorbs=True) == [(5_000_000, 45_000)]

    @pytest.mark.parametrize("count", [2, 12, 48, 360])
    def test_lets_the_first_row_absorb_all_but_what_a_unit_grows_to(self, count):
        made = totals(count=count, first_absorbs=True, rate="0.24")
        level = made[1]
        assert set(made[1:-1]) <= {level}
        assert abs(made[-1] - level) <= (1 + Fraction(2, 100)) ** count / 2 + 1


class TestEqualisation:
    def test_moves_the_instalment_towards_an_equal_last_row(self):
        options = {"principal": 3_663, "rate": "0.12", "count": 12, "rounding": Rounding.HALF_EVEN}
        assert totals(**options) == [325] * 11 + [332]
        assert totals(**options, equalisation_rounds=3) == [326] * 11 + [321]

    def test_stops_when_a_moved_instalment_would_be_worse(self):
        options = {"principal": 10_000, "rate": "0.6", "count": 48, "rounding": Rounding.HALF_EVEN}
        # 553 leaves 593 for the last row; 554 would leave 395.
        assert totals(**options, equalisation_rounds=3) == [553] * 47 + [593]

    def test_stops_when_the_last_row_is_close(self):
        assert totals(equalisation_rounds=3) == totals()

    def test_stops_when_a_round_does_not_help(self):
        options = {"principal": 125_000, "rate": "0.15", "count": 4, "multiple_minor": 100}
        assert totals(**options, equalisation_rounds=1) == totals(**options)


class TestEqualPrincipal:
    def test_matches_the_worked_table(self):
        made = rows(
            "equal_principal", principal=1_000_000, rate="0.144", start="2024-01-31", count=3, exact=True
        )
        assert made == [(333_333, 11_600), (333_333, 8_267), (333_334, 4_000)]

    def test_lets_the_first_row_absorb(self):
        made = rows("equal_principal", principal=1_000_000, rate="0", count=3, exact=True, first_absorbs=True)
        assert [principal for principal, _ in made] == [333_334, 333_333, 333_333]

    def test_refuses_a_first_row_that_would_lend(self):
        with pytest.raises(PlanTermsImpossible) as refused:
            plan("equal_principal", principal=5, count=10, first_absorbs=True)
        assert refused.value.field == "absorbs"

    def test_rounds_to_a_multiple_and_keeps_a_balloon(self):
        made = rows(
            "equal_principal",
            principal=1_000_000,
            rate="0",
            count=3,
            multiple_minor=1_000,
            balloon_minor=90_000,
        )
        assert [principal for principal, _ in made] == [303_000, 303_000, 394_000]


class TestInterestOnly:
    def test_matches_the_worked_table(self):
        made = rows(
            "interest_only", principal=10_000_000, rate="0.09", start="2024-02-29", count=3, exact=True
        )
        assert made == [(0, 72_500), (0, 77_500), (10_000_000, 75_000)]

    def test_repays_nothing_before_the_end(self):
        assert nothing_until_the_end(Step(0, 100, 1)) == (0, None)


class TestBullet:
    def test_charges_simple_interest_over_the_whole_time(self):
        made = rows("bullet", principal=3_000_000, rate="0.15", start="2023-12-15", count=3, exact=True)
        assert made == [(3_000_000, 113_750)]

    def test_by_whole_months_counts_months(self):
        assert rows("bullet", principal=3_000_000, rate="0.15", count=3) == [(3_000_000, 112_500)]

    def test_charges_the_fewest_days_agreed(self):
        made = rows("bullet", frequency="weekly", count=1, exact=True, min_interest_days=30)
        assert made == [(5_000_000, 45_000)]

    def test_may_count_its_last_day(self):
        made = rows("bullet", frequency="weekly", count=1, exact=True, counts_last_day=True)
        assert made == [(5_000_000, 12_000)]


class TestCustomBatches:
    def test_match_the_worked_table(self):
        made = rows(
            "custom",
            principal=2_500_000,
            rate="0.12",
            start="2024-04-05",
            count=2,
            exact=True,
            batches=(Batch(date(2024, 4, 20), 1_000_000), Batch(date(2024, 6, 30), 1_500_000)),
        )
        assert made == [(1_000_000, 12_500), (1_500_000, 35_500)]


class TestFlat:
    def test_charges_the_original_principal_in_every_row(self):
        made = rows("flat", principal=2_400_000, rate="0.12", count=12)
        assert made == [(200_000, 24_000)] * 12

    def test_matches_the_classic_engine_with_whole_units(self):
        options = {"principal": 125_000, "rate": "0.15", "count": 4, "multiple_minor": 100}
        made = rows("flat", **options, rounding=Rounding.HALF_EVEN, flat_total_once=True)
        assert [interest for _, interest in made] == [1_562, 1_562, 1_562, 1_564]
        assert [sum(row) for row in made] == [32_800, 32_800, 32_800, 32_850]

    def test_refuses_an_instalment_that_rounds_below_the_interest(self):
        with pytest.raises(InstalmentBelowInterest):
            plan("flat", principal=100_000, rate="9", count=60, multiple_minor=1_000_000)
