"""What a row asks for if it is paid on a given day.

Owns: the model cut off at a day, the due amounts of a row as of that day, and what would repay everything.
Refuses to know: how a payment is shared out.

1,000.00 at 26% from 1 Jan, asked on 15 Jan: 9.78 of interest, and the rest of 263.69 is principal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.progressive.last_row import seen_on, solve_last_row
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.rows import Row


@dataclass(frozen=True)
class Due:
    """Principal and interest, whether of one row or of the whole loan."""

    principal_minor: int
    interest_minor: int

    @property
    def total_minor(self) -> int:
        """Return both together."""
        return self.principal_minor + self.interest_minor


def due_of_row(model: Model, index: int, *, on: date, by_component: bool = False) -> Due:
    """Return what a row asks for in all on a day, what was paid before included.

    Where principal of all rows is paid before any interest, a row takes its whole level as principal.
    """
    view = cut_off(model, on)
    row = view.rows[index]
    if on <= row.start:
        _as_agreed(view, row)
        view.settle_up()
    if by_component and _unsettled(view) > 1:
        most = view.lent_minor - view.paid_principal_minor + row.paid_principal_minor
        return Due(max(row.paid_principal_minor, min(row.bearable_minor, most)), row.due_interest_minor)
    return Due(row.due_principal_minor, row.due_interest_minor)


def left_on(model: Model, on: date) -> Due:
    """Return what is left to be paid if interest runs up to a day and no further."""
    view = seen_on(model, on)
    principal = view.lent_minor - view.paid_principal_minor
    # What no row has room for is carried off the end, and is owed all the same.
    interest = view.due_interest_minor + view.rows[-1].carried_minor - view.paid_interest_minor
    return Due(max(0, principal), max(0, interest))


def cut_off(model: Model, on: date) -> Model:
    """Return a copy that knows no day after this one; levels stay as they were agreed."""
    view = model.copy()
    if on >= view.rows[-1].due_on:
        return view
    for row in view.rows:
        if row.contains(on) and row.due_on > on:
            _end_row_on(row, on)
        elif row.due_on > on:
            row.segments.clear()
    view.set_factors(view.rows)
    view.settle_up()
    solve_last_row(view, till=on)
    return view


def _end_row_on(row: Row, on: date) -> None:
    over = [index for index, part in enumerate(row.segments) if part.start < on <= part.end]
    last = over[-1] if over else 0
    row.segments[last].end = on
    del row.segments[last + 1 :]


def _as_agreed(view: Model, row: Row) -> None:
    """Let a row that has not begun ask for its agreed level, as far as principal is left for it."""
    left = max(0, view.lent_minor - view.paid_principal_minor)
    unsettled = _unsettled(view)
    if unsettled > 1:
        row.level_minor = row.agreed_level_minor
        view.settle_up()
        row.level_minor -= max(0, row.open_principal_minor - left)
    elif row.is_settled and unsettled == 1:
        needed = left + row.paid_principal_minor + row.due_interest_minor
        row.level_minor = min(row.agreed_level_minor, needed)


def _unsettled(view: Model) -> int:
    return sum(not row.is_settled for row in view.rows)
