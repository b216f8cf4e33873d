"""Paying off and prepaying: the worked quote, broken periods, overdue rows, and the plans that follow."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Batch, Grace, GraceInterest
from ledger.domain.plans.early import NothingToRepayEarly, payoff_on
from ledger.domain.plans.rebates import Rebate, RebateImpossible, early_interest
from ledger.domain.plans.replanning import EarlyAmountTooSmall, Replan, ReplanImpossible, prepay
from tests.unit.ledger.domain.plans.building import terms


def payoff(on, *, rows_paid=2, fee_e8=0, **changes):
    agreed = terms(**changes)
    return payoff_on(
        agreed, build_plan(agreed), rows_paid=rows_paid, on=date.fromisoformat(on), fee_e8=fee_e8
    )


def prepaid(
    on, amount_minor, *, rows_paid=2, fee_e8=0, replan=Replan.SHORTEN_TERM, rebate=Rebate.TO_DATE, **changes
):
    agreed = terms(**changes)
    return prepay(
        agreed,
        build_plan(agreed),
        rows_paid=rows_paid,
        on=date.fromisoformat(on),
        amount_minor=amount_minor,
        replan=replan,
        fee_e8=fee_e8,
        rebate=rebate,
    )


def totals(prepayment):
    return [row.total_minor for row in prepayment.rows]


class TestTheLastDayOfALoan:
    @pytest.mark.parametrize(
        ("on", "days", "interest"),
        [("2024-03-05", 15, 31_250), ("2024-03-20", 15, 31_250), ("2024-03-25", 20, 41_667)],
    )
    def test_a_bullet_paid_off_soon_bears_its_shortest_time(self, on, days, interest):
        changes = {"method": "bullet", "rate": "0.15", "count": 3, "exact": True, "min_interest_days": 15}
        found = payoff(on, rows_paid=0, **changes)
        assert (found.broken_days, found.broken_interest_minor) == (days, interest)

    def test_counts_where_the_contract_says_so(self):
        found = payoff("2024-03-15", rows_paid=0, exact=True, counts_last_day=True)
        assert (found.broken_days, found.broken_interest_minor) == (11, 16_500)

    def test_does_not_count_twice_where_the_loan_goes_on(self):
        done = prepaid("2024-03-15", 1_015_000, rows_paid=0, exact=True, counts_last_day=True)
        assert (done.payoff.broken_interest_minor, done.principal_minor) == (15_000, 1_000_000)

    def test_rows_paid_ahead_bear_nothing_more(self):
        found = payoff("2024-04-20", rows_paid=3)
        assert (found.principal_to_come_minor, found.broken_interest_minor) == (2_533_598, 0)
        done = prepaid("2024-04-20", 100_000, rows_paid=3)
        assert done.rows[0].period.starts_on == date(2024, 6, 5)


class TestPayoff:
    def test_matches_the_worked_quote(self):
        found = payoff("2024-05-16", fee_e8=1_000_000)
        assert (found.principal_to_come_minor, found.broken_days) == (3_363_109, 11)
        assert (found.broken_interest_minor, found.fee_minor) == (11_098, 33_631)
        assert found.total_minor == 3_407_838

    def test_on_a_due_date_has_no_broken_interest(self):
        assert payoff("2024-05-05").total_minor == 3_363_109

    def test_includes_unpaid_rows_that_are_due(self):
        found = payoff("2024-05-16", rows_paid=1)
        assert (found.due_principal_minor, found.due_interest_minor) == (822_112, 37_667)
        assert found.total_minor == 3_363_109 + 11_098 + 859_779

    def test_after_the_last_due_date_is_only_what_is_due(self):
        found = payoff("2024-10-01", rows_paid=5)
        assert (found.total_minor, found.broken_days) == (859_781, 0)

    def test_includes_interest_put_off_in_grace_rows(self):
        found = payoff("2024-05-16", grace=Grace(principal_rows=3, interest_rows=3))
        assert found.deferred_interest_minor == 90_000
        assert found.total_minor == 5_000_000 + 90_000 + 16_500

    def test_includes_interest_that_was_capitalised(self):
        grace = Grace(principal_rows=3, interest_rows=3, interest=GraceInterest.CAPITALISED)
        found = payoff("2024-05-05", grace=grace)
        assert (found.deferred_interest_minor, found.principal_to_come_minor) == (0, 5_090_405)

    def test_charges_nothing_in_a_forgiven_row(self):
        found = payoff(
            "2024-03-20", rows_paid=0, grace=Grace(interest_rows=1, interest=GraceInterest.FORGIVEN)
        )
        assert found.total_minor == 5_000_000

    def test_charges_a_forgiven_grace_no_longer_when_it_is_over(self):
        found = payoff(
            "2024-04-16", rows_paid=1, grace=Grace(interest_rows=1, interest=GraceInterest.FORGIVEN)
        )
        assert found.broken_interest_minor > 0

    def test_of_a_flat_loan_charges_the_days_on_the_original_principal(self):
        found = payoff("2024-05-16", method="flat")
        assert found.broken_interest_minor == 16_500

    def test_leaves_a_down_payment_out(self):
        assert payoff("2024-05-05", down_payment_minor=1_000_000, rows_paid=0).due_interest_minor > 0

    @pytest.mark.parametrize(("on", "rows_paid"), [("2024-03-04", 0), ("2024-05-05", 6)])
    def test_refuses_a_day_without_anything_to_repay(self, on, rows_paid):
        with pytest.raises(NothingToRepayEarly):
            payoff(on, rows_paid=rows_paid)


class TestPrepayment:
    def test_shortens_the_term_as_worked(self):
        assert totals(prepaid("2024-05-05", 1_000_000)) == [859_779, 859_779, 684_647]

    def test_reduces_the_instalment_as_worked(self):
        found = prepaid("2024-05-05", 1_000_000, replan=Replan.REDUCE_INSTALMENT)
        assert totals(found) == [604_129, 604_129, 604_129, 604_130]

    def test_settles_due_rows_broken_interest_and_the_fee_first(self):
        found = prepaid("2024-05-16", 2_000_000, rows_paid=1, fee_e8=1_000_000)
        early = 2_000_000 - 859_779 - 11_098
        assert found.principal_minor + found.fee_minor == early
        assert found.fee_minor == round(found.principal_minor / 100)
        assert sum(row.principal_minor for row in found.rows) == 3_363_109 - found.principal_minor

    def test_charges_the_running_period_by_its_remaining_days(self):
        found = prepaid("2024-05-15", 1_000_000)
        first = found.rows[0]
        assert (first.period.starts_on, first.period.due_on) == (date(2024, 5, 15), date(2024, 6, 5))
        assert first.interest_minor == round(first.opening_minor * 0.108 * 21 / 360)

    def test_of_equal_principal_keeps_the_principal_of_a_row(self):
        found = prepaid("2024-05-05", 1_000_000, method="equal_principal")
        assert [row.principal_minor for row in found.rows] == [833_333, 833_333, 666_668]

    def test_of_equal_principal_may_reduce_it(self):
        found = prepaid("2024-05-05", 1_000_000, method="equal_principal", replan=Replan.REDUCE_INSTALMENT)
        assert [row.principal_minor for row in found.rows] == [583_334, 583_334, 583_334, 583_332]

    def test_of_interest_only_lowers_the_interest(self):
        found = prepaid("2024-05-05", 1_000_000, method="interest_only", replan=Replan.REDUCE_INSTALMENT)
        assert totals(found) == [36_000, 36_000, 36_000, 4_036_000]

    def test_keeps_a_balloon_as_far_as_it_is_still_owed(self):
        found = prepaid("2024-05-05", 3_000_000, balloon_minor=1_000_000, replan=Replan.REDUCE_INSTALMENT)
        assert (
            sum(row.principal_minor for row in found.rows) == found.payoff.principal_to_come_minor - 3_000_000
        )

    @pytest.mark.parametrize("amount_minor", [1, 859_779, 859_779 + 11_098, 4_300_000])
    def test_refuses_an_amount_that_repays_no_principal_or_all(self, amount_minor):
        with pytest.raises(EarlyAmountTooSmall):
            prepaid("2024-05-16", amount_minor, rows_paid=1)

    @pytest.mark.parametrize(
        ("changes", "replan", "field"),
        [
            ({"method": "interest_only"}, Replan.SHORTEN_TERM, "mode"),
            ({"method": "bullet", "rows_paid": 0}, Replan.SHORTEN_TERM, "mode"),
        ],
    )
    def test_refuses_plans_that_cannot_be_made_again(self, changes, replan, field):
        with pytest.raises(ReplanImpossible) as refused:
            prepaid("2024-05-05", 1_000_000, replan=replan, **changes)
        assert refused.value.field == field

    def test_of_batches_takes_them_away_from_the_last(self):
        found = prepaid("2024-04-10", 1_000_000, rows_paid=0, **BATCHES)
        broken = round(2_500_000 * 0.12 * 5 / 360)
        assert found.principal_minor == 1_000_000 - broken
        left = 2_500_000 - found.principal_minor
        assert [row.principal_minor for row in found.rows] == [1_000_000, left - 1_000_000]
        gone = prepaid("2024-04-10", 1_600_000, rows_paid=0, **BATCHES)
        assert [row.principal_minor for row in gone.rows] == [2_500_000 - gone.principal_minor]

    def test_of_batches_may_lower_each_in_proportion(self):
        found = prepaid("2024-04-05", 500_000, rows_paid=0, replan=Replan.REDUCE_INSTALMENT, **BATCHES)
        assert totals(found) == [800_000 + round(2_000_000 * 0.12 * 15 / 360), 1_200_000 + 28_400]

    @pytest.mark.parametrize("replan", list(Replan))
    def test_in_a_grace_leaves_the_grace_rows_that_are_left(self, replan):
        grace = Grace(principal_rows=4)
        found = prepaid("2024-05-05", 1_000_000, grace=grace, replan=replan)
        assert [row.principal_minor for row in found.rows[:2]] == [0, 0]
        assert found.rows[0].interest_minor == 36_000
        assert sum(row.principal_minor for row in found.rows) == 4_000_000
        over = prepaid("2024-07-05", 1_000_000, rows_paid=4, grace=grace, replan=replan)
        assert over.rows[0].principal_minor > 0

    def test_in_a_grace_pays_what_was_put_off_first(self):
        grace = Grace(principal_rows=4, interest_rows=3)
        found = prepaid("2024-05-05", 1_000_000, grace=grace, replan=Replan.REDUCE_INSTALMENT)
        assert found.principal_minor == 1_000_000 - 90_000
        assert [row.interest_minor for row in found.rows[:2]] == [0, 2 * 36_810]

    def test_of_equal_principal_in_a_grace_keeps_the_principal_of_later_rows(self):
        found = prepaid("2024-05-05", 1_000_000, method="equal_principal", grace=Grace(principal_rows=4))
        assert [row.principal_minor for row in found.rows] == [0, 0, 2_500_000, 1_500_000]

    def test_of_a_flat_loan_lowers_its_interest_in_proportion(self):
        planned = build_plan(terms("flat"))
        found = prepaid("2024-05-05", 1_000_000, method="flat", replan=Replan.REDUCE_INSTALMENT)
        before = sum(row.principal_minor for row in planned.rows[2:])
        interest = round(45_000 * (before - 1_000_000) / before)
        assert [row.interest_minor for row in found.rows] == [interest] * 4
        assert sum(row.principal_minor for row in found.rows) == before - 1_000_000
        again = prepaid("2024-05-05", 1_000_000, method="flat")
        assert (len(again.rows), again.rows[0].total_minor) == (3, planned.rows[0].total_minor)

    def test_of_a_flat_loan_within_a_row_takes_its_days_first(self):
        found = prepaid("2024-05-15", 1_000_000, method="flat", replan=Replan.REDUCE_INSTALMENT)
        assert found.principal_minor == 1_000_000 - 15_000
        share = 1 - found.principal_minor / found.payoff.principal_to_come_minor
        # The running row bears 21 of 360 days instead of a month of 30.
        assert found.rows[0].interest_minor == round(45_000 * share * 21 / 30)

    def test_of_a_flat_loan_without_interest_has_none_to_lower(self):
        free = {"method": "flat", "rate": "0", "replan": Replan.REDUCE_INSTALMENT}
        assert totals(prepaid("2024-05-05", 1_000_000, **free)) == [583_334, 583_334, 583_334, 583_332]
        by_78 = prepaid("2024-05-05", 1_000_000, rebate=Rebate.RULE_OF_78, **free)
        assert totals(by_78) == [583_334, 583_334, 583_334, 583_332]


BATCHES = {
    "method": "custom",
    "principal": 2_500_000,
    "rate": "0.12",
    "start": "2024-04-05",
    "count": 2,
    "exact": True,
    "batches": (Batch(date(2024, 4, 20), 1_000_000), Batch(date(2024, 6, 30), 1_500_000)),
}


def interest_of(on, *, rebate=Rebate.TO_DATE, days_min=0, rows_paid=0, **changes):
    agreed = terms(**changes)
    rows = build_plan(agreed).rows
    quote = payoff_on(agreed, build_plan(agreed), rows_paid=rows_paid, on=date.fromisoformat(on))
    return early_interest(agreed, rows, payoff=quote, rebate=rebate, days_min=days_min)


YEAR = {"method": "flat", "principal": 1_000_000, "rate": "0.12", "count": 12}


class TestTheRebate:
    def test_by_the_rule_of_78_gives_back_the_rows_to_come(self):
        found = interest_of("2024-08-05", rebate=Rebate.RULE_OF_78, rows_paid=5, **YEAR)
        unearned = round(120_000 * 7 * 8 / (12 * 13))
        assert (found.rebate_minor, found.charged_minor) == (unearned, 70_000 - unearned)

    def test_by_the_rule_of_78_charges_the_running_row_whole(self):
        within = interest_of("2024-07-06", rebate=Rebate.RULE_OF_78, rows_paid=4, **YEAR)
        at_its_end = interest_of("2024-08-05", rebate=Rebate.RULE_OF_78, rows_paid=5, **YEAR)
        assert within.charged_minor == at_its_end.charged_minor + 10_000

    def test_to_date_charges_days(self):
        found = interest_of("2024-08-16", rows_paid=5, **YEAR)
        assert (found.charged_minor, found.rebate_minor) == (3_667, 70_000 - 3_667)

    def test_of_the_full_term_is_none(self):
        found = interest_of("2024-05-16", rebate=Rebate.FULL_TERM, rows_paid=2)
        rows = build_plan(terms()).rows
        assert found.charged_minor == sum(row.interest_minor for row in rows[2:])
        assert found.rebate_minor == 0

    def test_of_the_full_term_counts_interest_put_off_and_capitalised_once(self):
        for kind in (GraceInterest.DEFERRED, GraceInterest.CAPITALISED):
            grace = Grace(principal_rows=3, interest_rows=3, interest=kind)
            agreed = terms(grace=grace)
            plan = build_plan(agreed)
            quote = payoff_on(agreed, plan, rows_paid=2, on=date(2024, 5, 16))
            found = early_interest(agreed, plan.rows, payoff=quote, rebate=Rebate.FULL_TERM)
            interest = quote.due_interest_minor + quote.deferred_interest_minor + found.charged_minor
            principal = quote.due_principal_minor + quote.principal_to_come_minor
            assert principal + interest == plan.total_minor, kind

    def test_leaves_interest_for_the_least_days(self):
        # 31 days of the first row and 9 of the second, on their balances.
        found = interest_of("2024-03-10", days_min=40)
        second = 4_185_221 * 0.108 * 9 / 360
        assert (found.charged_minor, found.least_minor) == (round(45_000 + second), round(45_000 + second))
        assert interest_of("2024-03-10", days_min=5).charged_minor == 7_500
        assert interest_of("2024-03-10", days_min=400).rebate_minor == 0
        assert interest_of("2024-04-10", days_min=10, rows_paid=1).least_minor == 0

    def test_leaves_no_interest_of_rows_that_are_free(self):
        grace = Grace(interest_rows=1, interest=GraceInterest.FORGIVEN)
        assert interest_of("2024-03-10", days_min=20, grace=grace).charged_minor == 0

    def test_by_the_rule_of_78_is_for_flat_loans_alone(self):
        with pytest.raises(RebateImpossible):
            interest_of("2024-05-16", rebate=Rebate.RULE_OF_78)


class TestAPrepaymentByTheRuleOf78:
    def test_gives_back_its_share_of_what_is_not_earned(self):
        found = prepaid(
            "2024-08-05",
            200_000,
            rows_paid=5,
            rebate=Rebate.RULE_OF_78,
            replan=Replan.REDUCE_INSTALMENT,
            **YEAR,
        )
        before = found.payoff.principal_to_come_minor
        rebate = round(120_000 * 7 * 8 / (12 * 13) * 200_000 / before)
        assert sum(row.interest_minor for row in found.rows) == 70_000 - rebate
        assert sum(row.principal_minor for row in found.rows) == before - 200_000

    def test_breaks_off_no_interest(self):
        found = prepaid(
            "2024-08-16",
            200_000,
            rows_paid=5,
            rebate=Rebate.RULE_OF_78,
            replan=Replan.REDUCE_INSTALMENT,
            **YEAR,
        )
        assert (found.principal_minor, found.rows[0].period.starts_on) == (200_000, date(2024, 8, 5))

    @pytest.mark.parametrize(
        ("rebate", "replan", "kind"),
        [
            (Rebate.FULL_TERM, Replan.REDUCE_INSTALMENT, RebateImpossible),
            (Rebate.RULE_OF_78, Replan.SHORTEN_TERM, ReplanImpossible),
        ],
    )
    def test_is_refused_where_it_makes_no_sense(self, rebate, replan, kind):
        with pytest.raises(kind):
            prepaid("2024-08-05", 200_000, rows_paid=5, rebate=rebate, replan=replan, **YEAR)
