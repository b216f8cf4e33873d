"""Repayment plans, payoffs and prepayments, once more: one row after the other, one discount a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from tests.oracles.second_books.days import Rhythm, part_of_year, rounded

FOR_EVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Rates:
    """Dated annual rates, windows in which a share of them is charged, and windows without any."""

    steps: list
    promotions: list = field(default_factory=list)
    pauses: list = field(default_factory=list)

    def stretches(self, start, end):
        """Cut a period where its rate may change."""
        marks = [on for on, _ in self.steps]
        marks += [on for window in (*self.promotions, *self.pauses) for on in window[:2]]
        cuts = sorted({start, end, *(on for on in marks if start < on < end)})
        return list(pairwise(cuts))

    def on(self, day, *, known_before=FOR_EVER):
        """Return what a day is charged with the rates that have taken effect before another day."""
        known = [step for step in self.steps if step[0] < known_before] or self.steps[:1]
        begun = [rate for since, rate in known if since <= day] or [known[0][1]]
        share = next((share for opens, ends, share in self.promotions if opens <= day < ends), 1)
        is_paused = any(opens <= day < ends for opens, ends in self.pauses)
        return Fraction(0) if is_paused else begun[-1] * share


@dataclass(frozen=True)
class Loan:
    """What a contract says."""

    method: str
    principal: int
    start: date
    count: int
    rates: Rates
    rhythm: Rhythm = field(default_factory=Rhythm)
    periodic: bool = True
    level_by_days: bool = False
    convention: str = "ACT/360"
    mode: str = "half_up"
    batches: list = field(default_factory=list)
    balloon: int = 0
    grace: tuple = (0, 0, "deferred")
    relevels: bool = True

    def periods(self):
        """Return (start, end, whole steps or nothing) of each row."""
        dates, whole = self.rhythm.due(self.start, self.count), self.rhythm.step()
        is_regular = self.rhythm.is_regular(self.start)
        if self.method == "custom":
            dates = [on for on, _ in self.batches]
        if self.method == "bullet":
            dates, whole = dates[-1:], whole * self.count
        starts = [self.start, *dates[:-1]]
        counts_days = not self.periodic or self.method == "custom"
        return [
            (opens, ends, None if counts_days or (row == 0 and not is_regular) else whole)
            for row, (opens, ends) in enumerate(zip(starts, dates, strict=True))
        ]

    def growth(self, period, *, known_before=FOR_EVER, as_whole_step=False):
        """Return the interest on one unit over a period."""
        opens, ends, whole = period
        whole = self.rhythm.step() if as_whole_step else whole
        total = Fraction(0)
        for since, until in self.rates.stretches(opens, ends):
            if whole is None:
                part = part_of_year(since, until, self.convention)
            else:
                part = whole * Fraction((until - since).days, (ends - opens).days)
            total += self.rates.on(since, known_before=known_before) * part
        return total

    def level(self, balance, periods):
        """Return the equal instalment that repays a balance, with the rates known by its first due date."""
        known_before = periods[0][1] if self.relevels else FOR_EVER
        discount, paid = Fraction(1), Fraction(0)
        for period in periods:
            growth = self.growth(
                period, known_before=known_before, as_whole_step=self.periodic or not self.level_by_days
            )
            discount /= 1 + growth
            paid += discount
        return rounded((balance - self.balloon * discount) / paid, self.mode)


class NegativeRow(Exception):
    """A row would lend more."""


def plan(loan):
    """Return (due date, principal, interest) of each row."""
    periods = loan.periods()
    if any(opens >= ends for opens, ends, _ in periods):
        raise NegativeRow
    return _flat(loan, periods) if loan.method == "flat" else _walk(loan, periods, loan.principal)


def _flat(loan, periods):
    charged = [rounded(loan.principal * loan.growth(period), loan.mode) for period in periods]
    level, balance, rows = (
        rounded(Fraction(loan.principal + sum(charged), len(periods)), loan.mode),
        loan.principal,
        [],
    )
    for number, (period, interest) in enumerate(zip(periods, charged, strict=True), 1):
        principal = balance if number == len(periods) else min(balance, level - interest)
        if principal < 0:
            raise NegativeRow
        rows.append((period[1], principal, interest))
        balance -= principal
    return rows


def _walk(loan, periods, balance, kept=None):
    free_of_principal, free_of_interest, fate = loan.grace
    rows, put_off, level, known = [], 0, kept, None
    for row, period in enumerate(periods):
        if balance == put_off == 0:
            break
        earned = rounded(balance * loan.growth(period), loan.mode)
        if row < free_of_interest and fate == "forgiven":
            earned = 0
        if row >= free_of_principal and kept is None and loan.method == "equal_instalment":
            seen = sum(since < period[1] for since, _ in loan.rates.steps) if loan.relevels else 0
            if known is None or seen > max(known, 1):
                level = loan.level(balance, periods[row:])
            known = seen
        if row == free_of_principal and kept is None and loan.method == "equal_principal":
            level = rounded(Fraction(balance - loan.balloon, len(periods) - row), loan.mode)
        wanted = {"equal_instalment": (level or 0) - earned, "equal_principal": level or 0}.get(
            loan.method, 0
        )
        if loan.method == "custom":
            wanted = loan.batches[row][1]
        principal = 0 if row < free_of_principal else min(balance, wanted)
        principal = balance if row == len(periods) - 1 else principal
        if principal < 0:
            raise NegativeRow
        payable, put_off, added = earned + put_off, 0, 0
        if row < free_of_interest:
            payable, put_off = 0, payable if fate == "deferred" else 0
            added = earned if fate == "capitalised" else 0
        rows.append((period[1], principal, payable))
        balance += added - principal
    return rows


def payoff(loan, rows, *, paid, on, fee):
    """Return what ends the loan on a day, part by part."""
    passed = [row for row in rows if row[0] <= on]
    to_come = sum(principal for due_on, principal, _ in rows if due_on > on)
    since = passed[-1][0] if passed else loan.start
    broken = _broken(loan, loan.principal if loan.method == "flat" else to_come, since, on) if to_come else 0
    parts = {
        "due_principal": sum(principal for _, principal, _ in passed[paid:]),
        "due_interest": sum(interest for _, _, interest in passed[paid:]),
        "principal": to_come,
        "broken_interest": broken,
        "fee": rounded(to_come * fee, loan.mode),
    }
    return parts | {"total": sum(parts.values())}


def _broken(loan, base, since, on):
    stretches = loan.rates.stretches(since, on) if since < on else []
    parts = (loan.rates.on(opens) * part_of_year(opens, ends, loan.convention) for opens, ends in stretches)
    return rounded(base * sum(parts, Fraction(0)), loan.mode)


def prepaid(loan, rows, *, principal, on, shortens):
    """Return the rows that follow a repayment of principal on a day."""
    periods = loan.periods()
    done = sum(due_on <= on for due_on, _, _ in rows)
    left = sum(row[1] for row in rows[done:]) - principal
    running = periods[done]
    if on > running[0]:
        running = (on, running[1], None)
    kept = None
    if shortens:
        whole_life = (
            loan.level(loan.principal, periods) if loan.method == "equal_instalment" else rows[done][1]
        )
        kept = whole_life
    return _walk(loan, [running, *periods[done + 1 :]], left, kept)
