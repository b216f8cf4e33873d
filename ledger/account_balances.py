"""Balances of the accounts: the trial balance, and the general ledger of a period.

Owns: sums over journal lines by account and currency, with sub-accounts summed into the account above them.
Refuses to know: single postings (``account_postings``), and how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection

from ledger.book_moment import BookMoment
from ledger.domain.chart_of_accounts import CHART, parent_of
from ledger.eventstore.consistent_view import one_view

_SUMS: Final = (
    "SELECT account, currency, coalesce(sum(amount_minor) FILTER (WHERE side = 'D'), 0)::bigint,"
    " coalesce(sum(amount_minor) FILTER (WHERE side = 'C'), 0)::bigint"
    " FROM journal_line line{source} WHERE {condition} GROUP BY 1, 2 ORDER BY 2, 1"
)


@dataclass(frozen=True)
class TrialBalanceRow:
    """One account in one currency, its sub-accounts included; they stand below it, each for itself."""

    account: str
    currency: str
    debit_minor: int
    credit_minor: int
    sub_accounts: tuple[TrialBalanceRow, ...] = ()

    @property
    def account_name(self) -> str:
        """Return the name the chart gives the account."""
        return CHART[self.account].name

    @property
    def off_balance(self) -> bool:
        """Say whether the account stands below the line."""
        return CHART[self.account].is_off_balance

    @property
    def balance_minor(self) -> int:
        """Return debits less credits."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True)
class CurrencyTotal:
    """The check of one currency, on or off the balance sheet: the difference is zero."""

    currency: str
    off_balance: bool
    debit_minor: int
    credit_minor: int

    @property
    def difference_minor(self) -> int:
        """Return debits less credits."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True)
class LedgerRow:
    """One account in one currency over a period: opening + debits - credits = closing, debits positive."""

    account: str
    currency: str
    opening_minor: int
    debit_minor: int
    credit_minor: int

    @property
    def account_name(self) -> str:
        """Return the name the chart gives the account."""
        return CHART[self.account].name

    @property
    def off_balance(self) -> bool:
        """Say whether the account stands below the line."""
        return CHART[self.account].is_off_balance

    @property
    def closing_minor(self) -> int:
        """Return the balance at the end of the period."""
        return self.opening_minor + self.debit_minor - self.credit_minor


def trial_balance(*, moment: BookMoment) -> list[TrialBalanceRow]:
    """Return every account and currency at a moment. Refuses KnownAtInFuture, Busy."""
    moment.settle()
    return _balances(moment)


def currency_totals(rows: Sequence[TrialBalanceRow | LedgerRow]) -> list[CurrencyTotal]:
    """Return the check of a list of accounts: per currency, on and off the balance sheet apart."""
    kinds = sorted({(row.currency, row.off_balance) for row in rows})
    return [
        CurrencyTotal(
            currency=currency,
            off_balance=off_balance,
            debit_minor=sum(row.debit_minor for row in held),
            credit_minor=sum(row.credit_minor for row in held),
        )
        for currency, off_balance in kinds
        for held in ([row for row in rows if (row.currency, row.off_balance) == (currency, off_balance)],)
    ]


def general_ledger(*, start: date | None, moment: BookMoment) -> list[LedgerRow]:
    """Return every account from a first day through the moment's date. Refuses KnownAtInFuture, Busy."""
    moment.settle()
    opening: dict[tuple[str, str], TrialBalanceRow] = {}
    with one_view():
        closing = {(row.currency, row.account): row for row in _balances(moment)}
        # Before the first day of the calendar there is no day that something could have been posted on.
        if start is not None and start > date.min:
            before = BookMoment(start - timedelta(days=1), moment.known_at, moment.by)
            opening = {(row.currency, row.account): row for row in _balances(before)}
    return [_moved(row, opening.get(key)) for key, row in sorted(closing.items())]


def _balances(moment: BookMoment) -> list[TrialBalanceRow]:
    single = [TrialBalanceRow(*row) for row in _sums(moment)]
    kinds = sorted({(row.currency, parent_of(row.account)) for row in single})
    return [
        _summed(
            account, [row for row in single if (row.currency, parent_of(row.account)) == (currency, account)]
        )
        for currency, account in kinds
    ]


def _moved(now: TrialBalanceRow, before: TrialBalanceRow | None) -> LedgerRow:
    debit, credit = (before.debit_minor, before.credit_minor) if before else (0, 0)
    return LedgerRow(
        account=now.account,
        currency=now.currency,
        opening_minor=debit - credit,
        debit_minor=now.debit_minor - debit,
        credit_minor=now.credit_minor - credit,
    )


def _summed(account: str, rows: Sequence[TrialBalanceRow]) -> TrialBalanceRow:
    return TrialBalanceRow(
        account=account,
        currency=rows[0].currency,
        debit_minor=sum(row.debit_minor for row in rows),
        credit_minor=sum(row.credit_minor for row in rows),
        sub_accounts=() if [row.account for row in rows] == [account] else tuple(rows),
    )


def _sums(moment: BookMoment) -> Iterable[tuple[Any, ...]]:
    condition, params = moment.condition()
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(source=moment.source, condition=condition), params)
        return list(cursor.fetchall())
