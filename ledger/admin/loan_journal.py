"""A loan's lines in the journal, on the balance sheet and below the line apart.

Owns: these two sections of a loan's page. Refuses to know: which event posts where.
"""

from __future__ import annotations

from django.http import HttpRequest

from config.admin import formatting, links
from config.admin.sections import Table, section
from ledger.admin.journal import FIGURES, account_name, debit_and_credit, is_memo
from ledger.models import JournalLine, Loan
from ledger.record_models import POSITION_BITS


@section(links.LOAN, "Journal", order=50, needs=[links.ENTRY])
def journal(_request: HttpRequest, loan: Loan) -> Table:
    """Show the loan's lines on the balance sheet."""
    note = "Daily accruals are posted per product and day; the loan's share of them is in the sub-ledger."
    return _journal_table([line for line in _lines(loan) if not is_memo(line.account)], note=note)


@section(links.LOAN, "Memo journal", order=60, needs=[links.ENTRY])
def memo_journal(_request: HttpRequest, loan: Loan) -> Table:
    """Show the loan's lines below the line."""
    return _journal_table([line for line in _lines(loan) if is_memo(line.account)], note="")


def _lines(loan: Loan) -> list[JournalLine]:
    return list(JournalLine.objects.filter(loan_id=loan.id).order_by("posting_date", "pos", "line_no"))


def _journal_table(found: list[JournalLine], *, note: str) -> Table:
    rows = []
    for line in found:
        key = (line.shard << POSITION_BITS) + line.pos
        entry = links.link(links.ENTRY, key, f"{line.shard}/{line.pos}")
        rows.append([line.posting_date, entry, account_name(line.account), *debit_and_credit(line)])
    sums = [
        formatting.totals_text({line.currency: 0 for line in found} | _sums(found, side)) for side in "DC"
    ]
    return Table(["posted on", "entry", "account", *FIGURES], rows, note=note, total=["Total", "", "", *sums])


def _sums(found: list[JournalLine], side: str) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in found:
        if line.side == side:
            totals[line.currency] = totals.get(line.currency, 0) + line.amount_minor
    return totals
