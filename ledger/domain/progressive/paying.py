"""Principal and interest of a row are paid.

Owns: what a payment does to the model: balances fall from its day on (from the due date if it is late),
a row that has not begun is settled with what it was paid, and the last row is solved again.
Refuses to know: which row and which component a payment goes to.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.progressive.last_row import bear_later_interest, solve_last_row
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.rows import Row


def pay_interest(model: Model, index: int, *, on: date, amount_minor: int) -> None:
    """Pay interest of a row, at most what all rows together charge."""
    row = model.rows[index]
    unsettled = [other for other in model.rows if not other.is_settled]
    if row is not model.rows[-1] and unsettled and unsettled[-1] is row and on >= row.due_on:
        bear_later_interest(model, row, till=on)
    row.paid_interest_minor += min(amount_minor, model.due_interest_minor - model.paid_interest_minor)
    model.settle_up()
    solve_last_row(model, till=on)


def pay_principal(model: Model, index: int, *, on: date, amount_minor: int) -> None:
    """Pay principal of a row, at most what was lent."""
    if amount_minor == 0:
        return
    row = model.rows[index]
    counts_from = min(on, row.due_on)
    row.paid_principal_minor += min(amount_minor, model.lent_minor - model.paid_principal_minor)
    cut = model.cut(counts_from, correction_minor=-amount_minor)
    assert cut is not None  # no later than the row's own due date
    model.set_factors([cut])
    model.settle_up()
    solve_last_row(model, till=counts_from)
    if on < row.start and _others_are_open(model):
        _settle_early(row)
        model.settle_up()
    solve_last_row(model, till=counts_from)


def _others_are_open(model: Model) -> bool:
    return sum(not row.is_settled for row in model.rows) > 1


def _settle_early(row: Row) -> None:
    if row.paid_minor > row.bearable_minor or row.paid_minor == row.agreed_level_minor:
        row.level_minor = row.paid_minor
