"""Overdue principal goes on bearing interest after its due date.

Owns: adding the overdue principal to the balance at the start of each later row, and taking it off again on
the day that is looked at. Refuses to know: penalty interest, which is another matter.

100.00 at 7%, nothing paid, looked at on 15 Feb: February bears 0.53 instead of 0.49.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.progressive.last_row import solve_last_row
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.rows import Row


def charge_overdue_principal(model: Model, *, on: date, closes: bool = False) -> None:
    """Charge interest on overdue principal up to a day; ``closes`` if the loan is to be repaid that day."""
    if not model.conventions.charges_overdue_principal:
        return
    day = min(on, model.rows[-1].due_on)
    overdue = [row for row in model.rows if row.due_on < day]
    if not overdue:
        return
    running = model.row_on(day) or model.rows[-1]
    open_of_row = total = 0
    for row in overdue:
        _add(model, row, day, open_of_row)
        open_of_row = row.open_principal_minor
        total += open_of_row
    if total and model.overdue_until != day:
        _add(model, running, day, open_of_row)
        ends = running.due_on if model.conventions.reaches_row_end(closes=closes) else day
        _correct(model, ends, -total)
        model.overdue_until = ends


def _add(model: Model, row: Row, day: date, amount_minor: int) -> None:
    known = model.overdue_until
    if known == day or amount_minor == 0:
        return
    since = row.start if known is None or row.start > known else known
    _correct(model, since, amount_minor)


def _correct(model: Model, on: date, amount_minor: int) -> None:
    row = model.cut(on, correction_minor=amount_minor)
    assert row is not None  # no later than the last due date
    model.overdue_additions.append((on, amount_minor, row.due_on))
    model.set_factors([row])
    model.settle_up()
    solve_last_row(model, till=on)
