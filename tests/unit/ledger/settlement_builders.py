"""Settlement accounts in a known state, for tests."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ledger.domain.settlement_account import SettlementAccount

DAY = date(2024, 7, 15)
ACCOUNT, ENTITY, LOAN, OTHER_ACCOUNT = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
ARGUMENTS = {
    "open": {"entity_id": ENTITY, "currency": "CNY"},
    "receive": {"amount_minor": 10, "channel": "bank", "reference": "r-1"},
    "return_receipt": {
        "amount_minor": 10,
        "channel": "bank",
        "reference": "back-1",
        "of_reference": "r-0",
    },
    "debit": {"amount_minor": 10, "loan_id": LOAN, "reason": "auto_debit"},
    "deduct": {
        "amount_minor": 10,
        "loan_id": LOAN,
        "loan_account_id": OTHER_ACCOUNT,
        "reason": "linked_deduction",
    },
    "credit": {"amount_minor": 10, "loan_id": LOAN, "reason": "reversal"},
    "return_deduction": {
        "amount_minor": 10,
        "loan_id": LOAN,
        "loan_account_id": OTHER_ACCOUNT,
        "reason": "reversal",
    },
    "request_withdrawal": {"amount_minor": 10, "reference": "w-1"},
    "confirm_withdrawal": {"reference": "w-0", "bank_reference": "b-0"},
    "fail_withdrawal": {"reference": "w-0", "reason": "account closed"},
    "reserve": {"amount_minor": 10, "purpose": "payroll"},
    "release": {"purpose": "tax"},
}


def account_with(*, balance=0, tax=0, withdrawn=0):
    account = SettlementAccount.blank(ACCOUNT)
    account.open(entity_id=ENTITY, currency="CNY", effective_date=DAY)
    if balance:
        account.receive(amount_minor=balance, channel="bank", reference="r-0", effective_date=DAY)
    if tax:
        account.reserve(amount_minor=tax, purpose="tax", effective_date=DAY)
    if withdrawn:
        account.request_withdrawal(amount_minor=withdrawn, reference="w-0", effective_date=DAY)
    return account


def account_in(state):
    return {
        "absent": lambda: SettlementAccount.blank(ACCOUNT),
        "empty": account_with,
        "funded": lambda: account_with(balance=500, tax=100, withdrawn=50),
        "held": lambda: account_with(balance=500, tax=450, withdrawn=50),
    }[state]()


def call(account, command, **changes):
    getattr(account, command)(**{**ARGUMENTS[command], **changes, "effective_date": DAY})
