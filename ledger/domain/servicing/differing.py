"""What a newly arrived fact changes, as adjustments for the open date.

Owns: the difference of two positions of one day per ledger component, each with its name and side.
Refuses to know: which fact it was, account codes, and journals. Closed days are never written again: the
whole difference belongs to the day on which it became known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger.domain.servicing.books import CREDITS, MEMO, Books
from ledger.domain.servicing.position import Position
from ledger.kernel.refusals import Refusal, RefusalKind


class PositionsNotComparable(Refusal):
    """Two positions of different days differ by time as well."""

    code = "LEDGER_POSITIONS_NOT_COMPARABLE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Adjustment:
    """A change of one balance in minor units, on the side the balance grows on (``debit`` or ``credit``)."""

    component: str
    side: str
    amount_minor: int


def difference(before: Position, after: Position) -> tuple[Adjustment, ...]:
    """Return what has to be posted on the open date. Refuses PositionsNotComparable."""
    if before.on != after.on:
        raise PositionsNotComparable(
            "Both positions are of one day.",
            field="on",
            before=before.on.isoformat(),
            after=after.on.isoformat(),
        )
    return changes_of_books(before.books, after.books)


def changes_of_books(before: Books, after: Books) -> tuple[Adjustment, ...]:
    """Return every balance that moved; debits equal credits, memo balances apart."""
    moved = []
    for (name, was), (_, now) in zip(before.balances(), after.balances(), strict=True):
        if now != was:
            moved.append(Adjustment(name, "credit" if name in CREDITS else "debit", now - was))
    return tuple(moved)


def adjusted(books: Books, adjustments: Iterable[Adjustment]) -> Books:
    """Return balances after adjustments have been posted."""
    moved = {one.component: getattr(books, one.component) + one.amount_minor for one in adjustments}
    return replace(books, **moved) if moved else books


def is_balanced(adjustments: Iterable[Adjustment]) -> bool:
    """Say whether debits equal credits; memo balances have their counterpart in one memo account."""
    on_balance = [one for one in adjustments if one.component not in MEMO]
    return sum(one.amount_minor * (1 if one.side == "debit" else -1) for one in on_balance) == 0
