"""The chart of accounts: the accounts a journal entry may name.

Owns: each account's code, name, type, normal side, whether it stands on or off the balance sheet, and of
which account it is a sub-account: ``1301.10`` is one of ``1301``, has its type and side, and is summed into it.
Refuses to know: balances, which event touches which account, and which product uses a sub-account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AccountType(StrEnum):
    """What an account measures."""

    ASSET = "asset"
    CONTRA_ASSET = "contra_asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"
    MEMO = "memo"


class Side(StrEnum):
    """The side of an entry a leg stands on."""

    DEBIT = "D"
    CREDIT = "C"


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One line of the chart; memo accounts balance among themselves."""

    code: str
    name: str
    type: AccountType
    normal_side: Side

    @property
    def is_off_balance(self) -> bool:
        """Say whether the account stands below the line."""
        return self.type is AccountType.MEMO

    @property
    def parent(self) -> str:
        """Return the code of the account this one is summed into: its own, unless it is a sub-account."""
        return parent_of(self.code)


def parent_of(code: str) -> str:
    """Return the account that an account of the chart is summed into; a top account is its own."""
    return code.partition(SUB_ACCOUNT_MARK)[0]


def family_of(code: str) -> tuple[str, ...]:
    """Return an account and its sub-accounts, as far as the chart has them."""
    return tuple(other for other in CHART if other == code or other.startswith(code + SUB_ACCOUNT_MARK))


SUB_ACCOUNT_MARK: Final = "."
_LINES: Final = (
    ("1002", "cash_bank", AccountType.ASSET, Side.DEBIT),
    ("1012", "channel_clearing", AccountType.ASSET, Side.DEBIT),
    ("1301", "loan_principal", AccountType.ASSET, Side.DEBIT),
    ("1302", "loan_principal_overdue", AccountType.ASSET, Side.DEBIT),
    ("1303", "loan_principal_nonaccrual", AccountType.ASSET, Side.DEBIT),
    ("1321", "interest_receivable", AccountType.ASSET, Side.DEBIT),
    ("1322", "penalty_receivable", AccountType.ASSET, Side.DEBIT),
    ("1323", "fee_receivable", AccountType.ASSET, Side.DEBIT),
    ("1391", "loan_loss_allowance", AccountType.CONTRA_ASSET, Side.CREDIT),
    ("2101", "borrower_settlement", AccountType.LIABILITY, Side.CREDIT),
    ("2102", "suspense_overpayment", AccountType.LIABILITY, Side.CREDIT),
    ("2103", "deferred_fee", AccountType.LIABILITY, Side.CREDIT),
    ("2104", "vat_payable", AccountType.LIABILITY, Side.CREDIT),
    ("2105", "promotion_subsidy_payable", AccountType.LIABILITY, Side.CREDIT),
    ("3001", "opening_balances", AccountType.EQUITY, Side.CREDIT),
    ("6011", "interest_income", AccountType.INCOME, Side.CREDIT),
    ("6012", "penalty_income", AccountType.INCOME, Side.CREDIT),
    ("6021", "fee_income", AccountType.INCOME, Side.CREDIT),
    ("6051", "recovery_income", AccountType.INCOME, Side.CREDIT),
    ("6061", "gain_on_loan_sale", AccountType.INCOME, Side.CREDIT),
    ("6702", "provision_expense", AccountType.EXPENSE, Side.DEBIT),
    ("6711", "waiver_expense", AccountType.EXPENSE, Side.DEBIT),
    ("6712", "goodwill_expense", AccountType.EXPENSE, Side.DEBIT),
    ("6721", "promotion_expense", AccountType.EXPENSE, Side.DEBIT),
    ("9001", "memo_undrawn_commitment", AccountType.MEMO, Side.DEBIT),
    ("9002", "memo_nonaccrual_interest", AccountType.MEMO, Side.DEBIT),
    ("9003", "memo_written_off", AccountType.MEMO, Side.DEBIT),
    ("9099", "memo_contra", AccountType.MEMO, Side.CREDIT),
)

# Sub-accounts that a product may be given instead of the account above them (policies.account_mapping).
_SUB_LINES: Final = tuple(
    (f"{code}{SUB_ACCOUNT_MARK}{number}", f"{name}_{word}", account_type, side)
    for code, name, account_type, side in _LINES
    if code in ("1301", "1321", "1322", "6011", "6012")
    for number, word in (("10", "revolving"), ("20", "instalment"))
)

CHART: Final[dict[str, LedgerAccount]] = {
    line[0]: LedgerAccount(*line) for line in sorted((*_LINES, *_SUB_LINES))
}

CASH_BANK: Final = "1002"
LOAN_PRINCIPAL: Final = "1301"
INTEREST_RECEIVABLE: Final = "1321"
PENALTY_RECEIVABLE: Final = "1322"
FEE_RECEIVABLE: Final = "1323"
LOAN_LOSS_ALLOWANCE: Final = "1391"
BORROWER_SETTLEMENT: Final = "2101"
SUSPENSE_OVERPAYMENT: Final = "2102"
OPENING_BALANCES: Final = "3001"
INTEREST_INCOME: Final = "6011"
PENALTY_INCOME: Final = "6012"
FEE_INCOME: Final = "6021"
RECOVERY_INCOME: Final = "6051"
GAIN_ON_LOAN_SALE: Final = "6061"
PROVISION_EXPENSE: Final = "6702"
WAIVER_EXPENSE: Final = "6711"
GOODWILL_EXPENSE: Final = "6712"
MEMO_UNDRAWN_COMMITMENT: Final = "9001"
MEMO_NONACCRUAL_INTEREST: Final = "9002"
MEMO_WRITTEN_OFF: Final = "9003"
MEMO_CONTRA: Final = "9099"
