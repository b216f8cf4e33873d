"""What the borrowers of the demonstration do on a day, given what they see."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from config.demo.borrower import Borrower, Draw, Receive, Repay
from config.demo.profiles import PROFILES, choose_profile
from config.demo.views import Line, Loan, Morning, Seller

DAY = date(2026, 7, 1)
ENTITY, LINE, LOAN = UUID(int=1), UUID(int=2), UUID(int=3)
MASTER, SUB = UUID(int=10), UUID(int=11)


def borrower(name: str, *, seed: int = 1, turnover_minor: int = 60_000_000) -> Borrower:
    profile = next(profile for profile in PROFILES if profile.name == name)
    seller = Seller(ENTITY, "CNY", (MASTER, SUB), turnover_minor)
    return Borrower(seller, profile=profile, rng=Random(seed))


def line(status: str = "active", available_minor: int = 1_000_000) -> Line:
    return Line(LINE, "CNY", status, available_minor)


def loan(*, due_minor: int = 0, next_due_in: int = 20, overdue_for: int | None = None) -> Loan:
    overdue_since = None if overdue_for is None else DAY - timedelta(days=overdue_for)
    next_due_on = DAY + timedelta(days=next_due_in)
    return Loan(LOAN, LINE, MASTER, "equal_instalment", "CNY", 500_000, overdue_since, next_due_on, due_minor)


def live(who: Borrower, morning: Morning, *, days: int = 60, first: int = 0) -> list[object]:
    return [
        move
        for number in range(first, first + days)
        for move in who.moves(morning, day=DAY, day_number=number)
    ]


def kinds(moves: list[object], kind: type) -> list:
    return [move for move in moves if isinstance(move, kind)]


class TestProfiles:
    def test_share_out_all_borrowers(self):
        assert sum(profile.share_percent for profile in PROFILES) == 100

    def test_are_chosen_by_their_share(self):
        rng = Random(1)
        names = [choose_profile(rng).name for _ in range(2000)]
        for profile in PROFILES:
            assert names.count(profile.name) == pytest.approx(20 * profile.share_percent, rel=0.3)


class TestBorrower:
    def test_makes_the_same_moves_from_the_same_seed(self):
        morning = Morning(line(), [loan()], {MASTER: 400_000})
        assert live(borrower("early"), morning) == live(borrower("early"), morning)
        assert live(borrower("early"), morning) != live(borrower("early", seed=2), morning)

    def test_does_nothing_without_a_line(self):
        assert live(borrower("good"), Morning()) == []

    def test_draws_round_amounts_within_what_is_available(self):
        draws = [
            d for d in kinds(live(borrower("good"), Morning(line())), Draw) if d.amount_minor <= 1_000_000
        ]
        assert draws
        assert all(draw.amount_minor % 10_000 == 0 and draw.account_id == MASTER for draw in draws)

    def test_asks_for_one_cent_too_much_now_and_then(self):
        amounts = [
            move.amount_minor for move in kinds(live(borrower("good"), Morning(line()), days=2000), Draw)
        ]
        assert 1_000_001 in amounts

    def test_hardly_draws_while_a_loan_is_overdue(self):
        free = kinds(live(borrower("good"), Morning(line()), days=1000), Draw)
        blocked = kinds(live(borrower("good"), Morning(line(), [loan(overdue_for=3)]), days=1000), Draw)
        assert 0 < len(blocked) < len(free) / 2

    def test_earns_in_proportion_to_its_turnover(self):
        small = sum(move.amount_minor for move in kinds(live(borrower("good"), Morning(line())), Receive))
        large = borrower("good", turnover_minor=120_000_000)
        assert sum(move.amount_minor for move in kinds(live(large, Morning(line())), Receive)) > small > 0

    def test_that_defaults_receives_nothing_after_it_gave_up(self):
        who = borrower("defaulting")
        assert kinds(live(who, Morning(line()), days=10), Receive)
        assert kinds(live(who, Morning(line()), days=60, first=36), Receive) == []

    def test_that_is_careless_keeps_its_money_elsewhere(self):
        assert {move.account_id for move in kinds(live(borrower("careless"), Morning(line())), Receive)} == {
            SUB
        }

    def test_that_is_late_lets_money_come_only_some_days_after_the_due_date(self):
        due = Morning(line(), [loan(due_minor=1, next_due_in=1)])
        fresh = Morning(line(), [loan(due_minor=1, next_due_in=0, overdue_for=1)])
        old = Morning(line(), [loan(due_minor=1, next_due_in=0, overdue_for=12)])
        assert kinds(live(borrower("late"), due), Receive) == []
        assert kinds(live(borrower("late"), fresh), Receive) == []
        assert kinds(live(borrower("late"), old), Receive)

    def test_that_pays_partly_gives_what_it_has_on_the_due_date(self):
        morning = Morning(line(), [loan(due_minor=90_000, next_due_in=0)], {MASTER: 40_000})
        repayments = kinds(
            list(borrower("partial", turnover_minor=0).moves(morning, day=DAY, day_number=0)), Repay
        )
        assert [(move.kind, move.amount_minor) for move in repayments] == [("instalment", 40_000)]

    def test_that_pays_early_repays_in_part_or_all_of_it(self):
        morning = Morning(line(), [loan()], {MASTER: 600_000})
        repayments = kinds(live(borrower("early", turnover_minor=0), morning, days=300), Repay)
        assert {move.kind for move in repayments} == {"payoff", "prepayment"}
        assert all(move.amount_minor <= 600_000 for move in repayments if move.kind == "prepayment")
