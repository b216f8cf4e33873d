"""Facts that change the model itself: money lent, another rate, a pause, a new spread of what is unpaid.

Owns: where each of them cuts the rows and from which row on a new level counts.
Refuses to know: payments.

A later disbursement gives a new level to the row it falls into and to all after it, worked out as if
nothing had been paid; what was paid stays paid. A rate that is in force from a day cuts the day before.
"""

from __future__ import annotations

from datetime import date, timedelta

from ledger.domain.progressive.conventions import InterestMethod, InterestPeriod
from ledger.domain.progressive.facts import Disbursement, Pause, RateChange, ReAmortisation
from ledger.domain.progressive.last_row import solve_last_row
from ledger.domain.progressive.levels import equalise, set_level
from ledger.domain.progressive.model import Model
from ledger.domain.progressive.rows import Row

_ONE_DAY = timedelta(days=1)


def lend(model: Model, fact: Disbursement, *, amount_minor: int) -> int:
    """Add what is lent, less its down payment; return the first row that has a new level."""
    is_first = all(row.level_minor == 0 for row in model.rows)
    on = _counts_from(model, fact.on)
    row = model.cut(on, disbursed_minor=amount_minor)
    assert row is not None  # money is lent within the rows; facts were checked before they are told
    rows = _rows_from(model, row, on)
    model.set_factors(rows)
    model.settle_up()
    if is_first or model.conventions.method is InterestMethod.FLAT:
        _relevel(model, rows)
    else:
        unpaid = _as_if_unpaid(model)
        _relevel(unpaid, unpaid.rows[rows[0].index :])
        for row, plain in zip(rows, unpaid.rows[rows[0].index :], strict=True):
            row.level_minor, row.agreed_level_minor = plain.level_minor, plain.agreed_level_minor
        model.settle_up()
        solve_last_row(model, till=rows[0].due_on)
    return rows[0].index


def change_rate(model: Model, fact: RateChange) -> int | None:
    """Charge another rate from a day on; return the first row that has a new level."""
    cut_on = fact.on - _ONE_DAY
    model.rates.append((cut_on, fact.rate_e8))
    row = model.cut(cut_on)
    if row is None:
        return None
    rows = _rows_from(model, row, cut_on)
    model.set_factors(rows)
    model.settle_up()
    if not model.lent_minor:
        return None
    _relevel(model, rows)
    return rows[0].index


def pause(model: Model, fact: Pause) -> None:
    """Charge nothing on the days of a pause; levels stay and the last row gains what is saved."""
    before = fact.on - _ONE_DAY
    touched = [row for row in model.rows if row.start < fact.until and row.due_on >= fact.on]
    for row in touched:
        _pause_row(model, row, since=max(before, row.start), until=min(fact.until, row.due_on))
    if touched:
        model.set_factors(model.rows[touched[0].index :])
        model.settle_up()
        solve_last_row(model, till=touched[0].start)


def re_amortise(model: Model, fact: ReAmortisation) -> int | None:
    """Close rows up to a day with what was paid, and spread the rest; return the first row that bears it."""
    past = [row for row in model.rows if row.start <= fact.on and not row.is_settled]
    later = [row for row in model.rows if row.due_on > fact.on]
    for row in past:
        for part in row.segments:
            if part.end == fact.on:
                part.correction_minor = 0
        if row.segments[-1].correction_minor:
            row.segments[-1].correction_minor -= row.open_principal_minor
        row.level_minor = row.paid_minor
        model.settle_up()
    if not later:
        return None
    set_level(model, later)
    model.settle_up()
    solve_last_row(model, till=fact.on)
    equalise(model, later)
    return later[0].index


def _relevel(model: Model, rows: list[Row]) -> None:
    set_level(model, rows)
    if model.conventions.method is InterestMethod.FLAT:
        return
    model.settle_up()
    solve_last_row(model, till=rows[0].due_on)
    equalise(model, rows)


def _rows_from(model: Model, row: Row, on: date) -> list[Row]:
    """Return the rows a change on a day counts for: on a due date from the next one, if there is one."""
    begins_next = row.due_on == on and row is not model.rows[-1]
    return model.rows[row.index + begins_next :]


def _as_if_unpaid(model: Model) -> Model:
    plain = model.copy()
    plain.overdue_additions.clear()
    for row in plain.rows:
        row.paid_principal_minor = row.paid_interest_minor = row.pulled_interest_minor = 0
        for part in row.segments:
            part.correction_minor = 0
    plain.settle_up()
    return plain


def _counts_from(model: Model, on: date) -> date:
    """Return the day money lent begins to bear interest: a whole row's if rows are never split."""
    conventions = model.conventions
    by_row = conventions.interest_period is InterestPeriod.SAME_AS_REPAYMENT
    if not by_row or conventions.partial_periods:
        return on
    return next((row.start for row in model.rows if row.due_on > on), on)


def _pause_row(model: Model, row: Row, *, since: date, until: date) -> None:
    if all(part.start != since for part in row.segments):
        model.cut(since)
    if all(part.end != until for part in row.segments):
        model.cut(until)
    for part in row.segments:
        if part.start >= since and part.end <= until:
            part.is_paused, part.interest = True, None
