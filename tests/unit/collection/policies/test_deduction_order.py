"""Linked-account deduction: who pays first, how much, and what remains."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection.policies.deduction_order import (
    DeductibleAccount,
    DeductionOrder,
    OverdueDebt,
    plan_all,
    plan_deductions,
)

MASTER, S1, S2, S3 = (UUID(int=number) for number in (9, 1, 2, 3))
LOAN = UUID(int=100)


def account(account_id, available, *, role="sub", currency="CNY", authorised=True):
    return DeductibleAccount(account_id, role, currency, available, authorised)


def debt(amount=627_543, *, owner=S1, loan=LOAN, since=date(2024, 7, 1)):
    return OverdueDebt(loan, owner, "CNY", amount, since)


def paid(plan):
    return [(deduction.account_id, deduction.amount_minor) for deduction in plan.deductions]


FAMILY = (account(MASTER, 100_000, role="master"), account(S1, 350_000), account(S2, 900_000))


class TestPlanDeductions:
    @pytest.mark.parametrize(
        ("owner", "fullest_first", "expected"),
        [
            (S1, True, [(S1, 350_000), (MASTER, 100_000), (S2, 177_543)]),
            (MASTER, False, [(MASTER, 100_000), (S1, 350_000), (S2, 177_543)]),
            (MASTER, True, [(MASTER, 100_000), (S2, 527_543)]),
            (S2, True, [(S2, 627_543)]),
        ],
    )
    def test_pays_the_worked_debt(self, owner, fullest_first, expected):
        order = DeductionOrder(fullest_sub_account_first=fullest_first)
        plan = plan_deductions(debt=debt(owner=owner), accounts=FAMILY, order=order)
        assert paid(plan) == expected
        assert plan.remaining_minor == 0

    def test_marks_the_account_that_owns_the_loan(self):
        plan = plan_deductions(debt=debt(), accounts=FAMILY)
        assert [deduction.own for deduction in plan.deductions] == [True, False, False]

    def test_leaves_what_the_accounts_cannot_pay(self):
        plan = plan_deductions(debt=debt(2_000_000), accounts=FAMILY)
        assert plan.remaining_minor == 2_000_000 - 1_350_000

    def test_breaks_ties_by_account_id(self):
        accounts = (account(S3, 500), account(S2, 500))
        assert paid(plan_deductions(debt=debt(700), accounts=accounts)) == [(S2, 500), (S3, 200)]

    def test_names_the_accounts_it_passes_over(self):
        accounts = (
            account(S1, 0),
            account(MASTER, 100_000, role="master", authorised=False),
            account(S2, 900_000, currency="BRL"),
            account(S3, -5),
        )
        plan = plan_deductions(debt=debt(), accounts=accounts)
        assert plan.deductions == ()
        assert plan.remaining_minor == 627_543
        assert dict(plan.skipped) == {
            S1: "nothing_available",
            MASTER: "not_authorised",
            S2: "other_currency",
            S3: "nothing_available",
        }

    def test_needs_no_authorisation_for_the_account_that_owns_the_loan(self):
        plan = plan_deductions(debt=debt(100), accounts=[account(S1, 500, authorised=False)])
        assert paid(plan) == [(S1, 100)]

    @given(
        amount=st.integers(0, 10**9),
        balances=st.lists(st.integers(-1_000, 10**8), max_size=8),
        fullest_first=st.booleans(),
    )
    def test_always_adds_up(self, amount, balances, fullest_first):
        accounts = [account(UUID(int=number), held) for number, held in enumerate(balances, 1)]
        order = DeductionOrder(fullest_sub_account_first=fullest_first)
        plan = plan_deductions(debt=debt(amount), accounts=accounts, order=order)
        assert sum(deduction.amount_minor for deduction in plan.deductions) + plan.remaining_minor == amount
        held = {entry.account_id: entry.available_minor for entry in accounts}
        assert all(0 < minor <= held[account_id] for account_id, minor in paid(plan))


class TestPlanAll:
    def test_pays_the_oldest_debt_first_and_takes_no_unit_twice(self):
        young = debt(400_000, owner=S2, loan=UUID(int=101), since=date(2024, 7, 5))
        old = debt(1_000_000, owner=S1, since=date(2024, 6, 5))
        plans = plan_all(debts=[young, old], accounts=FAMILY)
        assert [plan.debt for plan in plans] == [old, young]
        assert paid(plans[0]) == [(S1, 350_000), (MASTER, 100_000), (S2, 550_000)]
        assert paid(plans[1]) == [(S2, 350_000)]
        assert plans[1].remaining_minor == 50_000
