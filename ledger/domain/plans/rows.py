"""What a repayment plan consists of: periods before their amounts are known, and rows after.

Owns: the records and their totals. Refuses to know: how either is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

DOWN_PAYMENT: Final = "down_payment"
INSTALMENT: Final = "instalment"


@dataclass(frozen=True)
class FactorPiece:
    """Part of a period with one rate: interest is balance x rate x year part."""

    starts_on: date
    ends_on: date
    rate: Fraction
    full_rate: Fraction
    year_part: Fraction

    @property
    def days(self) -> int:
        """Return the calendar days of the piece."""
        return (self.ends_on - self.starts_on).days

    @property
    def factor(self) -> Fraction:
        """Return the interest on one unit of balance."""
        return self.rate * self.year_part

    @property
    def full_factor(self) -> Fraction:
        """Return the interest on one unit without a promotion."""
        return self.full_rate * self.year_part


@dataclass(frozen=True)
class PlanPeriod:
    """A row before its amounts: ``planned_on`` is the due date before holidays move it.

    ``pay_by`` is the last day on which a payment counts as punctual.
    """

    number: int
    starts_on: date
    planned_on: date
    due_on: date
    pay_by: date
    pieces: tuple[FactorPiece, ...]

    @property
    def days(self) -> int:
        """Return the calendar days of the period."""
        return (self.due_on - self.starts_on).days

    @property
    def factor(self) -> Fraction:
        """Return the interest on one unit of balance over the whole period."""
        return sum((piece.factor for piece in self.pieces), Fraction(0))


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One row of a plan. ``accrued_minor`` is earned in the row, ``interest_minor`` falls due with it.

    ``level_minor`` is the equal instalment in force, where there is one.
    """

    kind: str = INSTALMENT
    period: PlanPeriod
    opening_minor: int
    principal_minor: int
    accrued_minor: int
    interest_minor: int
    capitalised_minor: int = 0
    subsidy_minor: int = 0
    level_minor: int | None = None

    @property
    def total_minor(self) -> int:
        """Return what falls due with the row."""
        return self.principal_minor + self.interest_minor

    @property
    def closing_minor(self) -> int:
        """Return the balance after the row."""
        return self.opening_minor + self.capitalised_minor - self.principal_minor


@dataclass(frozen=True)
class Plan:
    """The rows of a plan; ``levels`` holds every exact instalment before it was rounded, by row number."""

    rows: tuple[PlanRow, ...]
    levels: tuple[tuple[int, Fraction], ...] = field(default=())

    @property
    def principal_minor(self) -> int:
        """Return all principal repaid."""
        return sum(row.principal_minor for row in self.rows)

    @property
    def interest_minor(self) -> int:
        """Return all interest that falls due."""
        return sum(row.interest_minor for row in self.rows)

    @property
    def total_minor(self) -> int:
        """Return everything that falls due."""
        return self.principal_minor + self.interest_minor
