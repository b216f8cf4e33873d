"""What was reported to the credit bureau, on the page of the loan.

Owns: this table. Refuses to know: how a report comes about.
"""

from __future__ import annotations

from django.http import HttpRequest

from collection.models import BureauRecord
from config.admin import formatting, links
from config.admin.sections import Column, Table, section
from ledger.models import Loan


@section(links.LOAN, "Bureau reports", order=60)
def bureau_reports(_request: HttpRequest, loan: Loan) -> Table | None:
    """Show every record, a correction above what it corrects; nothing before the first one."""
    found = BureauRecord.objects.filter(loan_id=loan.id).order_by("-month", "-number")
    rows = [
        [f"{row.month:%Y-%m}", row.number, row.reported_on,
         formatting.amount_text(row.balance_minor, row.currency), row.days_past_due, row.bucket,
         formatting.words(row.category), formatting.code(row.marks)]
        for row in found
    ]  # fmt: skip
    balance = Column("balance", is_figure=True)
    columns = ["month", "number", "reported on", balance, "days past due", "bucket", "category", "24 months"]
    return Table(columns, rows) if rows else None
