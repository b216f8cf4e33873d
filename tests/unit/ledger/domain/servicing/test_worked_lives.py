"""Lives of loans whose figures were worked out by hand, to the cent."""

from __future__ import annotations

import pytest

from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Method
from ledger.domain.plans.revolving import Settlement
from ledger.domain.servicing.differing import difference
from ledger.domain.servicing.facts import Instruction, PaymentKind, PaymentReversed
from ledger.domain.servicing.position import Status
from ledger.domain.servicing.terms import OverdueRules
from ledger.policies.classification import Category
from tests.unit.ledger.domain.servicing.builders import (
    RATE,
    Story,
    bullet,
    day,
    draws,
    loan,
    plan,
    row,
    shares,
    used,
)


def two_rows_paid(**terms):
    return Story(loan(plan(), **terms)).paid("2024-04-05", 859_779).paid("2024-05-05", 859_779)


def equal_principal(**terms):
    contract = plan(
        method=Method.EQUAL_PRINCIPAL, principal_minor=1_200_000, rates=RATE, start=day("2024-01-05")
    )
    return Story(loan(contract, **terms), paid_out="2024-01-05")


class TestALatePayment:
    """100,000.00 at 18% over 360 from 1 February; 9,000.00 on 1 April; 30,000.00 valued 2 March comes late."""

    story = Story(loan(draws()), paid_out="2024-02-01").paid("2024-04-01", 900_000, id="april")

    def test_is_not_missed_before_it_is_known(self):
        assert self.story.on("2024-04-01").outstanding_minor == 9_400_000

    def test_splits_all_later_payments_again(self):
        late = Story(loan(draws()), paid_out="2024-02-01").paid("2024-04-01", 900_000, id="april")
        position = late.paid("2024-03-02", 3_000_000, id="late").on("2024-04-01")
        assert shares(position, "late") == [("f1", "interest", 150_000), ("f1", "principal", 2_850_000)]
        assert shares(position, "april") == [("f1", "interest", 107_250), ("f1", "principal", 792_750)]
        assert position.outstanding_minor == 6_357_250

    def test_posts_only_the_difference(self):
        late = Story(loan(draws()), paid_out="2024-02-01").paid("2024-04-01", 900_000)
        before = late.on("2024-04-01")
        after = late.paid("2024-03-02", 3_000_000).on("2024-04-01")
        changes = {one.component: one.amount_minor for one in difference(before, after)}
        assert changes == {"principal": -3_042_750, "interest_income": -42_750, "settlement": -3_000_000}

    def test_that_bounces_leaves_no_trace_in_the_figures(self):
        late = Story(loan(draws()), paid_out="2024-02-01").paid("2024-04-01", 900_000)
        late.paid("2024-03-02", 3_000_000, id="late").tell(PaymentReversed, "2024-04-01", of="late")
        position = late.on("2024-04-01")
        assert (position.outstanding_minor, position.reversed_ids) == (9_400_000, ("late",))


class TestADraw:
    def test_settles_all_interest_first(self):
        story = Story(loan(draws(14_400_000, limit_minor=4_000_000)), paid_out="2024-03-01")
        position = story.paid("2024-03-13", 1_500_000).on("2024-04-02")
        assert shares(position, "f2") == [("f1", "interest", 19_200), ("f1", "principal", 1_480_800)]
        assert (position.outstanding_minor, position.payoff.total_minor) == (2_519_200, 2_519_200 + 20_154)

    def test_settles_only_the_interest_on_the_principal_repaid_where_agreed(self):
        by_principal = draws(14_400_000, limit_minor=4_000_000, settlement=Settlement.ON_REPAID_PRINCIPAL)
        story = Story(loan(by_principal), paid_out="2024-03-01").paid("2024-03-13", 1_507_200)
        position = story.on("2024-04-02")
        assert shares(position, "f2") == [("f1", "interest", 7_200), ("f1", "principal", 1_500_000)]
        assert position.payoff.total_minor == 2_500_000 + 32_000

    def test_is_repaid_after_an_older_one(self):
        story = Story(loan(draws(14_400_000)), paid_out="2024-03-01", amount=1_000_000)
        position = story.disbursed("2024-03-11", 2_000_000).paid("2024-03-21", 1_100_000).on("2024-03-21")
        assert shares(position, "f3") == [
            ("f1", "interest", 8_000),
            ("f1", "principal", 1_000_000),
            ("f2", "interest", 8_000),
            ("f2", "principal", 84_000),
        ]


