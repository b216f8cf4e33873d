"""A loan, slow and plain: exact fractions, a list of facts, everything computed again from the first day.

It shares no code with the product and is written to be read beside the rules. It walks day by day: on the
morning of a day money lying in suspense pays what falls due, then the day's facts happen in their order,
then the day passes and everything overdue costs one day more. Amounts are whole minor units, rates exact
fractions; an amount is rounded half up once, when it becomes payable.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

COMPONENTS = ("fee", "penalty", "compound", "interest", "principal")
ONE_DAY = timedelta(days=1)


def half_up(amount: Fraction) -> int:
    """Round an amount that is not negative."""
    return int(amount + Fraction(1, 2))


def months_after(start: date, count: int) -> date:
    """Return the day count months later, at the latest the last day of its month."""
    months = start.year * 12 + start.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


@dataclass
class Row:
    """An instalment: what it asks for, what it has got, and what being late has cost so far."""

    number: int
    starts_on: date
    due_on: date
    principal: int
    interest: int
    fee: int = 0
    paid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, 0))
    penalty_exact: Fraction = Fraction(0)
    compound_exact: Fraction = Fraction(0)
    is_penalised: bool = False

    def asked(self, component: str) -> int:
        """Return everything the row has ever asked for."""
        if component == "penalty":
            return half_up(self.penalty_exact)
        if component == "compound":
            return half_up(self.compound_exact)
        return {"fee": self.fee, "interest": self.interest, "principal": self.principal}[component]

    def owes(self, component: str) -> int:
        """Return what is left to pay."""
        return self.asked(component) - self.paid[component]

    def is_open(self) -> bool:
        """Say whether anything at all is left to pay."""
        return any(self.owes(component) for component in COMPONENTS)


@dataclass(frozen=True)
class Terms:
    """What the contract says."""

    method: str
    principal: int
    rate: Fraction
    start: date
    count: int
    base: int = 360
    uplift: Fraction = Fraction(1, 2)
    ceiling: Fraction = Fraction(24, 100)
    grace_days: int = 3
    compounds: bool = True
    principal_first_after: int = 90

    @property
    def penalty_rate(self) -> Fraction:
        """Return the rate of overdue money."""
        return min(self.rate * (1 + self.uplift), self.ceiling)


@dataclass(frozen=True)
class Payment:
    """Money of one value date; ``name`` is how a reversal calls it."""

    on: date
    name: str
    amount: int


@dataclass(frozen=True)
class Charge:
    """A fee that is due on its day, as a row of its own."""

    on: date
    name: str
    amount: int


@dataclass(frozen=True)
class Undone:
    """A payment never counted: it bounced. The day it was found out does not matter."""

    on: date
    name: str
    undoes: str


Fact = Payment | Charge | Undone


def planned_rows(terms: Terms) -> list[Row]:
    """Return the plan: equal instalments by rate / 12, or one of three methods by actual days."""
    dates = [terms.start, *(months_after(terms.start, number) for number in range(1, terms.count + 1))]
    monthly = terms.rate / 12
    level = 0
    if terms.method == "equal_instalment":
        growth = (1 + monthly) ** terms.count
        exact = (
            terms.principal * monthly * growth / (growth - 1)
            if monthly
            else Fraction(terms.principal, terms.count)
        )
        level = half_up(exact)
    balance, rows = terms.principal, []
    for number in range(1, terms.count + 1):
        days = (dates[number] - dates[number - 1]).days
        is_last = number == terms.count
        if terms.method == "equal_instalment":
            interest = half_up(balance * monthly)
            principal = level - interest
        else:
            interest = half_up(balance * terms.rate * days / terms.base)
            principal = (
                half_up(Fraction(terms.principal, terms.count)) if terms.method == "equal_principal" else 0
            )
        principal = balance if is_last else min(principal, balance)
        rows.append(Row(number, dates[number - 1], dates[number], principal, interest))
        balance -= principal
    return rows


@dataclass
class PlainLoan:
    """The loan on one morning."""

    terms: Terms
    today: date
    rows: list[Row]
    suspense: int = 0
    received: int = 0

    def days_past_due(self) -> int:
        """Return the days since the oldest due date with anything left unpaid."""
        late = [row.due_on for row in self.rows if row.due_on < self.today and row.is_open()]
        return (self.today - min(late)).days if late else 0

    def principal(self) -> int:
        """Return the principal that has not been repaid."""
        return sum(row.owes("principal") for row in self.rows)

    def apply_suspense(self) -> None:
        """Use what lies there for everything due and past due, in the order of the day."""
        due = [row for row in self.rows if row.due_on <= self.today]
        past = [row for row in due if row.due_on < self.today]
        if self.days_past_due() > self.terms.principal_first_after:
            for row in past:
                self._give(row, "principal")
        for row in due:
            for component in COMPONENTS:
                self._give(row, component)

    def _give(self, row: Row, component: str) -> None:
        given = min(self.suspense, row.owes(component))
        row.paid[component] += given
        self.suspense -= given

    def happen(self, fact: Fact) -> None:
        """Let one fact of today happen."""
        if isinstance(fact, Charge):
            self.rows.append(Row(0, fact.on, fact.on, principal=0, interest=0, fee=fact.amount))
            self.rows.sort(key=lambda row: row.due_on)
        if isinstance(fact, Payment):
            self.received += fact.amount
            self.suspense += fact.amount
            self.apply_suspense()

    def let_the_day_pass(self) -> None:
        """Charge one more day on everything overdue, from the due date once the grace days are over."""
        self.today += ONE_DAY
        for row in self.rows:
            days_late = (self.today - row.due_on).days
            if days_late <= self.terms.grace_days or not row.is_open():
                continue
            days = 1 if row.is_penalised else days_late
            row.is_penalised = True
            daily = self.terms.penalty_rate * days / self.terms.base
            row.penalty_exact += row.owes("principal") * daily
            if self.terms.compounds:
                row.compound_exact += row.owes("interest") * daily


def loan_on(terms: Terms, facts: list[Fact], *, on: date) -> PlainLoan:
    """Return the loan on the morning of a day, after that day's facts; later facts have not happened."""
    undone = {fact.undoes for fact in facts if isinstance(fact, Undone)}
    standing = [fact for fact in facts if fact.name not in undone]
    loan = PlainLoan(terms, terms.start, planned_rows(terms))
    while True:
        loan.apply_suspense()
        for kind in (Charge, Payment):
            for fact in standing:
                if fact.on == loan.today and isinstance(fact, kind):
                    loan.happen(fact)
        if loan.today == on:
            return loan
        loan.let_the_day_pass()
