"""Revolving draws: both ways to settle, which draw is repaid, limits, interest days, whole life of a draw."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.revolving import (
    Draw,
    DrawOrder,
    Repayment,
    RevolvingImpossible,
    RevolvingTerms,
    Settlement,
)
from ledger.domain.plans.revolving_run import run_revolving
from ledger.kernel.day_count import DayCount
from ledger.kernel.rates import parse_rate
from tests.unit.ledger.domain.plans.building import rates

MARCH_1 = date(2024, 3, 1)


def draw(name="A", amount=4_000_000, *, on=MARCH_1, rate="0.144"):
    return Draw(name=name, on=on, amount_minor=amount, rates=RateTable.constant(parse_rate(rate)))


def back(day, amount=None, *, month=3, draw=None):
    return Repayment(on=date(2024, month, day), amount_minor=amount, draw=draw)


def run(*facts, on=date(2024, 4, 2), interest_days=(), **terms):
    return run_revolving(
        terms=RevolvingTerms(**terms),
        draws=[fact for fact in facts if isinstance(fact, Draw)],
        repayments=[fact for fact in facts if isinstance(fact, Repayment)],
        on=on,
        interest_days=interest_days,
    )


def settled(*facts, **terms):
    return [
        (done.draw, done.interest_minor, done.principal_minor, done.outstanding_minor)
        for done in run(*facts, **terms).settled
    ]


class TestAllAccrued:
    def test_matches_the_worked_payments(self):
        assert settled(draw(), back(13, 1_500_000), back(2, month=4)) == [
            ("A", 19_200, 1_480_800, 2_519_200),
            ("A", 20_154, 2_519_200, 0),
        ]

    def test_takes_a_payment_below_the_interest_as_interest(self):
        made = run(draw(), back(13, 10_000), on=date(2024, 3, 13))
        assert (made.settled[0].interest_minor, made.settled[0].principal_minor) == (10_000, 0)
        assert made.balances[0].payable_minor(date(2024, 3, 13)) == 9_200

    def test_costs_nothing_on_the_same_day(self):
        assert settled(draw(), back(1)) == [("A", 0, 4_000_000, 0)]

    def test_collects_interest_that_is_left_when_the_principal_is_gone(self):
        made = run(draw(), back(13, 4_019_199), back(20, 1), on=date(2024, 3, 20))
        assert [(done.interest_minor, done.principal_minor) for done in made.settled] == [
            (19_200, 3_999_999),
            (0, 1),
        ]


class TestOnRepaidPrincipal:
    def test_matches_the_worked_payments(self):
        facts = draw(), back(13, 1_500_000), back(2, month=4)
        assert settled(*facts, settlement=Settlement.ON_REPAID_PRINCIPAL) == [
            ("A", 7_200, 1_500_000, 2_500_000),
            ("A", 32_000, 2_500_000, 0),
        ]

    def test_shows_the_interest_that_the_rest_has_earned(self):
        made = run(draw(), back(13, 1_500_000), settlement=Settlement.ON_REPAID_PRINCIPAL)
        assert made.balances[0].payable_minor(date(2024, 4, 2)) == 32_000


class TestSeveralDraws:
    A, B = draw(), draw("B", 1_000_000, on=date(2024, 3, 5), rate="0.18")

    def test_are_repaid_oldest_first(self):
        assert [row[0] for row in settled(self.B, self.A, back(20, 4_200_000))] == ["A", "B"]

    def test_are_repaid_by_the_highest_rate(self):
        made = settled(self.A, self.B, back(20, 1_200_000), order=DrawOrder.HIGHEST_RATE)
        assert [row[0] for row in made] == ["B", "A"]

    def test_are_repaid_by_name(self):
        assert settled(self.A, self.B, back(20, draw="B")) == [("B", 7_500, 1_000_000, 0)]

    def test_are_all_paid_off_without_an_amount(self):
        assert [row[3] for row in settled(self.A, self.B, back(20))] == [0, 0]

    def test_stop_taking_when_the_money_is_used_up(self):
        assert [row[0] for row in settled(self.A, self.B, back(20, 100))] == ["A"]

    def test_skip_what_is_settled(self):
        made = settled(self.A, self.B, back(10, draw="A"), back(20, 5_000))
        assert [row[0] for row in made] == ["A", "B"]


class TestLimit:
    def test_is_restored_by_principal_only(self):
        facts = draw(), back(13, 1_500_000), draw("B", 1_480_800, on=date(2024, 3, 14))
        assert len(run(*facts, limit_minor=4_000_000).balances) == 2

    def test_refuses_a_draw_beyond_it(self):
        with pytest.raises(RevolvingImpossible) as refused:
            run(draw(), draw("B", 1, on=date(2024, 3, 14)), limit_minor=4_000_000)
        assert refused.value.details == {"draw": "B", "available_minor": 0}


class TestInterestDays:
    def test_make_unpaid_interest_due(self):
        days = (date(2024, 3, 20), date(2024, 4, 20))
        made = run(draw(), back(13, 1_500_000), interest_days=days)
        assert [(due.on, due.interest_minor) for due in made.interest_due] == [(date(2024, 3, 20), 7_054)]

    def test_find_nothing_due_after_a_payment_that_day(self):
        made = run(draw(), back(20, 4_000_000), interest_days=(date(2024, 3, 20),))
        assert made.interest_due == ()


class TestEarning:
    def test_follows_rate_changes_and_day_counts(self):
        stepped = Draw(
            name="A",
            on=MARCH_1,
            amount_minor=3_600_000,
            rates=rates(("2024-03-01", "0.1"), ("2024-03-11", "0.2")),
        )
        made = run(stepped, on=date(2024, 3, 31), day_count=DayCount.THIRTY_360)
        assert made.balances[0].payable_minor(date(2024, 3, 31)) == 10_000 + 40_000

    def test_is_not_cut_by_what_happens_to_another_draw(self):
        # Cutting 31 January out of 30/360 would change the days of a draw that nothing happened to.
        january = draw("A", 3_600_000, on=date(2024, 1, 30))
        other = draw("B", 100, on=date(2024, 1, 31))
        made = run(january, other, on=date(2024, 3, 31), day_count=DayCount.THIRTY_360)
        assert made.balances[0].payable_minor(date(2024, 3, 31)) == 3_600_000 * 144 * 60 // 360_000


class TestRefusals:
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ((draw(), draw()), "draws"),
            ((draw(on=date(2024, 5, 1)),), "on"),
            ((draw(), back(3, 1, month=5)), "on"),
            ((draw(), back(13, 4_019_201)), "repayments"),
            ((draw(), back(13, draw="B")), "repayments"),
            ((draw(), back(13), back(14)), "repayments"),
        ],
    )
    def test_name_what_does_not_fit(self, facts, field):
        with pytest.raises(RevolvingImpossible) as refused:
            run(*facts)
        assert refused.value.field == field
