"""The journal as the append function reads it.

Owns: turning posting legs into rows, and the value date of an entry.
Refuses to know: which accounts an event touches (postings).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ledger.kernel.aggregate import DomainEvent
from ledger.postings import legs_for


def journal_rows(events: Sequence[DomainEvent]) -> list[tuple[Any, ...]]:
    """Return one row per event that moves money: (index, posting date, effective date, .., lines, value date)."""
    rows = []
    for index, event in enumerate(events, start=1):
        lines = entry_lines(event)
        if lines:
            day = event.effective_date
            rows.append((index, day, day, event.TOPIC, event.originator_id, lines, value_date(event)))
    return rows


def value_date(event: DomainEvent) -> date:
    """Return the date on which a fact counts: its own, or the date it is posted on."""
    found: date | None = getattr(event, "value_date", None)
    return found or event.effective_date


def entry_lines(event: DomainEvent) -> list[tuple[Any, ...]]:
    """Return the numbered lines of an event's journal entry, empty when it moves no money."""
    return [
        (
            number,
            leg.account,
            leg.side,
            leg.amount_minor,
            leg.currency,
            leg.entity_id,
            leg.loan_id,
            leg.settlement_account_id,
            leg.funder,
            leg.product_code,
        )
        for number, leg in enumerate(legs_for(event), start=1)
    ]
