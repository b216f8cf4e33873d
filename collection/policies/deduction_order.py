"""Which accounts of an entity pay an overdue debt, in which order, and how much each (F-606, D-308).

Owns: the order (the loan's own account, the master, then sub accounts) and the split of the debt.
Refuses to know: balances it is not told, and how money moves. Available is balance less what is
reserved; an account without authorisation, in another currency or without money is skipped and named.
Law: the debt is always the sum of the deductions and what remains.

| account          | available | debt 6,275.43 |
| ---------------- | --------- | ------------- |
| S1, owns the loan | 3,500.00 | 3,500.00      |
| master           | 1,000.00  | 1,000.00      |
| S2               | 9,000.00  | 1,775.43      |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

MASTER: Final = "master"


@dataclass(frozen=True, slots=True)
class DeductibleAccount:
    """An account that might pay; ``authorised`` says that the contract allows it."""

    account_id: UUID
    role: str
    currency: str
    available_minor: int
    authorised: bool = True


@dataclass(frozen=True, slots=True)
class OverdueDebt:
    """What one loan owes on its oldest unpaid due date and after."""

    loan_id: UUID
    loan_account_id: UUID
    currency: str
    amount_minor: int
    overdue_since: date


@dataclass(frozen=True, slots=True)
class Deduction:
    """What one account pays; ``own`` says that the loan belongs to it."""

    account_id: UUID
    amount_minor: int
    own: bool


@dataclass(frozen=True, slots=True)
class DeductionPlan:
    """How one debt is paid, what stays unpaid, and which accounts were passed over and why."""

    debt: OverdueDebt
    deductions: tuple[Deduction, ...]
    remaining_minor: int
    skipped: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class DeductionOrder:
    """The part of the order that a contract may choose."""

    fullest_sub_account_first: bool = True


DEFAULT_ORDER: Final = DeductionOrder()


def plan_deductions(
    *,
    debt: OverdueDebt,
    accounts: Sequence[DeductibleAccount],
    order: DeductionOrder = DEFAULT_ORDER,
) -> DeductionPlan:
    """Return how the accounts of one entity pay one debt."""
    remaining_minor = debt.amount_minor
    deductions: list[Deduction] = []
    skipped: list[tuple[UUID, str]] = []
    for account in sorted(accounts, key=lambda held: _rank(held, debt=debt, order=order)):
        obstacle = _obstacle(account, debt)
        if obstacle:
            skipped.append((account.account_id, obstacle))
        elif remaining_minor:
            taken_minor = min(account.available_minor, remaining_minor)
            own = account.account_id == debt.loan_account_id
            deductions.append(Deduction(account.account_id, taken_minor, own))
            remaining_minor -= taken_minor
    return DeductionPlan(debt, tuple(deductions), remaining_minor, tuple(skipped))


def plan_all(
    *,
    debts: Sequence[OverdueDebt],
    accounts: Sequence[DeductibleAccount],
    order: DeductionOrder = DEFAULT_ORDER,
) -> tuple[DeductionPlan, ...]:
    """Return a plan for each debt, the oldest first; what one debt takes, the next one cannot."""
    plans = []
    left = {account.account_id: account for account in accounts}
    for debt in sorted(debts, key=lambda owed: (owed.overdue_since, str(owed.loan_id))):
        plan = plan_deductions(debt=debt, accounts=tuple(left.values()), order=order)
        for paid in plan.deductions:
            account = left[paid.account_id]
            left[paid.account_id] = replace(
                account, available_minor=account.available_minor - paid.amount_minor
            )
        plans.append(plan)
    return tuple(plans)


def _rank(
    account: DeductibleAccount, *, debt: OverdueDebt, order: DeductionOrder
) -> tuple[bool, bool, int, str]:
    by_balance = -account.available_minor if order.fullest_sub_account_first else account.available_minor
    return (
        account.account_id != debt.loan_account_id,
        account.role != MASTER,
        by_balance,
        str(account.account_id),
    )


def _obstacle(account: DeductibleAccount, debt: OverdueDebt) -> str:
    if not account.authorised and account.account_id != debt.loan_account_id:
        return "not_authorised"
    if account.currency != debt.currency:
        return "other_currency"
    return "nothing_available" if account.available_minor <= 0 else ""
