"""One row of what a borrower owes, while a life is replayed.

Owns: what is planned, paid, waived and moved per component, and how interest, penalty and compound interest
of the row grow: exact totals in whole numbers, brought forward only when their base changes, and rounded
half up once in total.
Refuses to know: other rows, and why money comes.
Penalty replaces the contract rate from the due date on; within the grace days nothing is charged, and what
was paid within them never bears a penalty. No penalty is charged on a penalty.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.domain.plans.rows import PlanPeriod
from ledger.domain.servicing.rate_index import RateIndex

FEE, PENALTY, COMPOUND, INTEREST, PRINCIPAL = range(5)
COMPONENTS: Final = range(5)


class RowKind(StrEnum):
    """Where a row comes from."""

    INSTALMENT = "instalment"
    DOWN_PAYMENT = "down_payment"
    EARLY = "early"
    DRAW = "draw"
    CHARGE = "charge"
    CHARGEBACK = "chargeback"
    REFUND = "refund"


@dataclass(frozen=True)
class Paces:
    """How overdue amounts grow: the penalty rate, and until maturity another one on interest if so agreed.

    Both have one denominator. A row that owes no more than ``tolerance_minor`` bears nothing.
    """

    penalty: RateIndex
    until_maturity: RateIndex | None
    compounds: bool
    tolerance_minor: int = 0


@dataclass(frozen=True)
class Piece:
    """An amount of interest that is earned evenly over its days."""

    starts_on: date
    ends_on: date
    amount_minor: int


def none_each() -> list[int]:
    """Return zero for each component."""
    return [0, 0, 0, 0, 0]


@dataclass(slots=True, eq=False)
class Claim:
    """A row. ``amounts`` is what it asks for besides what grows; ``brought`` is the part of it that has been
    earned elsewhere (taken over from another row, or charged back); ``gone`` is paid, waived or moved away.
    """

    name: str
    kind: RowKind
    version: int
    starts_on: date
    due_on: date
    grace_ends: date
    charged_from: date
    amounts: list[int]
    pieces: tuple[Piece, ...] = ()
    daily: RateIndex | None = None
    period: PlanPeriod | None = None
    counted_from: date = date.max
    carried: Fraction = Fraction(0)
    level_minor: int | None = None
    capitalised_minor: int = 0
    is_forgiven: bool = False
    is_late_fee: bool = False
    number: int = 0
    brought: list[int] = field(default_factory=none_each)
    paid: list[int] = field(default_factory=none_each)
    waived: list[int] = field(default_factory=none_each)
    gone: list[int] = field(default_factory=none_each)
    interest_exact: int = 0
    interest_since: date = date.min
    penalty_exact: int = 0
    penalty_since: date = date.min
    compound_exact: int = 0
    compound_since: date = date.min
    settled_on: date | None = None

    def __post_init__(self) -> None:
        self.interest_since = self.starts_on
        self.penalty_since = self.compound_since = self.charged_from

    def twin(self) -> Claim:
        """Return a row of its own that stands where this one stands."""
        other = copy(self)
        other.amounts, other.brought = list(self.amounts), list(self.brought)
        other.paid, other.waived, other.gone = list(self.paid), list(self.waived), list(self.gone)
        return other

    def interest_by(self, on: date) -> int:
        """Return the interest of the row earned by a day, rounded once."""
        if self.daily is not None:
            return self.amounts[INTEREST] + _rounded(self.interest_exact_by(on), self.daily.denominator)
        if on >= self.due_on:
            return self.amounts[INTEREST]
        earned = self.brought[INTEREST]
        for piece in self.pieces:
            if on >= piece.ends_on:
                earned += piece.amount_minor
            elif on > piece.starts_on:
                days = (piece.ends_on - piece.starts_on).days
                earned += _rounded(piece.amount_minor * (on - piece.starts_on).days, days)
        return earned

    def interest_exact_by(self, on: date) -> int:
        """Return the interest by the day that a draw has earned, in units of 1/denominator."""
        until = min(on, self.due_on)
        if self.daily is None or until <= self.interest_since:
            return self.interest_exact
        open_minor = self.amounts[PRINCIPAL] - self.gone[PRINCIPAL]
        return self.interest_exact + open_minor * self.daily.between(self.interest_since, until)

    def penalty_exact_by(self, on: date, paces: Paces) -> int:
        """Return the penalty charged by a day after the grace days, in units of 1/denominator."""
        base = self.amounts[PRINCIPAL] - self.gone[PRINCIPAL]
        if base == 0 or self.is_within_tolerance(paces):
            return self.penalty_exact
        return self.penalty_exact + base * paces.penalty.between(self.penalty_since, on)

    def compound_exact_by(self, on: date, paces: Paces, matures_on: date) -> int:
        """Return the compound interest charged by a day after the grace days, in units of 1/denominator."""
        if not paces.compounds:
            return 0
        base = self.open_interest(self.due_on)
        if base == 0 or self.is_within_tolerance(paces):
            return self.compound_exact
        return self.compound_exact + base * _compounded(paces, self.compound_since, on, matures_on)

    def open_interest(self, on: date) -> int:
        """Return the interest earned by a day and not gone."""
        return self.interest_by(on) - self.gone[INTEREST]

    def is_within_tolerance(self, paces: Paces) -> bool:
        """Say whether so little of interest and principal is open that no charge grows on it."""
        most = paces.tolerance_minor
        if most == 0:
            return False
        return self.amounts[PRINCIPAL] - self.gone[PRINCIPAL] + self.open_interest(self.due_on) <= most

    def charged_by(self, on: date, paces: Paces, matures_on: date) -> tuple[int, int]:
        """Return penalty and compound interest asked for by a day, paid or not, each rounded once."""
        _, penalty, compound, _, _ = self.amounts
        if on > self.grace_ends:
            denominator = paces.penalty.denominator
            penalty += _rounded(self.penalty_exact_by(on, paces), denominator)
            compound += _rounded(self.compound_exact_by(on, paces, matures_on), denominator)
        return penalty, compound

    def open_all(self, on: date, paces: Paces, matures_on: date) -> list[int]:
        """Return what each component owes on a day; a planned row owes all its interest, due or not."""
        fee, penalty, compound, interest, principal = self.amounts
        gone = self.gone
        if self.daily is not None:
            interest = self.interest_by(on)
        if on > self.grace_ends:
            penalty, compound = self.charged_by(on, paces, matures_on)
        return [
            fee - gone[FEE],
            penalty - gone[PENALTY],
            compound - gone[COMPOUND],
            interest - gone[INTEREST],
            principal - gone[PRINCIPAL],
        ]

    def bring_forward(self, on: date, paces: Paces, matures_on: date) -> None:
        """Fix what has grown by a day, because a base or the maturity is about to change."""
        if self.daily is not None and on > self.interest_since:
            self.interest_exact, self.interest_since = (
                self.interest_exact_by(on),
                max(self.interest_since, on),
            )
        if on > self.grace_ends:
            self.compound_exact = self.compound_exact_by(on, paces, matures_on)
            self.penalty_exact = self.penalty_exact_by(on, paces)
            self.penalty_since = self.compound_since = on


def _compounded(paces: Paces, start: date, end: date, matures_on: date) -> int:
    before = paces.until_maturity
    turns = start if before is None else max(start, min(matures_on, end))
    at_contract_rate = before.between(start, turns) if before is not None else 0
    return at_contract_rate + paces.penalty.between(turns, end)


def _rounded(numerator: int, denominator: int) -> int:
    """Return a positive ratio rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)
