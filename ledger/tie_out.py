"""The general ledger against the sub-ledgers: do the accounts hold what loans, lines and accounts say?

Owns: the comparison per account and currency, and the first owners whose parts differ. Refuses to know: how a
difference is mended, and any table of another app, which registers its own sub-ledger with ``sub_ledger``.
Journal and read models are compared as they are at one moment; nothing is derived from events here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from ledger.domain.chart_of_accounts import CHART, family_of
from ledger.eventstore.consistent_view import one_view

NAMED_MAX: Final = 20
# The sum of lines on the normal side of their account.
SIGNED: Final = "sum(CASE side WHEN %(side)s THEN amount_minor ELSE -amount_minor END)::bigint"


@dataclass(frozen=True)
class SubLedger:
    """What an account consists of: SQL for (owner, currency, amount) on each side; amounts on the normal side.

    ``books`` reads ``line``, the lines of the account; ``owners`` reads the rows that owe the same.
    """

    accounts: tuple[str, ...]
    what: str
    books: str
    owners: str

    @property
    def account(self) -> str:
        """Return the account that gives the comparison its name."""
        return self.accounts[0]


@dataclass(frozen=True)
class Difference:
    """One owner whose part in the general ledger is not what the sub-ledger says."""

    owner: str
    currency: str
    ledger_minor: int
    sub_ledger_minor: int


@dataclass(frozen=True)
class TieOut:
    """One account and currency: both sums, and the first owners that differ."""

    account: str
    what: str
    currency: str
    ledger_minor: int
    sub_ledger_minor: int
    differences: tuple[Difference, ...] = ()

    @property
    def account_name(self) -> str:
        """Return the name the chart gives the account."""
        return CHART[self.account].name

    @property
    def difference_minor(self) -> int:
        """Return by how much the general ledger holds more."""
        return self.ledger_minor - self.sub_ledger_minor

    @property
    def ties(self) -> bool:
        """Say whether the sums agree and every owner's part does."""
        return self.difference_minor == 0 and not self.differences


_SUB_LEDGERS: list[SubLedger] = []


def lines_by(column: str) -> str:
    """Return SQL for the lines of an account by the owner that a column names."""
    return (
        f"SELECT coalesce({column}::text, 'nobody') AS owner, currency,"  # noqa: S608
        f" {SIGNED} AS amount_minor FROM line GROUP BY 1, 2"
    )


def sub_ledger(*accounts: str, what: str, books: str, owners: str) -> None:
    """Register what makes up an account (and the accounts that are read as one with it)."""
    _SUB_LEDGERS.append(SubLedger(accounts, what, books, owners))
    _SUB_LEDGERS.sort(key=lambda one: (one.account, one.what))


def tie_out(*, account: str | None = None) -> list[TieOut]:
    """Compare every account that has a sub-ledger, or one, at one moment."""
    with one_view():
        return [
            found
            for ledger in _SUB_LEDGERS
            if account in (None, ledger.account)
            for found in _compared(ledger)
        ]


def _compared(ledger: SubLedger) -> Iterable[TieOut]:
    account = CHART[ledger.account]
    params = {
        "accounts": [code for top in ledger.accounts for code in family_of(top)],
        "side": account.normal_side.value,
        "named_max": NAMED_MAX,
    }
    sides = _SIDES.format(books=ledger.books, owners=ledger.owners)
    differences = [Difference(*row) for row in _run(_DIFFERENCES.format(sides=sides), params)]
    for currency, in_books, in_owners in _run(_SUMS.format(sides=sides), params):
        yield TieOut(
            account=account.code,
            what=ledger.what,
            currency=currency,
            ledger_minor=in_books,
            sub_ledger_minor=in_owners,
            differences=tuple(found for found in differences if found.currency == currency),
        )


_SIDES: Final = (
    "WITH line AS (SELECT * FROM journal_line WHERE account = ANY (%(accounts)s)), books AS ({books}),"
    " owners AS ({owners})"
)
_SUMS: Final = (
    "{sides} SELECT currency::text, coalesce(sum(in_books), 0)::bigint, coalesce(sum(in_owners), 0)::bigint FROM"
    " (SELECT currency, amount_minor AS in_books, NULL::bigint AS in_owners FROM books"
    "  UNION ALL SELECT currency, NULL, amount_minor FROM owners) sides GROUP BY 1 ORDER BY 1"
)
_DIFFERENCES: Final = (
    "{sides} SELECT coalesce(b.owner, o.owner, 'nobody'), coalesce(b.currency, o.currency)::text,"
    " coalesce(b.amount_minor, 0)::bigint, coalesce(o.amount_minor, 0)::bigint"
    " FROM books b FULL JOIN owners o ON o.owner = b.owner AND o.currency = b.currency"
    " WHERE coalesce(b.amount_minor, 0) <> coalesce(o.amount_minor, 0) ORDER BY 2, 1 LIMIT %(named_max)s"
)


def _run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
