"""What has been paid of the rows that fell due, as far as a change has to know it.

Owns: which rows are overdue, by how much, since when, and taking what is unpaid out of those rows.
Refuses to know: penalties, fees and accounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ledger.domain.plans.rows import PlanRow
from ledger.kernel.refusals import Refusal, RefusalKind


class PaymentsImpossible(Refusal):
    """Payments are told of a row that is not due, that is paid already, or of more than it asks for."""

    code = "LEDGER_PAYMENTS_IMPOSSIBLE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class PartPaid:
    """What was paid of one row that is not paid in full."""

    number: int
    principal_minor: int = 0
    interest_minor: int = 0


@dataclass(frozen=True)
class Payments:
    """The first rows are paid in full, and parts of rows after them."""

    rows_paid: int = 0
    parts: tuple[PartPaid, ...] = ()


NOTHING_PAID: Final = Payments()


@dataclass(frozen=True)
class Unpaid:
    """What is overdue of one row."""

    row: PlanRow
    principal_minor: int
    interest_minor: int


def unpaid_rows(due: Sequence[PlanRow], *, payments: Payments) -> tuple[Unpaid, ...]:
    """Return what is unpaid of the rows due, the oldest first. Refuses PaymentsImpossible."""
    last = max((row.period.number for row in due), default=0)
    parts = {part.number: part for part in payments.parts}
    inside = all(payments.rows_paid < number <= last for number in parts)
    if payments.rows_paid > last or not inside or len(parts) < len(payments.parts):
        raise PaymentsImpossible(
            "Rows that are due are paid, each once; what comes early is a prepayment.",
            field="rows_paid",
            rows_due=last,
        )
    left = (
        _unpaid(row, parts.get(row.period.number)) for row in due if row.period.number > payments.rows_paid
    )
    return tuple(unpaid for unpaid in left if unpaid.principal_minor or unpaid.interest_minor)


def days_past_due(unpaid: Sequence[Unpaid], *, on: date) -> int:
    """Return the days since the oldest unpaid due date."""
    return (on - unpaid[0].row.period.due_on).days if unpaid else 0


def without(
    rows: Iterable[PlanRow], *, unpaid: Sequence[Unpaid], principal: bool, interest: bool
) -> tuple[PlanRow, ...]:
    """Return the rows without what is unpaid of them; their balances follow."""
    taken = {item.row.period.number: item for item in unpaid}
    lifted, relieved = 0, []
    for row in rows:
        item = taken.get(row.period.number)
        less = item.principal_minor if item and principal else 0
        relieved.append(
            replace(
                row,
                opening_minor=row.opening_minor + lifted,
                principal_minor=row.principal_minor - less,
                interest_minor=row.interest_minor - (item.interest_minor if item and interest else 0),
            )
        )
        lifted += less
    return tuple(relieved)


def _unpaid(row: PlanRow, part: PartPaid | None) -> Unpaid:
    paid = part or PartPaid(row.period.number)
    if paid.principal_minor > row.principal_minor or paid.interest_minor > row.interest_minor:
        raise PaymentsImpossible(
            "No more is paid of a row than it asks for.", field="part_paid", row=row.period.number
        )
    return Unpaid(row, row.principal_minor - paid.principal_minor, row.interest_minor - paid.interest_minor)
