"""A short text that two versions share only if their rows are the same.

Owns: what belongs to it: every date and amount of every row. Refuses to know: versions and reasons, so that
going back to an earlier plan gives its fingerprint again.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from ledger.domain.plan_changes.versions import ChangedRow
from ledger.domain.plans.rows import PlanRow

LENGTH: Final = 16


def fingerprint(rows: Iterable[PlanRow]) -> str:
    """Return sixteen hexadecimal digits."""
    text = "\n".join(" ".join(map(str, _facts(row))) for row in rows)
    return sha256(text.encode()).hexdigest()[:LENGTH]


def _facts(row: PlanRow) -> tuple[object, ...]:
    carried = (row.carried_interest_minor, row.fee_minor) if isinstance(row, ChangedRow) else (0, 0)
    dates = (row.period.starts_on, row.period.due_on)
    amounts = (row.opening_minor, row.principal_minor, row.interest_minor, row.accrued_minor)
    return (row.kind, row.period.number, *dates, *amounts, row.capitalised_minor, *carried)
