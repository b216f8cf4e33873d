"""One row of a schedule while facts are told, and the segments of one base it is made of.

Owns: what is agreed and paid, what follows for due amounts, and cutting a segment in two.
Refuses to know: other rows, levels, and how a payment is shared out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.domain.progressive.digits import DIGITS, NOTHING


@dataclass(slots=True)
class Segment:
    """Days of a row charged on one base; what happens on its last day counts from the next segment on."""

    start: date
    end: date
    disbursed_minor: int = 0
    correction_minor: int = 0
    is_paused: bool = False
    base_minor: int = 0
    level_factor: Decimal = NOTHING
    row_end_factor: Decimal = NOTHING
    interest: Decimal | None = None  # on the base, before rounding, as long as nothing changes

    def set_factors(self, level_factor: Decimal, row_end_factor: Decimal) -> None:
        """Set the interest on one unit, for the segment and up to the row's end."""
        self.level_factor, self.row_end_factor, self.interest = level_factor, row_end_factor, None

    def interest_on(self, base_minor: int, *, row_ends_on: date) -> Decimal:
        """Return the interest on a base, its factor to the row's end shared out by days."""
        if base_minor != self.base_minor or self.interest is None:
            self.base_minor, self.interest = base_minor, self._interest(base_minor, row_ends_on)
        return self.interest

    def _interest(self, base_minor: int, row_ends_on: date) -> Decimal:
        days_left = (row_ends_on - self.start).days
        if self.is_paused or days_left == 0:
            return NOTHING
        to_row_end = DIGITS.multiply(Decimal(base_minor), self.row_end_factor)
        days = Decimal((self.end - self.start).days)
        return DIGITS.multiply(DIGITS.divide(to_row_end, Decimal(days_left)), days)

    def copy(self) -> Segment:
        """Return an equal segment."""
        return Segment(
            self.start,
            self.end,
            self.disbursed_minor,
            self.correction_minor,
            self.is_paused,
            self.base_minor,
            self.level_factor,
            self.row_end_factor,
            self.interest,
        )


@dataclass(slots=True)
class Row:
    """One row: what is agreed, what was paid, and what follows from both."""

    index: int
    start: date
    due_on: date
    segments: list[Segment]
    level_minor: int = 0
    agreed_level_minor: int = 0
    paid_principal_minor: int = 0
    paid_interest_minor: int = 0
    pulled_interest_minor: int = 0  # interest of later, settled rows that this one has to bear
    gives_interest_away: bool = False
    own_interest_minor: int = 0
    interest_minor: int = 0
    due_interest_minor: int = 0
    due_principal_minor: int = 0
    closing_minor: int = 0

    @property
    def bearable_minor(self) -> int:
        """Return what the row asks for at most."""
        return self.level_minor + self.pulled_interest_minor

    @property
    def paid_minor(self) -> int:
        """Return principal and interest paid so far."""
        return self.paid_principal_minor + self.paid_interest_minor

    @property
    def is_settled(self) -> bool:
        """Say whether exactly what the row asks for has been paid."""
        return self.bearable_minor == self.paid_minor

    @property
    def brought_minor(self) -> int:
        """Return the interest of other rows that this one bears."""
        return self.interest_minor - self.own_interest_minor

    @property
    def carried_minor(self) -> int:
        """Return the interest that goes on to the next row."""
        return max(0, self.interest_minor - self.due_interest_minor)

    @property
    def open_principal_minor(self) -> int:
        """Return the principal that is still to be paid."""
        return max(0, self.due_principal_minor - self.paid_principal_minor)

    def copy(self) -> Row:
        """Return an equal row with segments of its own."""
        return Row(
            self.index,
            self.start,
            self.due_on,
            [part.copy() for part in self.segments],
            self.level_minor,
            self.agreed_level_minor,
            self.paid_principal_minor,
            self.paid_interest_minor,
            self.pulled_interest_minor,
            self.gives_interest_away,
            self.own_interest_minor,
            self.interest_minor,
            self.due_interest_minor,
            self.due_principal_minor,
            self.closing_minor,
        )

    def contains(self, on: date) -> bool:
        """Say whether a change on this day belongs to the row; the very first day belongs to the first."""
        return self.start < on <= self.due_on or (self.index == 0 and on == self.start)

    def split(self, part: Segment, on: date) -> Segment:
        """End a segment on a day and let a new one follow it; return the one that ends."""
        rest = Segment(on, part.end, is_paused=part.is_paused)
        part.end = on
        self.segments.insert(self.segments.index(part) + 1, rest)
        return part

    def set_due(self) -> None:
        """Derive due amounts: interest as far as it fits beside the level, and principal for the rest."""
        principal = max(0, self.bearable_minor - self.interest_minor)
        fits = min(self.interest_minor, self.bearable_minor)
        wanted = self.paid_interest_minor if self.paid_principal_minor > principal else fits
        self.due_interest_minor = max(wanted, self.paid_interest_minor)
        left = max(0, self.bearable_minor - self.due_interest_minor)
        self.due_principal_minor = max(left, self.paid_principal_minor)
