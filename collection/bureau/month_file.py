"""The records of a month as a file for the credit bureau.

Owns: the columns, which ``docs/bureau-file.md`` describes. Refuses to know: persons; a borrower is a reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from collection.models import BureauRecord
from ledger.kernel.money import Money
from lending.models import LegalEntity

COLUMNS: Final = (
    "record", "corrects", "month", "loan", "borrower", "currency", "opened_on", "ended_on", "limit", "amount",
    "balance", "days_past_due", "bucket", "category", "marks", "reported_on",
)  # fmt: skip


def month_rows(*, month: date) -> Iterator[Sequence[object]]:
    """Yield the head and every record of the month, a correction right after what it corrects."""
    yield COLUMNS
    records = list(BureauRecord.objects.filter(month=month).order_by("loan_id", "number"))
    owners = LegalEntity.objects.filter(id__in={record.entity_id for record in records})
    references = dict(owners.values_list("id", "reference"))
    for record in records:
        yield _row(record, references.get(record.entity_id, ""))


def _row(record: BureauRecord, borrower: str) -> Sequence[object]:
    amounts = (record.limit_minor, record.principal_minor, record.balance_minor)
    return (
        _name(record, record.number),
        _name(record, record.number - 1) if record.number > 1 else "",
        f"{record.month:%Y-%m}",
        record.loan_id,
        borrower,
        record.currency,
        record.opened_on,
        record.ended_on or "",
        *(Money(minor, record.currency).as_text() for minor in amounts),
        record.days_past_due,
        record.bucket,
        record.category,
        record.marks,
        record.reported_on,
    )


def _name(record: BureauRecord, number: int) -> str:
    return f"{record.loan_id}/{record.month:%Y-%m}/{number}"
