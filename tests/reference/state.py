"""The loan on one day: its rows, what lies in suspense, its books, and how it gets older by a night."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.arithmetic import (
    COMPONENTS,
    FEE,
    INTEREST,
    ONE_DAY,
    PRINCIPAL,
    each_day,
)
from tests.reference.books import Books
from tests.reference.rates import Rates
from tests.reference.row import Row
from tests.reference.terms import PlanTerms, Terms


@dataclass(eq=False)
class Use:
    """How one amount of money was used: ``amount`` = shares + early fee + recovered + surplus."""

    name: str
    on: date
    amount: int
    days_past_due: int
    shares: list[tuple[str, str, int]] = field(default_factory=list)
    early_fee: int = 0
    recovered: int = 0
    surplus: int = 0


@dataclass(eq=False)
class State:
    """Everything that is true of the loan on the day ``today``."""

    terms: Terms
    rates: Rates
    today: date
    plan: PlanTerms | None = None
    version: int = 0
    matures_on: date = date.max
    rows: list[Row] = field(default_factory=list)
    overpaid: int = 0
    disbursed: int = 0
    not_charged: int = 0
    uses: list[Use] = field(default_factory=list)
    waivers: list[tuple[str, int, int]] = field(default_factory=list)
    charged_back: dict[str, dict[str, int]] = field(default_factory=dict)
    books: Books = field(default_factory=Books)
    non_accrual_since: date | None = None
    accrues_again_since: date = date.min
    charged_off_on: date | None = None
    given_up: str | None = None
    sold_on: date | None = None
    restructured: bool = False

    def add(self, row: Row) -> Row:
        """Put a row where its due date belongs: a charge before the rows of that day, others after them."""
        place = 0
        for other in self.rows:
            if other.due_on < row.due_on or (other.due_on == row.due_on and row.kind != "charge"):
                place += 1
        self.rows.insert(place, row)
        return row

    def new_row(self, name: str, kind: str, due_on: date, asks: dict[str, int]) -> Row:
        """Return a row that asks for amounts on a day."""
        starts_on = min(self.today, due_on)
        grace_ends, charged_from = self.grace(due_on)
        return Row(name, kind, 0, self.version, starts_on, due_on, grace_ends, charged_from, asks)

    def grace(self, due_on: date) -> tuple[date, date]:
        """Return the last day without a penalty, and the day from which it then counts."""
        ends = due_on + timedelta(days=self.terms.grace_days)
        return ends, ends if self.terms.grace_is_plain else due_on

    def to_come(self, after: date | None = None) -> list[Row]:
        """Return the rows of the plan that fall due after a day (today)."""
        day = after or self.today
        return [row for row in self.rows if row.period is not None and row.due_on > day]

    def open_rows(self) -> list[Row]:
        """Return the rows on which something is left."""
        return [row for row in self.rows if row.is_open()]

    def days_past_due(self) -> int:
        """Return the days since the oldest due date with more than the tolerance unpaid."""
        for row in self.rows:
            if row.due_on < self.today and row.owes_in_all() > self.terms.tolerance:
                return (self.today - row.due_on).days
        return 0

    def take(self, row: Row, what: str, amount: int, how: dict[str, int]) -> None:
        """Count an amount of a row as gone; ``how`` is one of its paid, waived, moved."""
        if what == PRINCIPAL and row in self.to_come():
            self.to_come()[0].balance_moved = True
        how[what] += amount

    def move_away(self, row: Row) -> dict[str, int]:
        """Let another row take over everything a row owes."""
        owed = {what: row.owes(what) for what in COMPONENTS}
        for what, amount in owed.items():
            self.take(row, what, amount, row.moved)
        return owed

    def watch_arrears(self) -> None:
        """Stop taking interest as income once arrears are too old."""
        most = self.terms.non_accrual_after
        late = self.days_past_due()
        if most is not None and self.non_accrual_since is None and late > most:
            # A return to accrual with arrears as old as that has not lasted a day.
            is_at_once = self.accrues_again_since == self.today - ONE_DAY and late - 1 > most
            self.non_accrual_since = self.accrues_again_since if is_at_once else self.today
            self.earn()
            self.books.stop_accruing()

    def return_to_accrual(self) -> None:
        """Take interest as income again."""
        self.non_accrual_since, self.accrues_again_since = None, self.today
        self.books.accrue_again()

    def earn(self) -> None:
        """Let the books know what has been earned by now."""
        interest = sum(row.earned_interest(self.today) - row.brought[INTEREST] for row in self.rows)
        charges = sum(row.earned_charges() for row in self.rows)
        self.books.earn({"interest_receivable": interest, "penalty_receivable": charges})

    def let_the_night_pass(self) -> None:
        """Charge one day on everything that bears interest or a penalty, and begin the next one."""
        to_come = self.to_come()
        if to_come and self.plan:
            balance = sum(row.principal_left() for row in to_come)
            if balance:
                to_come[0].so_far += balance * self.rates.charged(self.today) / self.plan.day_base
        for row in self.open_rows():
            if row.is_draw and self.today < row.due_on:
                daily = self.rates.charged(self.today) / self.terms.contract.day_base
                row.draw_interest += row.principal_left() * daily
            if self.today >= row.grace_ends:
                self._penalise(row)
        self.today += ONE_DAY

    def _penalise(self, row: Row) -> None:
        """Charge today; on the first day after the grace days, all days since the penalty counts."""
        first = self.today if row.is_penalised else row.charged_from
        row.is_penalised = True
        principal, interest = row.owes(PRINCIPAL), row.owes(INTEREST)
        if principal + interest <= self.terms.tolerance:  # so little bears nothing
            return
        for day in each_day(first, self.today + ONE_DAY):
            row.penalty += principal * self.rates.penalty(day, self.terms) / self.terms.day_base
            rate = self.rates.on_unpaid_interest(day, self.terms, self.matures_on)
            row.compound += interest * rate / self.terms.day_base

    def interest_until(self, day: date) -> Fraction:
        """Return the exact interest of the row that runs on a day, by its days, on the balance it then has."""
        rows = self.to_come(day)
        balance = sum(row.principal_left() for row in rows)
        is_running = rows[0] is self.to_come()[0]
        start = self.today if is_running else rows[0].starts_on
        days = sum((self.rates.charged(one) for one in each_day(start, day)), Fraction(0))
        base = self.plan.day_base if self.plan else 1
        return (rows[0].so_far if is_running else Fraction(0)) + balance * days / base

    def charges_of(self, rows: list[Row]) -> int:
        """Return fees and penalties that rows owe."""
        return sum(row.owes(what) for row in rows for what in COMPONENTS[: COMPONENTS.index(INTEREST)])

    def late_fees(self) -> int:
        """Return what was charged in late fees."""
        return sum(row.asks[FEE] for row in self.rows if row.is_late_fee)
