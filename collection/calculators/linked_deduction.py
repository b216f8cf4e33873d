"""The calculator ``linked-deduction``: which accounts of a seller pay overdue debts, and how much each.

Owns: its input and answer. Refuses to know: the order of accounts, and how money moves.
Accounts and debts have names here; equal balances are settled in the order of the names. The loan's own
account needs no authorisation. Every deduction is told to the account that pays it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from collection.policies.deduction_order import (
    MASTER,
    DeductibleAccount,
    DeductionOrder,
    DeductionPlan,
    OverdueDebt,
    plan_all,
)
from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, CurrencyCode, Day, Name, Switch
from ledger.calculators.plan_fields import CURRENCY
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.shapes import Field, Many, Shape
from ledger.calculators.wording import money

ACCOUNT: Final = Shape(
    {
        "name": Field(Name(), "What the account is called."),
        "role": Field(Choice((MASTER, "sub")), "Its role.", default="sub"),
        "currency": Field(CurrencyCode(), "If it is another one, the account is passed over.", default=None),
        "balance": Field(Amount(zero=True), "What is on the account."),
        "reserved": Field(Amount(zero=True), "Frozen, payroll, tax.", default="0"),
        "authorised": Field(Switch(), "The contract allows the deduction.", default=True),
    }
)
DEBT: Final = Shape(
    {
        "loan": Field(Name(), "What the loan is called."),
        "account": Field(Name(), "The account that the loan belongs to."),
        "amount": Field(Amount(), "What is overdue."),
        "overdue_since": Field(Day(), "The oldest unpaid due date; older debts are paid first."),
    }
)
ORDER: Final = "the loan's own account, the master, then sub accounts"

FIELDS: Final = {
    "currency": CURRENCY,
    "accounts": Field(Many(ACCOUNT, minimum=1, maximum=200), "The accounts of one entity."),
    "debts": Field(Many(DEBT, minimum=1, maximum=200), "What its loans owe."),
    "fullest_first": Field(
        Switch(), "Sub accounts with the highest available balance first.", default=True, convention=True
    ),
}


def compute_linked_deduction(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each account pays towards each debt, what remains, and who was passed over and why.

    Refuses InputContradictory.
    """
    currency = values["currency"]
    ids = _identifiers(values)
    names = {identifier: name for name, identifier in ids.items()}
    # Identifiers in the order of the names: debts of one day are paid in that order, however they are listed.
    ranked = sorted(enumerate(values["debts"]), key=lambda numbered: numbered[1]["loan"])
    loans = [debt["loan"] for _, debt in ranked]
    plans = plan_all(
        debts=[_debt(debt, ids, at, rank, currency) for rank, (at, debt) in enumerate(ranked)],
        accounts=[_account(account, ids, currency) for account in values["accounts"]],
        order=DeductionOrder(fullest_sub_account_first=values["fullest_first"]),
    )
    return {
        "debts": [_plan(plan, names, loans[plan.debt.loan_id.int], currency) for plan in plans],
        "deducted": money(sum(_deducted(plan) for plan in plans), currency),
        "remaining": money(sum(plan.remaining_minor for plan in plans), currency),
        "notices": sum(len(plan.deductions) for plan in plans),
        "conventions": {"order": ORDER, "ties": "by name", "available": "balance less reserved"},
    }


def _identifiers(values: Mapping[str, Any]) -> dict[str, UUID]:
    """Return an identifier for each name, in the order of the names."""
    names = sorted({account["name"] for account in values["accounts"]})
    if len(names) < len(values["accounts"]):
        raise InputContradictory("Accounts have names of their own.", field="accounts")
    if sum(account["role"] == MASTER for account in values["accounts"]) > 1:
        raise InputContradictory("An entity has one master account.", field="accounts")
    return {name: UUID(int=at) for at, name in enumerate(names)}


def _account(values: Mapping[str, Any], ids: Mapping[str, UUID], currency: str) -> DeductibleAccount:
    return DeductibleAccount(
        account_id=ids[values["name"]],
        role=values["role"],
        currency=values["currency"] or currency,
        available_minor=values["balance"] - values["reserved"],
        authorised=values["authorised"],
    )


def _debt(
    values: Mapping[str, Any], ids: Mapping[str, UUID], at: int, rank: int, currency: str
) -> OverdueDebt:
    if values["account"] not in ids:
        raise InputContradictory("A debt belongs to one of the accounts.", field=f"debts[{at}].account")
    return OverdueDebt(
        loan_id=UUID(int=rank),
        loan_account_id=ids[values["account"]],
        currency=currency,
        amount_minor=values["amount"],
        overdue_since=values["overdue_since"],
    )


def _plan(plan: DeductionPlan, names: Mapping[UUID, str], loan: str, currency: str) -> dict[str, Any]:
    return {
        "loan": loan,
        "amount": money(plan.debt.amount_minor, currency),
        "deductions": [
            {
                "account": names[paid.account_id],
                "amount": money(paid.amount_minor, currency),
                "own": paid.own,
            }
            for paid in plan.deductions
        ],
        "skipped": [{"account": names[account], "why": why} for account, why in plan.skipped],
        "remaining": money(plan.remaining_minor, currency),
    }


def _deducted(plan: DeductionPlan) -> int:
    return sum(paid.amount_minor for paid in plan.deductions)


LINKED_DEDUCTION = register(
    Calculator(
        name="linked-deduction",
        title="Which accounts of a seller pay overdue debts",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "debts": [{"loan": "L1", "account": "S1", "amount": "6275.43", "overdue_since": "2024-04-04"}],
            "accounts": [
                {"name": "M", "role": "master", "balance": "1000.00"},
                {"name": "S1", "balance": "3500.00"},
                {"name": "S2", "balance": "9000.00"},
            ],
        },
        compute=compute_linked_deduction,
    )
)
