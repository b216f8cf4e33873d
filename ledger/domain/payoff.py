"""Paying a loan off in full before its last due date.

Owns: the quote for one day (principal to come, everything due, interest by actual days since the
last due date, early fee) and its validity: it binds on the day it is quoted for and not after.
Refuses to know: who pays, and how the parts are booked.
Source: Civil Code art. 677, interest is charged for the time the money was used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.accrual import INTEREST
from ledger.domain.allocation import Buckets
from ledger.domain.contract.planned_loan import interest_so_far
from ledger.domain.interest import interest_for_days
from ledger.domain.loan_state import InstalmentAccount, LoanState
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded


@dataclass(frozen=True)
class BrokenInterest:
    """Interest of the running period by actual days, and its difference to what the books show."""

    number: int
    interest_minor: int
    adjustment_minor: int


@dataclass(frozen=True)
class PayoffQuote:
    """What ends the loan on ``valid_on``: 33,631.09 + 110.98 + 336.31 = 34,078.38."""

    valid_on: date
    due: Buckets
    principal_to_come_minor: int
    broken_interest_minor: int
    early_fee_minor: int

    @property
    def total_minor(self) -> int:
        """Return the one amount that pays the loan off."""
        to_come = self.principal_to_come_minor + self.broken_interest_minor + self.early_fee_minor
        return self.due.total_minor + to_come


def broken_interest(state: LoanState, *, on: date) -> BrokenInterest | None:
    """Return the running period's interest by actual days; none when no due date is ahead."""
    to_come = state.rows_to_come(on)
    if not to_come:
        return None
    terms = state.contract
    running = _earning_row(to_come, state, on)
    accrual = state.accrual_of(INTEREST, running)
    posted = accrual.payable(on) if accrual else 0
    if terms.is_revolving:
        return BrokenInterest(running.plan.number, posted, 0)
    interest = _interest_by_days(state, to_come[0], on=on)
    return BrokenInterest(running.plan.number, interest, interest - posted)


def _earning_row(to_come: tuple[InstalmentAccount, ...], state: LoanState, on: date) -> InstalmentAccount:
    """Return the row whose interest is running: after a grace row, the one its interest falls due with."""
    if state.conventions is None:
        return to_come[0]
    for row in to_come:
        accrual = state.accrual_of(INTEREST, row)
        if accrual is not None and accrual.started_on <= on:
            return row
    return to_come[0]


def _interest_by_days(state: LoanState, running: InstalmentAccount, *, on: date) -> int:
    principal = sum(row.principal_open_minor for row in state.rows_to_come(on))
    terms, plan_terms = state.contract, state.plan_terms
    if state.conventions is not None and plan_terms is not None:
        return interest_so_far(
            plan_terms, state.conventions, running=running.plan, principal_minor=principal, on=on
        )
    return interest_for_days(
        principal_minor=principal,
        annual_rate_e8=terms.annual_rate_e8,
        days=(on - running.plan.starts_on).days,
        day_base=terms.day_base,
    )


def payoff_quote(state: LoanState, *, on: date) -> PayoffQuote:
    """Return what pays the loan off on a date."""
    dues = state.dues(on)
    due = Buckets(
        penalty_minor=sum(part.penalty_minor for part in dues),
        compound_minor=sum(part.compound_minor for part in dues),
        interest_minor=sum(part.interest_minor for part in dues),
        principal_minor=sum(part.principal_minor for part in dues),
    )
    broken = broken_interest(state, on=on)
    principal = sum(row.principal_open_minor for row in state.rows_to_come(on))
    fee = divide_rounded(numerator=principal * state.contract.early_fee_e8, denominator=RATE_UNIT)
    return PayoffQuote(on, due, principal, broken.interest_minor if broken else 0, fee)
