"""The journal as a beancount file, which ``bean-check`` proves without trusting us.

Owns: how accounts are named below the five roots that beancount knows, transactions with links to their
events, and one balance assertion per account and currency at the end of the period.
Refuses to know: where the text goes. Memo accounts stand under Equity: below the line, and balanced among
themselves. Debits are positive, as beancount wants them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from ledger.domain.chart_of_accounts import CHART, SUB_ACCOUNT_MARK, AccountType
from ledger.exports.journal_lines import AccountBalance, ExportedLine
from ledger.kernel.money import Money

_ROOTS: Final = {
    AccountType.ASSET: "Assets",
    AccountType.CONTRA_ASSET: "Assets",
    AccountType.LIABILITY: "Liabilities",
    AccountType.EQUITY: "Equity",
    AccountType.INCOME: "Income",
    AccountType.EXPENSE: "Expenses",
    AccountType.MEMO: "Equity:Memo",
}


def beancount_account(code: str) -> str:
    """Return an account's name, such as Assets:1301-LoanPrincipal."""
    account = CHART[code]
    words = "".join(word.capitalize() for word in account.name.split("_"))
    return f"{_ROOTS[account.type]}:{code.replace(SUB_ACCOUNT_MARK, '-')}-{words}"


def beancount_lines(
    *,
    opened_on: date,
    opening: Sequence[AccountBalance],
    entries: Iterable[Sequence[ExportedLine]],
    closed_on: date,
    closing: Sequence[AccountBalance],
) -> Iterator[str]:
    """Yield the text of a period line by line; ``closed_on`` is the first day after it."""
    yield 'option "title" "Loanbook journal"'
    for code in CHART:
        yield f"{opened_on} open {beancount_account(code)}"
    yield from _opening(opening, on=opened_on)
    for entry in entries:
        yield from _transaction(entry)
    yield ""
    for held in closing:
        # Exact to the last unit; without a tolerance of its own an assertion forgives one.
        amount = Money(held.balance_minor, held.currency).as_text()
        yield f"{closed_on} balance {beancount_account(held.account)}  {amount} ~ 0 {held.currency}"


def _opening(balances: Sequence[AccountBalance], *, on: date) -> Iterator[str]:
    held = [balance for balance in balances if balance.balance_minor]
    if held:
        yield f'\n{on} * "Balances brought forward"'
    for balance in held:
        yield f"  {_amount(balance.account, balance.balance_minor, balance.currency)}"


def _transaction(lines: Sequence[ExportedLine]) -> Iterator[str]:
    first = lines[0]
    yield f'\n{first.posting_date} * "{first.topic}" ^{first.entry.replace("/", "-")}'
    yield f'  source: "{first.originator_id}"'
    if first.effective_date != first.posting_date:
        yield f"  effective: {first.effective_date}"
    if first.value_date != first.posting_date:
        yield f"  value: {first.value_date}"
    for line in lines:
        yield f"  {_amount(line.account, line.signed_minor, line.currency)}"
        yield from _metadata(line)


def _metadata(line: ExportedLine) -> Iterator[str]:
    for name, value in (("loan", line.loan_id), ("settlement", line.settlement_account_id)):
        if value is not None:
            yield f'    {name}: "{value}"'
    if line.product_code:
        yield f'    product: "{line.product_code}"'


def _amount(account: str, signed_minor: int, currency: str) -> str:
    return f"{beancount_account(account)}  {Money(signed_minor, currency).as_text()} {currency}"
