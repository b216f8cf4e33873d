"""Paying a plan off ahead of time: what it takes on a day.

Owns: everything due and unpaid, interest put off in grace rows, interest of the running period by actual
days, and the fee.
Refuses to know: penalties on overdue rows (they are added by whoever knows them) and accounts.
Source: Civil Code art. 677, interest is charged for the time the money was used.

| 50,000.00 at 10.8%, 2 rows paid, 11 days later | 33,631.09 + 110.98 + fee 336.31 = 34,078.38 |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from ledger.domain.plans.choices import GraceInterest, Method
from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rows import INSTALMENT, Plan, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import divide_rounded


class NothingToRepayEarly(Refusal):
    """On that day the plan has not begun, or has no row to come."""

    code = "LEDGER_NOTHING_TO_REPAY_EARLY"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class Payoff:
    """What ends a loan on a day. ``broken_days`` and ``broken_factor`` say how broken interest came about."""

    on: date
    due_principal_minor: int
    due_interest_minor: int
    deferred_interest_minor: int
    principal_to_come_minor: int
    broken_days: int
    broken_factor: Fraction
    broken_interest_minor: int
    fee_minor: int

    @property
    def before_principal_minor(self) -> int:
        """Return what a prepayment settles before it repays any principal early."""
        due = self.due_principal_minor + self.due_interest_minor + self.deferred_interest_minor
        return due + self.broken_interest_minor

    @property
    def total_minor(self) -> int:
        """Return the one amount that ends the loan."""
        return self.before_principal_minor + self.principal_to_come_minor + self.fee_minor


def payoff_on(
    terms: PlanTerms, plan: Plan, *, rows_paid: int, on: date, fee_e8: int = 0, goes_on: bool = False
) -> Payoff:
    """Return what ends the loan on a day; where the loan goes on, that day is not its last one.

    Refuses NothingToRepayEarly.
    """
    rows = [row for row in plan.rows if row.kind == INSTALMENT]
    unpaid = [row for row in rows if row.period.number > rows_paid]
    if not unpaid or on < terms.start:
        raise NothingToRepayEarly("There is nothing to repay on that day.", field="on")
    due = [row for row in unpaid if row.period.due_on <= on]
    to_come = [row for row in unpaid if row.period.due_on > on]
    principal = sum(row.principal_minor - row.capitalised_minor for row in to_come)
    passed = [row for row in rows if row.period.due_on <= on]
    days, factor = _broken(terms, rows, to_come, on, until=on if goes_on else _last_day(terms, on))
    base = terms.financed_minor if terms.method is Method.FLAT else principal
    broken = base * factor
    return Payoff(
        on=on,
        due_principal_minor=sum(row.principal_minor for row in due),
        due_interest_minor=sum(row.interest_minor for row in due),
        deferred_interest_minor=_deferred(passed),
        principal_to_come_minor=principal,
        broken_days=days,
        broken_factor=factor,
        broken_interest_minor=divide_rounded(
            numerator=broken.numerator, denominator=broken.denominator, mode=terms.rounding
        ),
        fee_minor=divide_rounded(numerator=principal * fee_e8, denominator=RATE_UNIT, mode=terms.rounding),
    )


def _deferred(passed: Sequence[PlanRow]) -> int:
    """Return interest of grace rows that has been earned and has not fallen due yet."""
    return sum(row.accrued_minor - row.capitalised_minor - row.interest_minor for row in passed)


def _broken(
    terms: PlanTerms, rows: Sequence[PlanRow], to_come: Sequence[PlanRow], on: date, *, until: date
) -> tuple[int, Fraction]:
    if not to_come:
        return 0, Fraction(0)
    running = to_come[0].period
    if on < running.starts_on:  # the running row has been paid ahead, its interest with it
        return 0, Fraction(0)
    is_forgiven = rows.index(to_come[0]) < terms.grace.interest_rows
    if is_forgiven and terms.grace.interest is GraceInterest.FORGIVEN:
        return 0, Fraction(0)
    pieces = counted_pieces(terms, start=running.starts_on, end=until)
    return (until - running.starts_on).days, sum((piece.factor for piece in pieces), Fraction(0))


def _last_day(terms: PlanTerms, on: date) -> date:
    """Return where interest ends with the loan: the last day may count, and a bullet has a shortest time."""
    end = on + timedelta(days=1 if terms.counts_last_day else 0)
    return max(end, terms.start + timedelta(days=terms.min_interest_days))
