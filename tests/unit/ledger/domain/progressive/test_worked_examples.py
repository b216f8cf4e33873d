"""Worked figures of the progressive engine, one rule each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.domain.allocation_rules import AllocationMode, AllocationRulesInvalid, Rule
from ledger.domain.progressive.allowance import Allowance
from ledger.domain.progressive.checks import ProgressiveFactImpossible
from ledger.domain.progressive.conventions import (
    DaysInMonth,
    DaysInYear,
    InterestMethod,
    InterestPeriod,
    LeapRule,
    PreClose,
    Rest,
    YearSplit,
)
from ledger.domain.progressive.payment_rules import FutureRule, PaymentRules
from ledger.domain.progressive.replay import _Telling
from ledger.domain.progressive.terms import ProgressiveTermsImpossible
from tests.unit.ledger.domain.progressive.telling import lines, rows, terms, told

SIX = ("2024-01-01", 6, "7")
LENT = "lend 2024-01-01 100"
BY_ROW = {"interest_period": InterestPeriod.SAME_AS_REPAYMENT}
ACTUAL = {"days_in_year": DaysInYear.ACTUAL, "days_in_month": DaysInMonth.ACTUAL}
LAST = PaymentRules(future=FutureRule.LAST)


def dues(position):
    return [row.due_minor for row in position.rows]


def total_interest(position):
    return sum(row.due["interest"] for row in position.rows)


class TestALevel:
    def test_repays_a_hundred_over_six_months_with_a_cent_less_in_the_last_row(self):
        assert rows(told(terms(*SIX), LENT)) == lines(
            "83.57 16.43 .58\n67.05 16.52 .49\n50.43 16.62 .39\n33.71 16.72 .29\n16.90 16.81 .20\n0 16.90 .10"
        )

    def test_divides_equally_without_interest(self):
        assert dues(told(terms("2024-01-01", 3, "0"), LENT)) == [3_333, 3_333, 3_334]

    @pytest.mark.parametrize(
        ("lent", "options", "level", "last", "interest"),
        [
            ("1200000", BY_ROW, 11_208_237, 11_208_240, 14_498_847),
            ("1200000", {**BY_ROW, "multiple": 10_000}, 11_210_000, 11_186_622, 14_496_622),
            ("1190000", {**BY_ROW, "multiple": 10_000}, 11_110_000, 11_174_126, 14_384_126),
            ("1200000", ACTUAL, 11_205_493, 11_205_498, 14_465_921),
            (
                "1200000",
                {**ACTUAL, "leap_rule": LeapRule.FEB_29_PERIOD_ONLY},
                11_208_429,
                11_208_424,
                14_501_143,
            ),
        ],
    )
    def test_agrees_with_observed_totals_of_a_year_with_a_leap_day(
        self, lent, options, level, last, interest
    ):
        position = told(terms("2024-01-01", 12, "21.6", **options), f"lend 2024-01-01 {lent}")
        assert (dues(position)[0], dues(position)[-1], total_interest(position)) == (level, last, interest)

    def test_counts_a_long_row_by_its_real_length_and_keeps_the_planned_level(self):
        due = ("2024-02-18", "2024-03-18", "2024-04-18", "2024-05-18", "2024-06-18", "2024-07-18")
        position = told(terms("2024-01-01", 6, "9.4822", due=due, equalisation_rounds=0), LENT)
        assert position.rows[0].due["interest"] == 125
        assert position.rows[1].due["interest"] == 66

    def test_counts_a_quarter_from_the_end_of_a_month(self):
        position = told(terms("2023-11-30", 3, "12", every=1), "lend 2023-11-30 100")
        assert [row.due_on.isoformat() for row in position.rows] == ["2023-12-30", "2024-01-30", "2024-02-29"]
        assert position.rows[0].due["interest"] == 100

    @pytest.mark.parametrize(("split", "interest"), [(YearSplit.DEC_31, 10_181), (YearSplit.JAN_1, 10_182)])
    def test_cuts_a_row_over_the_turn_of_the_year(self, split, interest):
        agreed = terms("2023-12-12", 6, "12", year_split=split, **ACTUAL)
        assert told(agreed, "lend 2023-12-12 10000").rows[0].due["interest"] == interest

    def test_charges_weeks_as_parts_of_52(self):
        position = told(terms("2024-01-01", 2, "52", unit="week", **BY_ROW), LENT)
        assert position.rows[0].due["interest"] == 100

    def test_charges_days_over_364(self):
        agreed = terms("2024-01-01", 2, "36.4", unit="day", every=10, days_in_year=DaysInYear.D364)
        assert told(agreed, LENT).rows[0].due["interest"] == 100

    def test_of_a_year_without_a_leap_day_counts_365(self):
        agreed = terms("2023-01-01", 1, "36.5", leap_rule=LeapRule.FEB_29_PERIOD_ONLY, **ACTUAL)
        assert told(agreed, "lend 2023-01-01 100").rows[0].due["interest"] == 310

    def test_keeps_a_multiple_larger_than_the_instalment_out_of_it(self):
        assert dues(told(terms(*SIX, multiple=10_000), LENT))[0] == 1_701

    def test_leaves_nothing_to_the_last_rows_if_a_multiple_is_too_large_for_all(self):
        assert dues(told(terms(*SIX, multiple=2_500), LENT))[4:] == [148, 0]
        assert dues(told(terms("2024-01-01", 2, "0", multiple=8_000), LENT)) == [8_000, 2_000]

    def test_gives_flat_instalments_the_rest_in_the_last_row(self):
        agreed = terms("2024-01-01", 3, "12", method=InterestMethod.FLAT, recalculates=False, **BY_ROW)
        assert dues(told(agreed, LENT)) == [3_433, 3_433, 3_434]


class TestARepayment:
    def test_early_pays_interest_to_its_day_and_carries_the_rest(self):
        position = told(terms("2024-01-01", 4, "26"), "lend 2024-01-01 1000; pay 2024-01-15 263.69")
        first, second = position.rows[:2]
        assert (first.due["interest"], first.due["principal"]) == (978, 25_391)
        assert second.due["interest"] == 2_504
        assert dues(position) == [26_369, 26_369, 26_369, 26_026]
        # 16.17 of February on the smaller balance, and the 8.87 of January that the first row had no room for.
        part = second.interest_parts[0]
        assert second.due["interest"] - round(part.base_minor * part.factor) == 887

    def test_of_several_rows_early_takes_later_ones_whole_as_principal(self):
        position = told(terms("2024-01-01", 6, "26"), "lend 2024-01-01 430; pay 2024-01-11 200")
        paid = [(row.paid["principal"], row.paid["interest"]) for row in position.rows[:4]]
        assert paid == [(7_419, 301), (7_720, 0), (4_560, 0), (0, 0)]

    def test_in_advance_to_the_last_row_lowers_the_balance_from_its_day(self):
        position = told(terms(*SIX, rules=LAST), "lend 2024-01-01 100; pay 2024-01-15 15")
        assert position.rows[0].due["interest"] == 54
        first, second = position.rows[0].interest_parts
        parts = (first.base_minor * first.factor * 14 / 31, second.base_minor * second.factor)
        assert [round(part, 2) for part in parts] == [Decimal("26.34"), Decimal("27.19")]
        assert (dues(position)[-1], sum(position.rows[-1].paid.values())) == (1_652, 1_500)

    def test_that_is_late_leaves_overdue_principal_bearing_interest(self):
        position = told(terms(*SIX), LENT, "2024-02-15")
        assert (position.rows[1].due["interest"], dues(position)[-1]) == (53, 1_704)

    def test_does_not_if_overdue_principal_bears_none(self):
        position = told(terms(*SIX, charges_overdue_principal=False), LENT, "2024-02-15")
        assert (position.rows[1].due["interest"], dues(position)[-1]) == (49, 1_700)

    def test_that_is_more_than_all_is_overpaid_and_waits_for_the_next_disbursement(self):
        happened = "lend 2024-01-01 100; pay 2024-01-01 150"
        assert told(terms(*SIX), happened).overpaid_minor == 5_000
        again = told(terms(*SIX), happened + "; lend 2024-01-10 100")
        assert again.overpaid_minor == 0
        assert sum(sum(row.paid.values()) for row in again.rows) == 15_000

    def test_to_all_rows_alike_is_shared_out_equally(self):
        rules = PaymentRules(rules=(Rule.named("in_advance.principal"),), future=FutureRule.RE_AMORTISE)
        agreed = terms(*SIX, rules=rules, recalculates=False)
        position = told(agreed, "lend 2024-01-01 100; pay 2024-01-15 0.20")
        assert [row.paid["principal"] for row in position.rows] == [3, 3, 3, 3, 3, 5]
        few = told(agreed, "lend 2024-01-01 100; pay 2024-01-15 0.04")
        assert [row.paid["principal"] for row in few.rows] == [0, 0, 0, 0, 0, 4]

    def test_has_no_use_for_a_last_row_that_asks_for_nothing(self):
        agreed = terms(*SIX, rules=LAST, multiple=2_500)
        position = told(agreed, "lend 2024-01-01 100; pay 2024-06-15 200")
        assert sum(row.outstanding_minor for row in position.rows) == 0
        assert sum(position.rows[-1].paid.values()) == 0

    def test_goes_to_the_running_row_and_then_to_the_last(self):
        rules = PaymentRules(future=FutureRule.NEXT_LAST)
        agreed = terms(*SIX, rules=rules, recalculates=False)
        position = told(agreed, "lend 2024-01-01 100; pay 2024-01-15 20")
        assert [sum(row.paid.values()) for row in position.rows] == [1_701, 0, 0, 0, 0, 299]

    def test_has_rules_of_its_kind(self):
        agreed = terms(*SIX, by_kind={"refund": LAST}, recalculates=False)
        position = told(agreed, "lend 2024-01-01 100; pay 2024-01-15 10 refund; pay 2024-01-15 5")
        assert [sum(row.paid.values()) for row in position.rows] == [500, 0, 0, 0, 0, 1_000]
        assert position.payments[0].shares[0].rule.name == "in_advance.interest"

    def test_for_nothing_that_rules_name_is_left_over(self):
        agreed = terms(*SIX, rules=PaymentRules(rules=(Rule.named("past_due.principal"),)))
        assert told(agreed, "lend 2024-01-01 100; pay 2024-01-15 10").overpaid_minor == 1_000

    def test_settles_a_row_on_the_day_it_is_paid(self):
        position = told(terms(*SIX), "lend 2024-01-01 100; pay 2024-02-01 17.01")
        assert [row.settled_on is not None for row in position.rows] == [True] + [False] * 5

    def test_after_the_last_due_date_repays_what_is_overdue(self):
        position = told(terms("2024-01-01", 2, "12"), "lend 2024-01-01 100; pay 2024-04-10 110")
        assert [row.outstanding_minor for row in position.rows] == [0, 0]
        assert (
            position.rows[0].paid_late_minor + position.rows[1].paid_late_minor
            == 11_000 - position.overpaid_minor
        )


class TestARowBeforeSettledOnes:
    AGREED = terms("2023-11-30", 4, "50", unit="week", every=3, rules=LAST, **ACTUAL)
    PAID_FROM_THE_END = (
        "lend 2023-11-30 39860.26; pay 2023-11-30 .01; pay 2023-11-30 .01; pay 2023-11-30 29468.82;"
        " pause 2023-11-30 2023-12-21"
    )

    def test_bears_the_interest_of_the_settled_ones(self):
        position = told(self.AGREED, self.PAID_FROM_THE_END, "2024-02-08")
        assert [row.due["interest"] for row in position.rows[1:]] == [0, 0, 0]
        assert position.rows[0].due["interest"] > 0

    def test_asks_for_no_more_than_was_lent_when_such_interest_was_paid(self):
        position = told(self.AGREED, self.PAID_FROM_THE_END + "; pay 2023-12-22 .01", "2024-02-08")
        assert sum(row.due["principal"] for row in position.rows) == 3_986_026
        assert position.rows[-1].closing_minor == 0

    def test_ends_with_its_payoff(self):
        payoff = told(self.AGREED, self.PAID_FROM_THE_END, "2024-02-01").payoff.total_minor
        ended = told(self.AGREED, f"{self.PAID_FROM_THE_END}; pay 2024-02-01 {payoff / 100:.2f}")
        assert (sum(row.outstanding_minor for row in ended.rows), ended.overpaid_minor) == (0, 0)


class TestAPayoff:
    def test_in_the_last_row_is_charged_to_its_end(self):
        agreed = terms("2024-01-01", 2, "12", pre_close=PreClose.REST_DATE)
        position = told(agreed, "lend 2024-01-01 100; pay 2024-02-01 50.75; pay 2024-02-15 50.75")
        assert [row.outstanding_minor for row in position.rows] == [0, 0]
        assert position.rows[1].due["interest"] == 50

    @pytest.mark.parametrize(
        ("options", "day", "total"),
        [
            ({}, "2024-02-15", 10_086),
            ({"pre_close": PreClose.REST_DATE}, "2024-02-15", 10_116),
            ({"pre_close": PreClose.REST_DATE, "rest": Rest.SAME_AS_REPAYMENT}, "2024-02-15", 10_116),
            ({"recalculates": False}, "2024-02-15", 10_205),
            ({"pre_close": PreClose.REST_DATE}, "2024-01-01", 10_000),
        ],
    )
    def test_follows_the_agreed_rest(self, options, day, total):
        assert told(terms(*SIX, **options), LENT, day).payoff.total_minor == total

    def test_asks_for_down_payments_and_charges_too(self):
        position = told(terms(*SIX, down="25"), LENT + "; fee 2024-01-01 2024-01-10 2", "2024-01-01")
        assert position.payoff.components == {
            "fee": 200,
            "penalty": 0,
            "compound": 0,
            "interest": 0,
            "principal": 10_000,
        }

    def test_charges_a_settled_running_row_to_its_end(self):
        agreed = terms(*SIX, pre_close=PreClose.REST_DATE)
        early = "lend 2024-01-01 100; pay 2024-01-15 17.01"
        payoff = told(agreed, early, "2024-01-20").payoff.total_minor
        ended = told(agreed, f"{early}; pay 2024-01-20 {payoff / 100:.2f}")
        assert (sum(row.outstanding_minor for row in ended.rows), ended.overpaid_minor) == (0, 0)
        assert total_interest(ended) > total_interest(told(terms(*SIX), f"{early}; pay 2024-01-20 83.33"))


class TestChanges:
    def test_of_the_rate_before_the_start_are_the_rate(self):
        changed = told(terms(*SIX), "rate 2024-01-01 12; lend 2024-01-01 100")
        assert dues(changed) == dues(told(terms("2024-01-01", 6, "12"), LENT))
        assert [level.why for level in changed.levels] == ["disbursement"]

    def test_of_the_rate_before_money_was_lent_count_from_then_on(self):
        late = told(terms(*SIX), "rate 2024-01-05 12; lend 2024-01-10 100")
        assert dues(late) == dues(told(terms("2024-01-01", 6, "12"), "lend 2024-01-10 100"))

    def test_remember_every_level(self):
        position = told(terms(*SIX), "lend 2024-01-01 50; lend 2024-01-20 50; rate 2024-03-02 12")
        whys = [(level.why, level.from_row_due_on.isoformat()) for level in position.levels]
        assert whys == [
            ("disbursement", "2024-02-01"),
            ("disbursement", "2024-02-01"),
            ("rate_change", "2024-04-01"),
        ]

    def test_lend_money_in_a_row_that_is_charged_whole(self):
        split = told(terms(*SIX, **BY_ROW), "lend 2024-01-01 50; lend 2024-01-20 50")
        whole = told(terms(*SIX, partial_periods=False, **BY_ROW), "lend 2024-01-01 50; lend 2024-01-20 50")
        assert (split.rows[0].due["interest"], whole.rows[0].due["interest"]) == (40, 58)

    def test_lend_on_the_last_due_date_into_the_last_row(self):
        position = told(terms("2024-01-01", 2, "12"), "lend 2024-01-01 100; lend 2024-03-01 50")
        assert position.rows[-1].closing_minor == 0
        assert sum(row.due["principal"] for row in position.rows) == 15_000
        twice = told(
            terms("2024-01-01", 2, "12"), "lend 2024-01-01 100; lend 2024-03-01 50; lend 2024-03-01 25"
        )
        assert sum(row.due["principal"] for row in twice.rows) == 17_500

    def test_pause_nothing_outside_the_rows(self):
        assert rows(told(terms(*SIX), LENT + "; pause 2025-01-01 2025-02-01")) == rows(
            told(terms(*SIX), LENT)
        )

    def test_pause_a_row_that_is_cut_already(self):
        happened = "lend 2024-01-01 100; pay 2024-01-10 5; pause 2024-01-11 2024-01-20; pay 2024-01-20 1"
        position = told(terms(*SIX), happened)
        assert [part.is_paused for part in position.rows[0].interest_parts] == [False, True, False]

    def test_spread_what_is_unpaid_over_the_rows_to_come(self):
        position = told(
            terms(*SIX), "lend 2024-01-01 100; pay 2024-02-01 17.01; spread 2024-03-01", "2024-03-01"
        )
        assert dues(position)[1] == 0
        assert len(set(dues(position)[2:-1])) == 1
        assert sum(row.due["principal"] for row in position.rows) == 10_000
        assert position.levels[-1].why == "re_amortisation"

    def test_spread_overdue_principal_and_the_running_row(self):
        position = told(terms(*SIX), "lend 2024-01-01 100; spread 2024-03-10", "2024-03-10")
        assert dues(position)[:2] == [0, 0]
        assert position.rows[-1].closing_minor == 0

    def test_spread_nothing_after_the_last_row(self):
        position = told(terms("2024-01-01", 2, "7"), LENT + "; spread 2024-04-01", "2024-04-01")
        assert [level.why for level in position.levels] == ["disbursement"]


class TestCharges:
    def test_stand_beside_the_row_they_fall_due_in(self):
        position = told(terms(*SIX), LENT + "; fee 2024-01-05 2024-02-10 2", "2024-01-05")
        assert [row.due["fee"] for row in position.rows] == [0, 200, 0, 0, 0, 0]

    def test_after_maturity_have_a_row_of_their_own(self):
        happened = LENT + "; penalty 2024-02-10 2024-02-15 10; fee 2024-02-20 2024-02-20 1"
        position = told(terms("2024-01-01", 1, "7"), happened, "2024-02-20")
        last = position.rows[-1]
        assert (last.kind.value, last.due_on.isoformat(), last.due_minor) == (
            "after_maturity",
            "2024-02-20",
            1_100,
        )
        assert last.days == 19

    def test_are_paid_before_interest_and_principal(self):
        position = told(terms(*SIX), LENT + "; fee 2024-01-05 2024-01-20 2; pay 2024-01-15 1")
        assert position.rows[0].paid["fee"] == 100

    def test_reopen_a_settled_row(self):
        happened = "lend 2024-01-01 100; pay 2024-02-01 17.01; fee 2024-02-02 2024-02-01 2"
        with pytest.raises(ProgressiveFactImpossible):
            told(terms(*SIX), happened)
        before = "lend 2024-01-01 100; pay 2024-01-31 17.01; fee 2024-02-01 2024-02-01 2"
        assert told(terms(*SIX), before, "2024-02-01").rows[0].settled_on is None

    def test_by_component_come_before_any_principal(self):
        rules = PaymentRules(
            rules=tuple(map(Rule.named, ("past_due.penalty", "past_due.interest", "past_due.principal"))),
            mode=AllocationMode.BY_COMPONENT,
        )
        happened = (
            LENT + "; penalty 2024-02-10 2024-02-10 1; penalty 2024-03-05 2024-03-05 1; pay 2024-04-10 3"
        )
        position = told(terms(*SIX, rules=rules), happened)
        assert [row.paid["penalty"] for row in position.rows] == [0, 100, 100, 0, 0, 0]
        assert position.rows[0].paid["interest"] == 58


class TestFactsAndTerms:
    @pytest.mark.parametrize(
        ("happened", "field"),
        [
            ("lend 2023-12-31 100", "disbursements"),
            ("lend 2024-07-02 100", "disbursements"),
            ("lend 2024-01-01 0", "disbursements"),
            (LENT + "; rate 2024-07-02 4", "rate_changes"),
            (LENT + "; rate 2024-02-02 -4", "rate_changes"),
            (LENT + "; pay 2023-12-31 4", "payments"),
            (LENT + "; pay 2024-01-31 0", "payments"),
            (LENT + "; fee 2024-01-31 2024-01-30 1", "charges"),
            (LENT + "; fee 2024-01-31 2024-01-31 0", "charges"),
            (LENT + "; pause 2024-01-31 2024-01-30", "pauses"),
            (LENT + "; pause 2024-01-10 2024-01-20; pause 2024-01-20 2024-01-21", "pauses"),
            (LENT + "; spread 2023-12-31", "re_amortisations"),
        ],
    )
    def test_refuse_what_a_schedule_has_no_room_for(self, happened, field):
        with pytest.raises(ProgressiveFactImpossible) as refused:
            told(terms(*SIX), happened)
        assert refused.value.field == field

    @pytest.mark.parametrize(
        ("field", "options"),
        [
            ("due_dates", {"due": ("2024-02-01", "2024-02-01")}),
            ("multiple", {"multiple": 0}),
            ("down_payment_share", {"down": "100"}),
            ("equalisation_rounds", {"equalisation_rounds": 4}),
            ("recalculation", {"method": InterestMethod.FLAT}),
        ],
    )
    def test_refuse_impossible_terms(self, field, options):
        with pytest.raises(ProgressiveTermsImpossible) as refused:
            terms(*SIX, **options)
        assert refused.value.field == field

    def test_refuse_rules_that_repeat_themselves_or_are_missing(self):
        rule = Rule.named("due.fee")
        for rules in ((), (rule, rule)):
            with pytest.raises(AllocationRulesInvalid):
                PaymentRules(rules=rules)

    def test_leave_out_what_has_not_happened_but_not_what_was_agreed(self):
        happened = "lend 2024-01-01 100; pay 2024-02-01 17.01; rate 2024-05-02 4"
        position = told(terms(*SIX), happened, "2024-01-15")
        assert position.payments == ()
        assert len(position.levels) == 2

    def test_round_a_down_payment_to_the_multiple(self):
        position = told(terms(*SIX, down="25", multiple=1_000), "lend 2024-01-01 110")
        assert position.rows[0].due_minor == 3_000
        none = told(terms(*SIX, down="1", multiple=1_000), LENT)
        assert none.rows[0].kind.value == "instalment"

    def test_are_told_only_if_they_are_facts(self):
        with pytest.raises(TypeError):
            _Telling(terms(*SIX), Allowance(None)).tell(Decimal(1))