class TestRepayingEarly:
    def test_costs_interest_to_the_day_and_the_fee(self):
        payoff = two_rows_paid(early_fee_e8=1_000_000).on("2024-05-16").payoff
        parts = (payoff.principal_to_come_minor, payoff.broken_interest_minor, payoff.fee_minor)
        assert parts == (3_363_109, 11_098, 33_631)
        assert payoff.total_minor == 3_407_838

    def test_with_exactly_the_quote_ends_the_loan(self):
        story = two_rows_paid(early_fee_e8=1_000_000)
        position = story.paid("2024-05-16", 3_407_838, payment=PaymentKind.PAYOFF).on("2024-05-16")
        assert (position.status, position.payoff, used(position, "f4").did) == (
            Status.SETTLED,
            None,
            "payoff",
        )

    @pytest.mark.parametrize(
        ("instruction", "totals"),
        [
            (Instruction.SHORTEN, [859_779, 859_779, 684_647]),
            (Instruction.REDUCE, [604_129, 604_129, 604_129, 604_130]),
        ],
    )
    def test_plans_the_rest_as_instructed(self, instruction, totals):
        story = two_rows_paid().paid("2024-05-05", 1_000_000, instruction=instruction)
        position = story.on("2024-05-05")
        assert [one.due.total_minor for one in position.rows if one.version == 2] == totals
        assert position.outstanding_minor == 2_363_109


class TestAnOverdueRow:
    def test_costs_penalty_and_compound_interest_from_the_due_date(self):
        position = Story(loan(bullet())).on("2024-04-29")
        assert (position.due.penalty_minor, position.due.compound_minor) == (12_000, 144)
        assert (position.days_past_due, position.status) == (25, Status.OVERDUE)

    @pytest.mark.parametrize(("on", "penalty"), [("2024-04-07", 0), ("2024-04-08", 1_920)])
    def test_costs_nothing_within_grace_and_everything_after(self, on, penalty):
        assert Story(loan(bullet())).on(on).due.penalty_minor == penalty

    def test_costs_only_the_days_after_plain_grace(self):
        plain = OverdueRules(grace_mode=GraceMode.PLAIN)
        assert Story(loan(bullet(), overdue=plain)).on("2024-04-29").due.penalty_minor == 10_560

    def test_bears_no_penalty_on_what_was_paid_within_grace(self):
        position = Story(loan(bullet())).paid("2024-04-06", 409_600).on("2024-04-29")
        assert (position.due.principal_minor, position.due.penalty_minor) == (400_000, 6_000)

    def test_bears_interest_on_interest_only_where_agreed(self):
        off = OverdueRules(compound=CompoundMode.OFF)
        assert Story(loan(bullet(), overdue=off)).on("2024-04-29").due.compound_minor == 0

    def test_bears_interest_on_interest_at_the_contract_rate_until_the_loan_matures(self):
        until = OverdueRules(compound=CompoundMode.CONTRACT_UNTIL_MATURITY)
        position = equal_principal(overdue=until).on("2024-08-05")
        # 144.00 from 5 February: 151 days at 14.4% until 5 July, then 31 days at 21.6%, over 360.
        assert row(position, "1/1").unpaid.compound_minor == round(144 * (151 * 14.4 + 31 * 21.6) / 360)


class TestLongArrears:
    @pytest.mark.parametrize(
        ("on", "principal_first", "first"),
        [("2024-05-05", False, "penalty"), ("2024-05-06", True, "principal")],
    )
    def test_turn_the_order_round_on_day_91(self, on, principal_first, first):
        position = equal_principal().paid(on, 300_000).on(on)
        payment = used(position, "f2")
        assert (payment.principal_first, payment.shares[0][1]) == (principal_first, first)
        assert payment.days_past_due == (91 if principal_first else 90)

    def test_stop_interest_from_being_income(self):
        ninety, day_91 = equal_principal().on("2024-05-05"), equal_principal().on("2024-05-06")
        assert ninety.non_accrual_since is None
        assert day_91.non_accrual_since == day("2024-05-06")
        assert (day_91.books.interest_receivable, day_91.books.interest_income) == (0, 0)
        memo = day_91.earned.interest_minor + day_91.earned.penalty_minor + day_91.earned.compound_minor
        assert day_91.books.memo_nonaccrual_interest == memo > 0
        assert ninety.classification.category is Category.SPECIAL_MENTION
        assert day_91.classification.category is Category.SUBSTANDARD

    def test_move_to_the_next_unpaid_row_when_the_oldest_is_cured(self):
        story = equal_principal()
        owed = row(story.on("2024-03-20"), "1/1").unpaid.total_minor
        position = story.paid("2024-03-20", owed).on("2024-04-01")
        assert (position.days_past_due, position.oldest_due_on) == (27, day("2024-03-05"))

    def test_do_not_count_what_lies_within_the_tolerance(self):
        story = Story(loan(bullet(), tolerance_minor=500)).paid("2024-04-04", 809_200)
        position = story.on("2024-05-04")
        assert (position.days_past_due, position.status) == (0, Status.ACTIVE)
