"""The trial balance and the general ledger of a period, as tables of the admin.

Owns: how sums of accounts are laid out, on the balance sheet and below the line apart, per currency, with their
check. Refuses to know: how the sums are made (``account_balances``), and addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from config.admin import formatting, links
from config.admin.sections import Column, Table
from ledger.account_balances import (
    CurrencyTotal,
    LedgerRow,
    TrialBalanceRow,
    currency_totals,
    general_ledger,
    trial_balance,
)
from ledger.admin.journal import FIGURES, account_name
from ledger.admin.moments import Asked
from ledger.domain.chart_of_accounts import CHART

BALANCE = Column("balance", is_figure=True)


def balance_tables(asked: Asked) -> list[dict[str, Any]]:
    """Return the trial balance: a table per currency, memo accounts apart. Refuses KnownAtInFuture, Busy."""
    rows = trial_balance(moment=asked.moment)
    return [_balance_table(rows, total, asked) for total in currency_totals(rows)]


def ledger_tables(asked: Asked) -> list[dict[str, Any]]:
    """Return every account over a period. Refuses KnownAtInFuture, Busy."""
    rows = general_ledger(start=asked.start, moment=asked.moment)
    return [_ledger_table(rows, total, asked) for total in currency_totals(rows)]


def statement_url(account: str, query: str = "") -> str:
    """Return the address of an account's postings."""
    address = reverse("admin:ledger_glaccount_postings", args=[account])
    return f"{address}?{query}" if query else address


def on_normal_side(balance_minor: int, *, account: str, currency: str) -> str:
    """Return a balance as the account's normal side counts it, with the side's letter."""
    side = CHART[account].normal_side
    shown = balance_minor if side == "D" else -balance_minor
    return f"{formatting.amount_text(shown, currency)} {side}"


def balance_line(row: TrialBalanceRow) -> list[str]:
    """Return debits, credits and balance of an account."""
    balance = on_normal_side(row.balance_minor, account=row.account, currency=row.currency)
    return [*_sides(row), balance]


def _account_lines(row: TrialBalanceRow, asked: Asked) -> Iterator[list[Any]]:
    yield _line(row, asked, is_sub=False)
    for sub in row.sub_accounts:
        yield _line(sub, asked, is_sub=True)


def _balance_table(rows: Sequence[TrialBalanceRow], total: CurrencyTotal, asked: Asked) -> dict[str, Any]:
    held = [row for row in rows if (row.currency, row.off_balance) == (total.currency, total.off_balance)]
    difference = formatting.amount_text(total.difference_minor, total.currency)
    table = Table(
        ["account", *FIGURES, BALANCE],
        [line for row in held for line in _account_lines(row, asked)],
        total=["Total, and the difference of both", *_sides(total), difference],
    )
    return _titled(table, total, difference)


def _ledger_table(rows: Sequence[LedgerRow], total: CurrencyTotal, asked: Asked) -> dict[str, Any]:
    held = [row for row in rows if (row.currency, row.off_balance) == (total.currency, total.off_balance)]
    difference = formatting.amount_text(total.difference_minor, total.currency)
    lines = [
        [
            _link(row.account, asked),
            on_normal_side(row.opening_minor, account=row.account, currency=row.currency),
            *_sides(row),
            on_normal_side(row.closing_minor, account=row.account, currency=row.currency),
        ]
        for row in held
    ]
    columns = ["account", Column("opening", is_figure=True), *FIGURES, Column("closing", is_figure=True)]
    table = Table(columns, lines, total=["Total of the period", "", *_sides(total), ""])
    return _titled(table, total, difference)


def _titled(table: Table, total: CurrencyTotal, difference: str) -> dict[str, Any]:
    part = "Memo accounts, off the balance sheet" if total.off_balance else "Balance sheet and result"
    return {
        "title": f"{total.currency}: {part}",
        "table": table,
        "is_balanced": total.difference_minor == 0,
        "verdict": "not balanced" if total.difference_minor else "balanced",
        "said": f"difference {difference}",
    }


def _line(row: TrialBalanceRow, asked: Asked, *, is_sub: bool) -> list[Any]:
    if is_sub:
        # Summed into the account above; set apart, so that nobody adds it up again.
        return [_link(row.account, asked, mark="of which "), *(f"({text})" for text in balance_line(row))]
    return [_link(row.account, asked), *balance_line(row)]


def _link(account: str, asked: Asked, mark: str = "") -> Any:
    return links.anchor(statement_url(account, asked.query()), f"{mark}{account_name(account)}")


def _sides(row: TrialBalanceRow | CurrencyTotal | LedgerRow) -> list[str]:
    return [formatting.amount_text(minor, row.currency) for minor in (row.debit_minor, row.credit_minor)]
