"""Paying off and prepaying: the worked quote, broken periods, overdue rows, and the plans that follow."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.plans.building import build_plan
from ledger.domain.plans.choices import Grace, GraceInterest
from ledger.domain.plans.early import NothingToRepayEarly, payoff_on
from ledger.domain.plans.replanning import EarlyAmountTooSmall, Replan, ReplanImpossible, prepay
from tests.unit.ledger.domain.plans.building import terms


def payoff(on, *, rows_paid=2, fee_e8=0, **changes):
    agreed = terms(**changes)
    return payoff_on(
        agreed, build_plan(agreed), rows_paid=rows_paid, on=date.fromisoformat(on), fee_e8=fee_e8
    )


def prepaid(on, amount_minor, *, rows_paid=2, fee_e8=0, replan=Replan.SHORTEN_TERM, **changes):
    agreed = terms(**changes)
    return prepay(
        agreed,
        build_plan(agreed),
        rows_paid=rows_paid,
        on=date.fromisoformat(on),
        amount_minor=amount_minor,
        replan=replan,
        fee_e8=fee_e8,
    )


def totals(prepayment):
    return [row.total_minor for row in prepayment.rows]


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
            ({"method": "flat"}, Replan.REDUCE_INSTALMENT, "method"),
            ({"grace": Grace(principal_rows=1)}, Replan.REDUCE_INSTALMENT, "method"),
            ({"method": "interest_only"}, Replan.SHORTEN_TERM, "mode"),
        ],
    )
    def test_refuses_plans_that_cannot_be_made_again(self, changes, replan, field):
        with pytest.raises(ReplanImpossible) as refused:
            prepaid("2024-05-05", 1_000_000, replan=replan, **changes)
        assert refused.value.field == field
