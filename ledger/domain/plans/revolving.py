"""Revolving draws: borrow and repay on any day, simple daily interest on what is outstanding.

Owns: the facts and conventions of a revolving account, and each draw as a balance that earns interest.
Refuses to know: which draw a repayment goes to, credit lines, penalties and accounts.

| 40,000.00 at 14.4%, ACT/360, 12 days         | interest | principal |
| -------------------------------------------- | -------- | --------- |
| all_accrued: a payment of 15,000.00          |   192.00 | 14,808.00 |
| on_repaid_principal: principal of 15,000.00  |    72.00 | 15,000.00 |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ledger.domain.plans.rate_table import RateTable
from ledger.kernel.day_count import DayCount, year_fraction
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import Rounding, divide_rounded


class RevolvingImpossible(Refusal):
    """A draw or repayment does not fit what is outstanding on its day."""

    code = "LEDGER_REVOLVING_IMPOSSIBLE"
    kind = RefusalKind.INVALID


class Settlement(StrEnum):
    """Which interest a repayment settles."""

    ALL_ACCRUED = "all_accrued"  # of the whole draw, before any principal
    ON_REPAID_PRINCIPAL = "on_repaid_principal"  # of the principal repaid, since the draw


class DrawOrder(StrEnum):
    """Which draw is repaid first when none is named."""

    OLDEST = "oldest"
    HIGHEST_RATE = "highest_rate"


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Money taken on a day, with the rates it bears."""

    name: str
    on: date
    amount_minor: int
    rates: RateTable


@dataclass(frozen=True, kw_only=True)
class Repayment:
    """Money given back: ``amount_minor`` is the payment, or the principal where only that is named.

    Without an amount everything outstanding (of the named draw, or of all) is paid off.
    """

    on: date
    amount_minor: int | None
    draw: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What one repayment did to one draw."""

    on: date
    draw: str
    days: int
    interest_minor: int
    principal_minor: int
    outstanding_minor: int


@dataclass(frozen=True, kw_only=True)
class RevolvingTerms:
    """The conventions of one revolving account."""

    settlement: Settlement = Settlement.ALL_ACCRUED
    order: DrawOrder = DrawOrder.OLDEST
    day_count: DayCount = DayCount.ACT_360
    rounding: Rounding = Rounding.HALF_UP
    limit_minor: int | None = None


@dataclass(frozen=True, kw_only=True)
class InterestDue:
    """Interest of a draw that had been earned and not settled on an interest payment day."""

    on: date
    draw: str
    interest_minor: int


@dataclass
class DrawBalance:
    """A draw as it stands: earned interest is exact, and rounded only when it is settled.

    The days since ``since`` are counted in one go: in 30/360 a period cut in two may be worth less.
    """

    draw: Draw
    terms: RevolvingTerms
    outstanding_minor: int
    since: date
    earned: Fraction = field(default=Fraction(0))
    settled_minor: int = 0

    def earned_by(self, on: date) -> Fraction:
        """Return the exact interest earned by a date."""
        return self.earned + self.outstanding_minor * self.factor(self.since, on)

    def payable_minor(self, on: date) -> int:
        """Return the interest earned and not settled, rounded in total."""
        return self._rounded(self.earned_by(on)) - self.settled_minor

    def interest_since_draw(self, principal_minor: int, on: date) -> int:
        """Return the interest on a part of the principal for all the days it was out."""
        return self._rounded(principal_minor * self.factor(self.draw.on, on))

    def settle(self, on: date, *, interest_minor: int, principal_minor: int) -> None:
        """Take a payment."""
        if principal_minor:
            self.earned, self.since = self.earned_by(on), on
        self.settled_minor += interest_minor
        self.outstanding_minor -= principal_minor

    def factor(self, start: date, end: date) -> Fraction:
        """Return the interest on one unit of principal between two dates."""
        pieces = self.draw.rates.pieces(start=start, end=end)
        parts = (
            piece.rate
            * year_fraction(convention=self.terms.day_count, start=piece.starts_on, end=piece.ends_on)
            for piece in pieces
        )
        return sum(parts, Fraction(0))

    def _rounded(self, amount: Fraction) -> int:
        return divide_rounded(
            numerator=amount.numerator, denominator=amount.denominator, mode=self.terms.rounding
        )
