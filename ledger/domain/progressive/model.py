"""The rows of a schedule while facts are told: stretches of one balance, due amounts, what was paid.

Owns: cutting rows where the balance changes, and the walk that derives every balance, interest and due
amount from levels and payments. Refuses to know: how a level is set and how a payment is shared out.
The model is private to one replay and is thrown away after it.

Interest of a row is rounded once. What does not fit beside the level is carried to the next row:
1,000.00 at 26%, 263.69 paid on 15 Jan: January's 8.87 joins February's 16.17.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ledger.domain.progressive.allowance import Allowance
from ledger.domain.progressive.conventions import InterestMethod
from ledger.domain.progressive.digits import NOTHING, exact_sum, rounded_minor
from ledger.domain.progressive.factors import Stretch, factor_of_level, factor_to_row_end
from ledger.domain.progressive.rows import Row, Segment
from ledger.domain.progressive.terms import ProgressiveTerms


class Model:
    """The rows of one schedule, the rates in force, and what was added for overdue principal."""

    def __init__(self, terms: ProgressiveTerms, *, allowance: Allowance | None = None) -> None:
        self.terms = terms
        self.conventions = terms.conventions
        self.rates: list[tuple[date, int]] = []
        starts = (terms.start, *terms.due_dates)
        self.rows = [
            Row(index, start, due, [Segment(start, due)])
            for index, (start, due) in enumerate(zip(starts, terms.due_dates, strict=False))
        ]
        # Factors depend on terms, days and rate alone, so that copies of the model share what is known.
        self.factors: dict[tuple[int, date, date, int], tuple[Decimal, Decimal]] = {}
        self.allowance = allowance or Allowance()
        self.overdue_until: date | None = None
        self.overdue_additions: list[tuple[date, int, date]] = []

    def copy(self) -> Model:
        """Return a model that can be changed without this one."""
        twin = object.__new__(Model)
        twin.terms, twin.conventions = self.terms, self.conventions
        twin.rates = list(self.rates)
        twin.rows = [row.copy() for row in self.rows]
        twin.factors = self.factors
        twin.allowance = self.allowance
        twin.overdue_until = self.overdue_until
        twin.overdue_additions = list(self.overdue_additions)
        return twin

    @property
    def lent_minor(self) -> int:
        """Return all principal that is to be repaid in rows."""
        return sum(part.disbursed_minor for part in self._segments())

    @property
    def paid_principal_minor(self) -> int:
        """Return the principal paid so far."""
        return sum(row.paid_principal_minor for row in self.rows)

    @property
    def due_interest_minor(self) -> int:
        """Return the interest of all rows."""
        return sum(row.due_interest_minor for row in self.rows)

    @property
    def paid_interest_minor(self) -> int:
        """Return the interest paid so far."""
        return sum(row.paid_interest_minor for row in self.rows)

    def row_on(self, on: date) -> Row | None:
        """Return the row a change on this day belongs to, if the schedule reaches it."""
        return next((row for row in self.rows if row.contains(on)), None)

    def rate_on(self, on: date) -> int:
        """Return the annual rate in force."""
        return next((rate for since, rate in reversed(self.rates) if since <= on), self.terms.rate_e8)

    def cut(self, on: date, *, disbursed_minor: int = 0, correction_minor: int = 0) -> Row | None:
        """End a segment on a day and change the balance from then on; None beyond the last row."""
        row = self.row_on(on)
        if row is None:
            return None
        segment = self._segment_ending(row, on)
        segment.disbursed_minor += disbursed_minor
        segment.correction_minor += correction_minor
        return row

    def set_factors(self, rows: list[Row]) -> None:
        """Work out the interest on one unit for every segment of some rows."""
        for row in rows:
            for part in row.segments:
                rate = self.rate_on(part.start)
                key = (row.index, part.start, part.end, rate)
                if key not in self.factors:
                    stretch = Stretch(self.terms, row.index, row.start, row.due_on, part.start)
                    of_level = factor_of_level(stretch, end=part.end, rate_e8=rate)
                    self.factors[key] = of_level, factor_to_row_end(stretch, rate_e8=rate)
                part.set_factors(*self.factors[key])

    def settle_up(self) -> None:
        """Derive all balances, interest and due amounts from first to last. Refuses ProgressiveFactsTooMany."""
        self.allowance.spend(len(self.rows))
        closing = lent = carried = 0
        is_flat = self.conventions.method is InterestMethod.FLAT
        for row in self.rows:
            ends_with, lent, interest = self._interest(row, closing, lent, is_flat=is_flat)
            row.own_interest_minor = 0 if row.gives_interest_away else interest
            row.interest_minor = row.own_interest_minor + row.pulled_interest_minor + carried
            row.set_due()
            row.closing_minor = max(0, ends_with + row.paid_principal_minor - row.due_principal_minor)
            closing, carried = row.closing_minor, row.carried_minor

    def _interest(self, row: Row, balance: int, lent: int, *, is_flat: bool) -> tuple[int, int, int]:
        """Return the balance after the row's segments, what was lent by then, and the row's interest."""
        total = NOTHING
        for part in row.segments:
            base = lent if is_flat else max(0, balance)
            total = exact_sum(total, part.interest_on(base, row_ends_on=row.due_on))
            lent += part.disbursed_minor
            balance = max(0, balance) + part.correction_minor + part.disbursed_minor
        return balance, lent, rounded_minor(total)

    def _segment_ending(self, row: Row, on: date) -> Segment:
        is_maturity = row is self.rows[-1] and on == row.due_on
        if is_maturity:
            # A segment without days after the last day, so that the last day itself is not changed.
            if row.segments[-1].start == row.segments[-1].end:
                return row.segments[-1]
            return row.split(row.segments[-1], on)
        for part in row.segments:
            if part.end == on:
                return part
        inside = [part for part in row.segments if part.start < on <= part.end]
        return row.split(inside[-1] if inside else row.segments[0], on)

    def _segments(self) -> Iterator[Segment]:
        return (part for row in self.rows for part in row.segments)
