"""The general ledger beside its sub-ledgers.

Owns: the two tables of the page. Refuses to know: what is compared (``ledger.tie_out``).
"""

from __future__ import annotations

from typing import Any

from config.admin import formatting, links
from config.admin.sections import Column, Table
from ledger.admin.journal import account_name
from ledger.admin.trial_balance import statement_url
from ledger.tie_out import TieOut, tie_out

SUMS = [Column(title, is_figure=True) for title in ("general ledger", "sub-ledger", "difference")]
PARTS = [Column(title, is_figure=True) for title in ("general ledger", "sub-ledger")]


def tie_out_tables() -> list[dict[str, Any]]:
    """Return every comparison, and the owners that differ if there are any."""
    rows = tie_out()
    broken = sum(not row.ties for row in rows)
    found = [
        _titled("Accounts", Table(["account", "sub-ledger", *SUMS], [_line(row) for row in rows]), broken)
    ]
    for row in rows:
        if row.differences:
            title = f"{row.currency}: {account_name(row.account)}, the first that differ"
            found.append(_titled(title, _differences(row), len(row.differences)))
    return found


def _titled(title: str, table: Table, broken: int) -> dict[str, Any]:
    return {
        "title": title,
        "table": table,
        "is_balanced": not broken,
        "verdict": "differs" if broken else "ties",
        "said": f"{broken} {'differs' if broken == 1 else 'differ'}" if broken else "",
    }


def _line(row: TieOut) -> list[Any]:
    name = links.anchor(statement_url(row.account), account_name(row.account))
    amounts = (row.ledger_minor, row.sub_ledger_minor, row.difference_minor)
    return [name, row.what, *(formatting.amount_text(minor, row.currency) for minor in amounts)]


def _differences(row: TieOut) -> Table:
    lines = [
        [
            found.owner,
            formatting.amount_text(found.ledger_minor, found.currency),
            formatting.amount_text(found.sub_ledger_minor, found.currency),
        ]
        for found in row.differences
    ]
    return Table(["whose", *PARTS], lines)
