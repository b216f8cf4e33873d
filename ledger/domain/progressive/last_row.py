"""The last row takes what is left.

Owns: the level of the last row that is not settled, so that all rows together repay what was lent with its
interest, and the interest of later rows that are settled already and that it therefore has to bear.
Refuses to know: what changed.
"""

from __future__ import annotations

from datetime import date

from ledger.domain.progressive.digits import NOTHING
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.rows import Row, Segment


def solve_last_row(model: Model, *, till: date) -> None:
    """Give the last open row what no other row asks for; interest is seen as it stands on a day.

    The model is settled up before and afterwards.
    """
    row = _last_open_row(model)
    while row is not None:
        _forget_pulled_interest(model, row)
        missing = _missing(model)
        if missing < 0 and _shed(model, -missing):
            model.settle_up()
            row, missing = _last_open_row(model) or row, _missing(model)
        # If more was paid here already, the row is settled with that, and the one before takes over.
        level = max(row.level_minor + missing, row.paid_minor)
        is_solved = level == row.level_minor + missing
        if level != row.level_minor:
            row.level_minor = level
            model.settle_up()
        if is_solved:
            break
        row = _last_open_row(model)
    if row is not None:
        bear_later_interest(model, row, till=till)


def _missing(model: Model) -> int:
    """Return by how much all levels fall short of what was lent and its interest."""
    asked = sum(row.bearable_minor for row in model.rows)
    return model.lent_minor + model.due_interest_minor - asked


def _shed(model: Model, surplus_minor: int) -> bool:
    """Take a surplus off the last rows as far as they bear no interest, so that nothing else depends on them."""
    left = surplus_minor
    for row in reversed(model.rows):
        if row.interest_minor:
            break
        taken = min(left, max(0, row.level_minor - row.paid_minor))
        row.level_minor -= taken
        left -= taken
    return left < surplus_minor


def _forget_pulled_interest(model: Model, row: Row) -> None:
    if row.pulled_interest_minor == 0 and not any(other.gives_interest_away for other in model.rows):
        return
    row.pulled_interest_minor = 0
    for other in model.rows:
        other.gives_interest_away = False
    model.settle_up()


def bear_later_interest(model: Model, row: Row, *, till: date) -> None:
    """Let a row bear the interest that later, settled rows have gathered up to a day."""
    if row is model.rows[-1]:
        return
    view = seen_on(_without_overdue_additions(model, row), till)
    gathered = [late for late in view.rows if late.due_on > row.due_on and late.carried_minor > 0]
    if gathered:
        row.pulled_interest_minor = gathered[-1].carried_minor
        for late in model.rows[row.index + 1 :]:
            late.gives_interest_away = True
        model.settle_up()
        _take_back_interest(model, row)


def _take_back_interest(model: Model, row: Row) -> None:
    """Lower a level by pulled interest that was paid before and had been taken for interest of the row."""
    excess = sum(other.due_principal_minor for other in model.rows) - model.lent_minor
    if excess > 0:
        row.level_minor -= excess
        model.settle_up()


def seen_on(model: Model, on: date) -> Model:
    """Return a copy in which interest runs up to a day and no further."""
    view = model.copy()
    running = view.row_on(on)
    if running is not None:
        _segment_over(running, on).end = on
    view.set_factors(view.rows)
    for row in view.rows:
        row.pulled_interest_minor, row.gives_interest_away = 0, False
        for part in row.segments:
            if part.end > on:
                part.set_factors(NOTHING, NOTHING)
    view.settle_up()
    return view


def _segment_over(row: Row, on: date) -> Segment:
    covering = [part for part in row.segments if part.start < on <= part.end]
    return covering[-1] if covering else row.segments[0]


def _last_open_row(model: Model) -> Row | None:
    left = model.lent_minor - model.paid_principal_minor
    excessive = [row for row in model.rows if row.open_principal_minor > left]
    for row in excessive:
        row.level_minor = max(row.paid_minor, row.level_minor - (row.open_principal_minor - left))
    if excessive:
        model.settle_up()
    unsettled = [row for row in model.rows if not row.is_settled]
    if unsettled:
        return unsettled[-1]
    last = model.rows[-1]
    is_untouched = model.paid_principal_minor == 0 and last.segments and last.closing_minor > 0
    return last if is_untouched else None


def _without_overdue_additions(model: Model, row: Row) -> Model:
    """Leave overdue principal of the row itself out, unless a later row was charged for some as well."""
    dates = [due for _, _, due in model.overdue_additions]
    if row.due_on not in dates or max(dates) > row.due_on:
        return model
    plain = model.copy()
    for on, amount, _ in plain.overdue_additions:
        plain.cut(on, correction_minor=-amount)
    plain.set_factors(plain.rows)
    plain.settle_up()
    return plain
