"""Rows computed once more, day by day in exact fractions, sharing no code with the product.

Interest of a row is the sum over its days of the balance of that day x the rate of that day x the day's
part of a year: 1/360, or of a whole step its equal share of 1/12. An instalment is found from two trials:
what is left at the end falls in a straight line as the instalment grows.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import floor


def half_up(amount):
    """Round a positive amount to whole minor units, a tie upwards."""
    return floor(Fraction(amount) + Fraction(1, 2))


def day(text):
    return date.fromisoformat(text)


def interest_exactly(start, due, *, balance_on, rate_on, periodic):
    """Return the unrounded interest of one row; ``periodic`` is the row's part of a year, or None."""
    days, total, on = (due - start).days, Fraction(0), start
    part = Fraction(1, 360) if periodic is None else Fraction(periodic) / days
    while on < due:
        total += Fraction(balance_on(on)) * Fraction(rate_on(on)) * part
        on += timedelta(days=1)
    return total


class Rows:
    """The rows from a date on: (start, due) pairs, what is owed at first, and what is drawn in the first row.

    ``drawn`` is (day, amount) or None; ``parts`` are the rows' parts of a year, None for counted days.
    """

    def __init__(self, dates, *, owed, rate, drawn=None, parts=None):
        self.dates, self.owed, self.drawn = [(day(a), day(b)) for a, b in dates], owed, drawn
        self.rate_on = rate if callable(rate) else (lambda on: Fraction(rate))
        self.parts = parts or [None] * len(dates)

    def interest(self, at, balance):
        """Return the unrounded interest of a row that begins with a balance after the draw."""
        start, due = self.dates[at]

        def balance_on(on):
            is_before = at == 0 and self.drawn and on < day(self.drawn[0])
            return balance - (self.drawn[1] if is_before else 0)

        return interest_exactly(
            start, due, balance_on=balance_on, rate_on=self.rate_on, periodic=self.parts[at]
        )

    @property
    def begins_with(self):
        return self.owed + (self.drawn[1] if self.drawn else 0)

    def left_after_paying(self, instalment):
        """Return the balance after all rows, without any rounding."""
        balance = Fraction(self.begins_with)
        for at in range(len(self.dates)):
            balance += self.interest(at, balance) - instalment
        return balance

    def instalment(self):
        with_nothing, with_one = self.left_after_paying(0), self.left_after_paying(1)
        return half_up(with_nothing / (with_nothing - with_one))

    def by_instalment(self, instalment=None):
        """Return (principal, interest) of rows that pay an instalment, the last one all that is left."""
        level = self.instalment() if instalment is None else instalment
        return self._walk(lambda at, balance, interest: level - interest)

    def by_principal(self, principals):
        return self._walk(lambda at, balance, interest: principals[at])

    def equal_principal(self):
        part = half_up(Fraction(self.begins_with, len(self.dates)))
        return self._walk(lambda at, balance, interest: part)

    def at_the_end(self):
        return self._walk(lambda at, balance, interest: 0)

    def _walk(self, principal_of):
        rows, balance = [], self.begins_with
        for at in range(len(self.dates)):
            interest = half_up(self.interest(at, balance))
            is_last = at == len(self.dates) - 1
            principal = balance if is_last else min(balance, principal_of(at, balance, interest))
            rows.append((principal, interest))
            balance -= principal
            if balance == 0:
                break
        return rows
