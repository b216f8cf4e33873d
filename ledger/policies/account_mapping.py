"""Which products are booked on sub-accounts of the chart.

Owns: the mapping of a product's roles (``loan_principal``, ``interest_income``, ..) to sub-accounts, as rows, and
that each row is sound. Refuses to know: events and balances.
A product without rows is booked on the accounts themselves. A row belongs to its product for as long as the books
exist, from the product's first loan on, so that what a loan puts on a sub-account it also takes from there; it has
no date and is never changed. Whoever wants other accounts takes another product code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.domain.chart_of_accounts import CHART, SUB_ACCOUNT_MARK, AccountType
from ledger.kernel.refusals import Refusal, RefusalKind

# Money of borrowers, the bank, what was taken over and the memo accounts belong to no product.
_SHARED_ROLES: Final = frozenset(
    {"cash_bank", "channel_clearing", "borrower_settlement", "suspense_overpayment", "opening_balances"}
)
ROLES: Final[dict[str, str]] = {
    account.name: code
    for code, account in CHART.items()
    if SUB_ACCOUNT_MARK not in code
    and account.type is not AccountType.MEMO
    and account.name not in _SHARED_ROLES
}


class AccountMappingInvalid(Refusal):
    """A product's role is mapped once, to a sub-account of the account it stands for."""

    code = "LEDGER_ACCOUNT_MAPPING_INVALID"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, slots=True)
class AccountMapping:
    """One role of one product and the account it is booked on. Refuses AccountMappingInvalid."""

    product_code: str
    role: str
    account: str

    def __post_init__(self) -> None:
        top = ROLES.get(self.role)
        if top is None:
            raise AccountMappingInvalid("There is no such role of a product.", field="role")
        if self.account not in CHART or not self.account.startswith(top + SUB_ACCOUNT_MARK):
            raise AccountMappingInvalid(
                "The account is no sub-account of the role's account in the chart.",
                field="account",
                role=self.role,
            )


def accounts_of(rows: Iterable[AccountMapping]) -> dict[tuple[str, str], str]:
    """Return the account by (product, account of the role). Refuses AccountMappingInvalid for a role mapped twice."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        key = row.product_code, ROLES[row.role]
        if key in found:
            raise AccountMappingInvalid(
                "The role of the product is mapped twice.", field="role", product=row.product_code
            )
        found[key] = row.account
    return found


# The shipped products are booked on the accounts themselves. A row such as
# AccountMapping("my-product", "loan_principal", "1301.10") books another product on a sub-account.
MAPPINGS: Final[tuple[AccountMapping, ...]] = ()
_ACCOUNTS: dict[tuple[str, str], str] = accounts_of(MAPPINGS)


def mapped_account(account: str, *, product_code: str) -> str:
    """Return the account on which a product's leg stands; without a row it is the account itself."""
    return _ACCOUNTS.get((product_code, account), account)


def mappings_in_force() -> list[tuple[str, str, str]]:
    """Return every row as (product, account of the role, account it is booked on)."""
    return [(product, top, account) for (product, top), account in sorted(_ACCOUNTS.items())]
