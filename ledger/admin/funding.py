"""What is out, by the parties that fund it.

Owns: the two tables of the page. Refuses to know: how a sum is divided (``ledger.funding_report``).
"""

from __future__ import annotations

from typing import Any

from config.admin import formatting
from config.admin.sections import Column, Table
from ledger.admin.moments import Asked
from ledger.funding_report import FunderPart, funder_totals, funding_report

AMOUNTS = [
    Column(title, is_figure=True) for title in ("principal", "interest income", "penalty income", "losses")
]


def funding_tables(asked: Asked) -> list[dict[str, Any]]:
    """Return the sums per party, and the parts per product version. Refuses KnownAtInFuture, Busy."""
    lines = funding_report(moment=asked.moment)
    totals = [[part.funder, *_amounts(part)] for part in funder_totals(lines)]
    parts = [
        [
            line.product_code or "no loan",
            line.product_version or formatting.NOTHING,
            line.funder,
            formatting.percent_text(line.share_e8),
            *_amounts(line),
        ]
        for line in lines
    ]
    columns = ["product", "version", "funder", Column("share", is_figure=True), *AMOUNTS]
    return [
        {"title": "Parties", "table": Table(["funder", *AMOUNTS], totals)},
        {"title": "Products", "table": Table(columns, parts)},
    ]


def _amounts(part: FunderPart) -> list[str]:
    minor = (part.principal_minor, part.interest_income_minor, part.penalty_income_minor, part.losses_minor)
    return [formatting.amount_text(amount, part.currency) for amount in minor]
