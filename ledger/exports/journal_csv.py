"""The journal as comma-separated values, one line per debit or credit.

Owns: the columns. Refuses to know: where the text goes. Amounts are decimal text with exactly the decimals
of their currency; debit and credit stand in columns of their own, and one of the two is always empty.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Final, TextIO

from ledger.domain.chart_of_accounts import CHART
from ledger.exports.journal_lines import ExportedLine
from ledger.kernel.money import Money

COLUMNS: Final = (
    "posting_date",
    "effective_date",
    "entry",
    "line",
    "event",
    "account",
    "account_name",
    "debit",
    "credit",
    "currency",
    "entity_id",
    "loan_id",
    "settlement_account_id",
    "funder",
    "source_id",
    "value_date",
    "product_code",
)


def write_csv(lines: Iterable[ExportedLine], *, to: TextIO) -> int:
    """Write lines below a head; return how many there were."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for line in lines:
        writer.writerow(_columns(line))
        count += 1
    return count


def _columns(line: ExportedLine) -> tuple[object, ...]:
    amount = Money(line.amount_minor, line.currency).as_text()
    return (
        line.posting_date.isoformat(),
        line.effective_date.isoformat(),
        line.entry,
        line.line_no,
        line.topic,
        line.account,
        CHART[line.account].name,
        amount if line.side == "D" else "",
        amount if line.side == "C" else "",
        line.currency,
        line.entity_id or "",
        line.loan_id or "",
        line.settlement_account_id or "",
        line.funder,
        line.originator_id,
        line.value_date.isoformat(),
        line.product_code,
    )
