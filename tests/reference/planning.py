"""Rows that come and go: a plan begins, is made again, or falls due at once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.reference.arithmetic import COMPOUND, FEE, INTEREST, PENALTY, PRINCIPAL, half_up, nothing
from tests.reference.plan import Period, Planned, begun_again, gone_on, periods_of, rows_for
from tests.reference.row import Row
from tests.reference.state import State
from tests.reference.terms import PlanTerms

FEES = (FEE, PENALTY, COMPOUND)


def begin_plan(state: State, terms: PlanTerms, balance: int) -> list[Row]:
    """Plan a balance from today on."""
    periods = periods_of(terms, state.today)
    return _add(state, terms, rows_for(terms, periods, balance, state.rates, kept=None))


def plan_again(
    state: State,
    old: list[Row],
    balance: int,
    *,
    keeps_level: bool,
    carried: Fraction | None = None,
    begins_today: bool = False,
) -> list[Row]:
    """Plan a balance over the due dates of old rows.

    The running row begins today where its interest was asked for; ``carried`` is its interest by today where
    its balance changed.
    """
    terms = state.plan
    assert terms is not None
    periods = [row.period for row in old if row.period is not None]
    if begins_today:
        periods[0] = begun_again(periods[0], state.today)
    elif carried is not None:
        periods[0] = gone_on(periods[0], state.today, carried)
    kept = None
    if keeps_level:
        kept = old[0].regular_part if terms.method == "equal_principal" else old[0].level
    new = _add(state, terms, rows_for(terms, periods, balance, state.rates, kept=kept))
    new[0].so_far = Fraction(0) if begins_today else old[0].so_far
    return new


def _add(state: State, terms: PlanTerms, planned: list[Planned]) -> list[Row]:
    state.plan, state.version = terms, state.version + 1
    rows = []
    for one in planned:
        period = one.period
        asks = nothing() | {INTEREST: one.interest, PRINCIPAL: one.principal}
        row = state.new_row(f"{state.version}/{period.number}", "instalment", period.due_on, asks)
        row.number, row.starts_on, row.period = period.number, period.starts_on, period
        row.level, row.regular_part, row.earned = one.level, one.principal, one.earned
        rows.append(state.add(row))
    state.matures_on = rows[-1].due_on
    return rows


def take_out(state: State, rows: list[Row], day: date) -> dict[str, int]:
    """Take rows out of the plan; one on which something was paid stays behind, settled on a day.

    Return what had gone on them besides principal: it counts for the rows that come instead.
    """
    gone = {what: sum(row.gone(what) for row in rows) for what in (*FEES, INTEREST)}
    state.rows = [row for row in state.rows if row not in rows]
    for row in rows:
        if any(row.paid.values()) or any(row.waived.values()):
            state.add(_left_behind(row, day))
    return gone


def _left_behind(row: Row, day: date) -> Row:
    repaid = row.gone(PRINCIPAL)
    stays = Row(
        row.name, row.kind, row.number, row.version, min(row.starts_on, day), day, row.grace_ends, day
    )
    stays.asks[PRINCIPAL] = repaid
    stays.paid, stays.waived = dict(row.paid), dict(row.waived)
    stays.moved = {what: -row.paid[what] - row.waived[what] for what in row.paid}
    stays.moved[PRINCIPAL] = row.moved[PRINCIPAL]
    return stays


def hand_over(rows: list[Row], old: list[Row], gone: dict[str, int]) -> None:
    """Give new rows the charges, and the interest brought in or paid in advance, of the old ones."""
    first = rows[0]
    for what in FEES:
        first.asks[what] += sum(row.asks[what] for row in old)
        first.moved[what] += gone[what]
        first.brought[what] += sum(row.brought[what] for row in old)
    brought = sum(row.brought[INTEREST] for row in old)
    first.asks[INTEREST] += brought
    first.brought[INTEREST] += brought
    hand_over_interest(rows, gone[INTEREST])


def hand_over_interest(rows: list[Row], ahead: int) -> None:
    """Use interest paid in advance for the first rows; what is beyond all of it is earned over the first one's days."""
    for row in rows:
        given = min(ahead, row.owes(INTEREST))
        row.moved[INTEREST] += given
        ahead -= given
    rows[0].asks[INTEREST] += ahead
    rows[0].moved[INTEREST] += ahead
    if ahead:
        first = rows[0]
        *before, (start, end, amount) = first.earned or ((first.starts_on, first.due_on, 0),)
        first.earned = (*before, (start, end, amount + ahead))


def fall_due_at_once(
    state: State, day: date, *, interest: int, principal: int, keeps_rest: bool
) -> tuple[Row, list[Row], int]:
    """Put one row due on a day in the place of the rows to come after it.

    Interest paid in advance counts for it: all of it where nothing comes after (it is not paid back), else
    only as much as the row asks for. Return the row, the old rows, and what is left for the rows after.
    """
    old = state.to_come(day)
    running = old[0]
    gone = take_out(state, old, day)
    asks = nothing() | {what: sum(row.asks[what] for row in old) for what in FEES}
    used = min(gone[INTEREST], interest) if keeps_rest else gone[INTEREST]
    asks[INTEREST], asks[PRINCIPAL] = max(interest, used), principal
    row = state.new_row(f"{running.name}e", "early", day, asks)
    row.number, row.starts_on = running.number, min(running.starts_on, day)
    row.brought = nothing() | {what: sum(one.brought[what] for one in old) for what in (*FEES, INTEREST)}
    row.moved = nothing() | {what: gone[what] for what in FEES} | {INTEREST: used}
    row.earned = ((row.starts_on, day, asks[INTEREST] - row.brought[INTEREST]),)
    if day > state.today:
        row.period = Period(running.number, row.starts_on, day, 0, row.starts_on)
        row.so_far, row.balance_moved, row.regular_part = running.so_far, True, principal
    return state.add(row), old, gone[INTEREST] - used


def balance_of(rows: list[Row]) -> int:
    """Return the principal that is left on rows."""
    return sum(row.principal_left() for row in rows)


def broken_interest(state: State, rows: list[Row], day: date) -> int:
    """Return the interest of the running row by a day, rounded once, with what it took over."""
    return half_up(state.interest_until(day)) + sum(row.brought[INTEREST] for row in rows)
