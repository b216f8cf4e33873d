"""Repayment schedules: which principal and interest falls due on which date.

Owns: equal instalments on a periodic basis (each row's interest is the opening balance x rate / 12);
the last row always absorbs the rounding difference.
Refuses to know: what has been paid, penalties, and accounts.

| 50,000.00 at 10.8%, 6 months | interest | principal | balance   |
| ---------------------------- | -------- | --------- | --------- |
| 1                            |   450.00 |  8,147.79 | 41,852.21 |
| 6                            |    76.69 |  8,521.12 |      0.00 |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.domain.interest import simple_interest
from ledger.kernel.periods import monthly_due_dates
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded

MONTH = Fraction(1, 12)


class InstalmentDoesNotAmortise(Refusal):
    """The level instalment does not cover a row's interest, so the balance would never fall."""

    code = "LEDGER_INSTALMENT_DOES_NOT_AMORTISE"
    kind = RefusalKind.INVALID


class PrincipalNotPositive(Refusal):
    """A schedule needs a principal of at least one minor unit."""

    code = "LEDGER_PRINCIPAL_NOT_POSITIVE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Instalment:
    """One planned row: what falls due on ``due_on`` for the period that starts on ``starts_on``.

    ``version`` is the schedule version the row belongs to; a version is never edited.
    ``opening_minor`` is the planned balance before the row's principal is repaid.
    """

    version: int
    number: int
    starts_on: date
    due_on: date
    opening_minor: int
    principal_minor: int
    interest_minor: int

    @property
    def key(self) -> str:
        """Return what names this row among all rows the loan ever had."""
        return f"{self.version}.{self.number}"

    @property
    def total_minor(self) -> int:
        """Return principal and interest together."""
        return self.principal_minor + self.interest_minor


@dataclass(frozen=True)
class Period:
    """A row before its amounts are known; ``year_part`` is what its interest is charged for."""

    number: int
    starts_on: date
    due_on: date
    year_part: Fraction = MONTH


def equal_instalment_schedule(
    *, principal_minor: int, annual_rate_e8: int, start: date, count: int, version: int = 1
) -> tuple[Instalment, ...]:
    """Return level monthly instalments. Refuses InstalmentDoesNotAmortise, PrincipalNotPositive."""
    require_principal(principal_minor)
    due_dates = monthly_due_dates(start=start, count=count)
    starts = (start, *due_dates[:-1])
    periods = [Period(number, *dates) for number, dates in enumerate(zip(starts, due_dates, strict=True), 1)]
    return amortise(
        principal_minor=principal_minor,
        annual_rate_e8=annual_rate_e8,
        level_minor=level_instalment(
            principal_minor=principal_minor, annual_rate_e8=annual_rate_e8, count=count
        ),
        periods=periods,
        version=version,
    )


def level_instalment(*, principal_minor: int, annual_rate_e8: int, count: int) -> int:
    """Return the annuity P r / (1 - (1 + r)^-n) with r = rate / 12, or P / n without interest."""
    if annual_rate_e8 == 0:
        return divide_rounded(numerator=principal_minor, denominator=count)
    monthly = Fraction(annual_rate_e8, RATE_UNIT * 12)
    growth = (1 + monthly) ** count
    level = principal_minor * monthly * growth / (growth - 1)
    return divide_rounded(numerator=level.numerator, denominator=level.denominator)


def amortise(
    *, principal_minor: int, annual_rate_e8: int, level_minor: int, periods: Sequence[Period], version: int
) -> tuple[Instalment, ...]:
    """Return rows of one level total until the balance is gone, at the latest in the last period."""
    require_principal(principal_minor)
    rows: list[Instalment] = []
    balance = principal_minor
    for period in periods:
        if balance == 0:
            break
        interest = simple_interest(
            principal_minor=balance, annual_rate_e8=annual_rate_e8, year_part=period.year_part
        )
        principal = balance if period is periods[-1] else min(balance, level_minor - interest)
        if principal < 1:
            raise InstalmentDoesNotAmortise(
                "The instalment does not cover the interest of a row.", field="term", row=period.number
            )
        dates = (period.starts_on, period.due_on)
        rows.append(Instalment(version, period.number, *dates, balance, principal, interest))
        balance -= principal
    return tuple(rows)


def require_principal(principal_minor: int) -> None:
    """Refuse anything but a positive whole number of minor units."""
    if type(principal_minor) is not int or principal_minor < 1:
        raise PrincipalNotPositive("A loan has a principal of at least one minor unit.", field="principal")
