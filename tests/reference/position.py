"""What can be said of the reference loan on a day, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.reference.arithmetic import COMPONENTS, INTEREST, PRINCIPAL
from tests.reference.early import Payoff, payoff
from tests.reference.row import Row
from tests.reference.state import State, Use


@dataclass(frozen=True)
class RowPosition:
    """One row; the dictionaries are by component."""

    name: str
    kind: str
    starts_on: date
    due_on: date
    due: dict[str, int]
    paid: dict[str, int]
    waived: dict[str, int]
    moved: dict[str, int]
    unpaid: dict[str, int]
    earned_interest: int
    days_past_due: int


@dataclass(frozen=True)
class UsePosition:
    """How one amount of money was used."""

    name: str
    on: date
    amount: int
    shares: tuple[tuple[str, str, int], ...]
    early_fee: int
    recovered: int
    surplus: int


@dataclass(frozen=True)
class Position:
    """The loan on the day ``on``, amounts in minor units."""

    on: date
    status: str
    rows: tuple[RowPosition, ...]
    money: tuple[UsePosition, ...]
    waivers: tuple[tuple[str, int, int], ...]
    reversed_names: tuple[str, ...]
    outstanding: int
    overpaid: int
    payoff: Payoff | None
    days_past_due: int
    category: str
    non_accrual_since: date | None
    schedule_version: int
    late_fees_not_charged: int
    books: dict[str, int]
    charged_off_on: date | None
    sold_on: date | None

    @property
    def payoff_total(self) -> int | None:
        """Return the one amount that ends the loan, if it has not ended."""
        return self.payoff.total if self.payoff else None


def position_of(state: State, reversed_names: frozenset[str]) -> Position:
    """Return what is true of the loan today."""
    days = state.days_past_due()
    is_open = any(row.owes(what) for row in state.rows for what in COMPONENTS)
    return Position(
        on=state.today,
        status=_status(state, is_open, days),
        rows=tuple(_row(state, row) for row in state.rows),
        money=tuple(_use(use) for use in state.uses),
        waivers=tuple(state.waivers),
        reversed_names=tuple(sorted(reversed_names)),
        outstanding=sum(row.owes(PRINCIPAL) for row in state.rows),
        overpaid=state.overpaid,
        payoff=payoff(state) if is_open else None,
        days_past_due=days,
        category=_category(days, state.restructured),
        non_accrual_since=state.non_accrual_since,
        schedule_version=state.version,
        late_fees_not_charged=state.not_charged,
        books=state.books.balances(_claimed(state)),
        charged_off_on=state.charged_off_on,
        sold_on=state.sold_on,
    )


def _claimed(state: State) -> int:
    """Return what is claimed by now: principal, charges, and interest as far as it has been earned."""
    return sum(
        row.owes_in_all() - row.owes(INTEREST) + row.earned_interest(state.today) - row.gone(INTEREST)
        for row in state.rows
    )


def _status(state: State, is_open: bool, days: int) -> str:
    if state.sold_on is not None:
        return "sold"
    if state.given_up is not None:
        return state.given_up
    if is_open and state.charged_off_on is not None:
        return "charged_off"
    if is_open:
        return "overdue" if days else "active"
    if not state.disbursed:
        return "not_disbursed"
    return "overpaid" if state.overpaid else "settled"


def _category(days: int, restructured: bool) -> str:
    """Return the category by the decree of 2023; a restructured loan is at least special mention."""
    last_days = ((0, "normal"), (90, "special_mention"), (270, "substandard"), (360, "doubtful"))
    found = next((name for last, name in last_days if days <= last), "loss")
    return "special_mention" if restructured and found == "normal" else found


def _row(state: State, row: Row) -> RowPosition:
    is_late = row.due_on < state.today and row.owes_in_all() > state.terms.tolerance
    return RowPosition(
        name=row.name,
        kind=row.kind,
        starts_on=row.starts_on,
        due_on=row.due_on,
        due={what: row.asked(what) for what in COMPONENTS},
        paid=dict(row.paid),
        waived=dict(row.waived),
        moved=dict(row.moved),
        unpaid={what: row.owes(what) for what in COMPONENTS},
        earned_interest=row.earned_interest(state.today),
        days_past_due=(state.today - row.due_on).days if is_late else 0,
    )


def _use(use: Use) -> UsePosition:
    return UsePosition(
        use.name, use.on, use.amount, tuple(use.shares), use.early_fee, use.recovered, use.surplus
    )
