"""Prepayments, money in advance, and repayments of draws: which rows they reach and what is planned then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.domain.plans.choices import Basis, Batch, Method
from ledger.domain.plans.revolving import Settlement
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.facts import Instruction, PaymentKind
from ledger.domain.servicing.terms import PaymentRules
from tests.unit.ledger.domain.servicing.builders import (
    Story,
    day,
    draws,
    loan,
    plan,
    row,
    shares,
    used,
)

BATCHES = (Batch(day("2024-04-10"), 2_000_000), Batch(day("2024-05-10"), 3_000_000))


class TestAPrepayment:
    @pytest.mark.parametrize(
        ("changes", "principal"),
        [
            ({"method": Method.EQUAL_PRINCIPAL, "count": 5}, [1_000_000, 1_000_000, 1_000_000, 955_000]),
            (
                {"method": Method.CUSTOM, "basis": Basis.EXACT, "batches": BATCHES, "count": 2},
                [2_000_000, 1_955_000],
            ),
            ({"method": Method.BULLET, "count": 6, "basis": Basis.EXACT}, [3_955_000]),
        ],
    )
    def test_is_taken_off_the_last_rows_where_the_rows_stay_as_agreed(self, changes, principal):
        story = Story(loan(plan(**changes))).paid("2024-04-03", 1_088_500, instruction=Instruction.SHORTEN)
        position = story.on("2024-04-03")
        assert [one.due.principal_minor for one in position.rows if one.version == 2] == principal

    def test_may_leave_less_than_the_balloon(self):
        balloon = plan(method=Method.EQUAL_PRINCIPAL, balloon_minor=4_000_000)
        story = Story(loan(balloon)).paid("2024-04-05", 4_500_000, instruction=Instruction.REDUCE)
        position = story.on("2024-04-05")
        assert position.rows[-1].due.principal_minor == position.outstanding_minor > 0

    def test_in_the_middle_of_a_row_pays_its_interest_to_the_day(self):
        story = Story(loan(plan())).paid("2024-03-20", 1_022_500, instruction=Instruction.REDUCE)
        position = story.on("2024-03-20")
        assert shares(position, "f2") == [("1/1e", "interest", 22_500), ("1/1e", "principal", 1_000_000)]
        # 40,000.00 at 10.8% for the 16 days that are left of the row.
        assert row(position, "2/1").due.interest_minor == 19_200


class TestMoneyInAdvance:
    def test_for_everything_leaves_nothing_to_plan_again(self):
        story = Story(loan(plan())).paid("2024-03-10", 5_200_000, instruction=Instruction.NEXT)
        position = story.tell(kinds.RateChanged, "2024-03-20", rate_e8=0).on("2024-03-20")
        assert (position.schedule_version, position.outstanding_minor) == (1, 0)

    def test_goes_to_the_next_rows_as_they_are_planned(self):
        position = (
            Story(loan(plan())).paid("2024-03-10", 1_000_000, instruction=Instruction.NEXT).on("2024-03-10")
        )
        assert row(position, "1/1").settled_on == day("2024-03-10")
        assert row(position, "1/2").paid.total_minor == 1_000_000 - 859_779
        assert position.books.interest_receivable < 0

    def test_goes_to_the_principal_of_the_last_rows(self):
        position = (
            Story(loan(plan())).paid("2024-03-10", 900_000, instruction=Instruction.LAST).on("2024-03-10")
        )
        assert row(position, "1/6").paid.principal_minor == 852_112
        assert row(position, "1/5").paid.principal_minor == 900_000 - 852_112

    @pytest.mark.parametrize("instruction", [Instruction.NEXT, Instruction.LAST])
    def test_still_counts_when_the_rest_is_planned_again(self, instruction):
        story = Story(loan(plan())).paid("2024-03-10", 1_000_000, instruction=instruction)
        story.tell(kinds.RateChanged, "2024-03-20", rate_e8=6_000_000)
        position = story.on("2024-03-20")
        unpaid = sum(one.unpaid.principal_minor for one in position.rows)
        assert unpaid == position.outstanding_minor == 5_000_000 - position.principal_repaid_minor
        payoff = position.payoff
        assert payoff.principal_to_come_minor == position.outstanding_minor

    def test_pays_the_interest_of_the_rows_that_come_instead(self):
        story = Story(loan(plan())).paid("2024-03-10", 900_000, instruction=Instruction.NEXT)
        position = story.tell(kinds.RateChanged, "2024-03-20", rate_e8=10_800_000).on("2024-03-20")
        new = [one for one in position.rows if one.version == 2]
        assert sum(one.moved.interest_minor for one in new) == 45_000 + 37_667
        assert new[0].moved.interest_minor == new[0].due.interest_minor
        assert row(position, "1/1").paid.interest_minor == 45_000

    def test_that_paid_more_interest_than_is_left_stays_earned(self):
        story = Story(loan(plan())).paid("2024-03-10", 1_800_000, instruction=Instruction.NEXT)
        story.tell(kinds.RateChanged, "2024-03-20", rate_e8=0)
        position = story.on("2024-03-20")
        assert min(one.unpaid.interest_minor for one in position.rows) == 0
        assert sum(one.paid.interest_minor for one in position.rows) > 0

    def test_beyond_all_interest_to_come_is_earned_over_the_days_of_the_running_row(self):
        story = Story(loan(plan())).paid("2024-03-10", 1_800_000, instruction=Instruction.NEXT)
        position = story.tell(kinds.RateChanged, "2024-03-20", rate_e8=0).on("2024-03-20")
        first = next(one for one in position.life.rows if one.version == 2 and one.due_on > position.on)
        assert first.interest_by(first.due_on) == sum(piece.amount_minor for piece in first.pieces) > 0
        eve = first.due_on - timedelta(days=1)
        assert 0 < first.interest_by(eve) < first.interest_by(first.due_on)

    def test_that_reaches_no_principal_waits(self):
        position = Story(loan(plan())).paid("2024-03-10", 1, instruction=Instruction.SHORTEN).on("2024-03-10")
        assert (used(position, "f2").did, position.overpaid_minor) == ("instalment", 1)

    def test_waits_where_an_order_leaves_something_due(self):
        only_principal = PaymentRules(rules=PaymentRules().rules[4::5])
        terms = loan(plan(), rules_by_kind=((PaymentKind.EARLY, only_principal),))
        story = Story(terms).paid("2024-04-05", 2_000_000, payment=PaymentKind.EARLY)
        position = story.on("2024-04-05")
        assert (position.overpaid_minor, position.due.interest_minor) == (2_000_000 - 814_779, 45_000)


class TestDraws:
    def test_by_principal_are_repaid_with_all_their_interest_at_the_end(self):
        by_principal = draws(14_400_000, limit_minor=100_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        position = Story(loan(by_principal)).paid("2024-04-04", 110_000).on("2024-04-04")
        assert shares(position, "f2") == [("f1", "interest", 1_200), ("f1", "principal", 100_000)]
        assert position.overpaid_minor == 8_800

    def test_by_principal_bear_interest_since_the_draw_in_every_repayment(self):
        by_principal = draws(14_400_000, limit_minor=4_000_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        story = Story(loan(by_principal), paid_out="2024-03-01").paid("2024-03-13", 1_507_200)
        # 10,000.00 for 32 days at 14.4% over 360 is 128.00.
        position = story.paid("2024-04-02", 1_012_800).on("2024-04-02")
        assert shares(position, "f3") == [("f1", "interest", 12_800), ("f1", "principal", 1_000_000)]

    def test_by_principal_without_interest_are_repaid_like_any_other(self):
        free = draws(0, limit_minor=100_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        assert shares(Story(loan(free)).paid("2024-04-04", 40_000).on("2024-04-04"), "f2") == [
            ("f1", "principal", 40_000)
        ]

    def test_in_long_arrears_pass_over_rows_whose_principal_is_paid(self):
        story = Story(loan(plan(), principal_first_after_dpd=30)).paid("2024-05-10", 814_779)
        position = story.paid("2024-05-11", 822_112).on("2024-05-11")
        assert shares(position, "f2") == [("1/1", "principal", 814_779)]
        assert [share[:2] for share in shares(position, "f3")] == [("1/2", "principal")]
