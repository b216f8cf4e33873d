"""What a telling of the facts leads to: rows, shares, levels, surplus and payoff.

Owns: the frozen answer, and the balances a borrower sees. Refuses to know: how it was arrived at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import Rule
from ledger.domain.progressive.facts import Disbursement, Payment
from ledger.domain.progressive.instalments import Instalment, Kind
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.payoff import Payoff
from ledger.domain.progressive.sharing import Taken

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class InterestPart:
    """Interest on one base: base x factor to the row's end, for so many of the days to that end."""

    start: date
    end: date
    base_minor: int
    factor: Decimal
    days_to_row_end: int
    is_paused: bool


@dataclass(frozen=True, kw_only=True)
class PositionRow:
    """One row; amounts in minor units, ``due`` and ``paid`` by component.

    ``opening_minor`` has what was lent by the first day of the row, ``disbursed_minor`` what was lent later.
    ``interest_brought_minor`` is interest of other rows that this one bears, ``interest_carried_minor`` what it
    has no room for and hands on; both stand beside the interest of its own ``interest_parts``.
    """

    number: int
    kind: Kind
    start: date
    due_on: date
    opening_minor: int
    disbursed_minor: int
    due: dict[str, int]
    paid: dict[str, int]
    paid_in_advance_minor: int
    paid_late_minor: int
    level_minor: int | None
    settled_on: date | None
    interest_parts: tuple[InterestPart, ...]
    interest_brought_minor: int
    interest_carried_minor: int

    @property
    def days(self) -> int:
        """Return the calendar days of the row."""
        return (self.due_on - self.start).days

    @property
    def closing_minor(self) -> int:
        """Return the planned principal after the row."""
        return self.opening_minor + self.disbursed_minor - self.due["principal"]

    @property
    def due_minor(self) -> int:
        """Return everything the row asks for."""
        return sum(self.due.values())

    @property
    def outstanding_minor(self) -> int:
        """Return what is still to be paid."""
        return sum(max(0, self.due[name] - self.paid[name]) for name in STANDARD_ORDER)


@dataclass(frozen=True)
class LevelSince:
    """A new equal instalment, from the row due on a day."""

    on: date
    why: str
    from_row_due_on: date
    level_minor: int


@dataclass(frozen=True)
class Share:
    """One amount that went to one component of the row of a number."""

    number: int
    rule: Rule
    amount_minor: int


@dataclass(frozen=True)
class SharedPayment:
    """A payment, what it went to in that order, and what no rule had a use for."""

    payment: Payment
    shares: tuple[Share, ...]
    left_over_minor: int


@dataclass(frozen=True, kw_only=True)
class Position:
    """Everything that is known of a loan at the end of a day."""

    rows: tuple[PositionRow, ...]
    overpaid_minor: int
    levels: tuple[LevelSince, ...]
    payments: tuple[SharedPayment, ...]
    payoff: Payoff


def position_rows(
    model: Model, rows: Sequence[Instalment], lent: Sequence[Disbursement]
) -> tuple[PositionRow, ...]:
    """Return rows with their balances; money lent on a due date counts from the row after it."""
    balance, waiting, shown = 0, list(lent), list[PositionRow]()
    for number, row in enumerate(rows, 1):
        opening = balance + _lent_before(waiting, row.start + _ONE_DAY)
        end = date.max if row is rows[-1] else row.due_on
        shown.append(_position_row(model, row, number, opening, _lent_before(waiting, end)))
        balance = shown[-1].closing_minor
    return tuple(shown)


def _position_row(model: Model, row: Instalment, number: int, opening: int, disbursed: int) -> PositionRow:
    source = None if row.model_index is None else model.rows[row.model_index]
    return PositionRow(
        number=number,
        kind=row.kind,
        start=row.start,
        due_on=row.due_on,
        opening_minor=opening,
        disbursed_minor=disbursed,
        due=dict(row.due),
        paid=dict(row.paid),
        paid_in_advance_minor=row.paid_in_advance_minor,
        paid_late_minor=row.paid_late_minor,
        level_minor=source.level_minor if source else None,
        settled_on=row.settled_on,
        interest_parts=_interest_parts(model, row),
        interest_brought_minor=source.brought_minor if source else 0,
        interest_carried_minor=source.carried_minor if source else 0,
    )


def shared(
    payment: Payment, taken: Sequence[Taken], left_over_minor: int, rows: Sequence[Instalment]
) -> SharedPayment:
    """Return what became of a payment, with rows by the numbers they have in the end."""
    numbers = {id(row): number for number, row in enumerate(rows, 1)}
    shares = tuple(Share(numbers[id(part.row)], part.rule, part.amount_minor) for part in taken)
    return SharedPayment(payment, shares, left_over_minor)


def _interest_parts(model: Model, row: Instalment) -> tuple[InterestPart, ...]:
    if row.model_index is None:
        return ()
    return tuple(
        InterestPart(
            part.start,
            part.end,
            part.base_minor,
            part.row_end_factor,
            (row.due_on - part.start).days,
            part.is_paused,
        )
        for part in model.rows[row.model_index].segments
        if part.start < part.end
    )


def _lent_before(waiting: list[Disbursement], day: date) -> int:
    """Take what was lent before a day off the list, and return its sum."""
    total = 0
    while waiting and waiting[0].on < day:
        total += waiting.pop(0).amount_minor
    return total
