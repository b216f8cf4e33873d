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
from ledger.domain.interest import interest_for_days
from ledger.domain.loan_state import LoanState
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
    running, terms = to_come[0], state.contract
    accrual = state.accrual_of(INTEREST, running)
    posted = accrual.payable(on) if accrual else 0
    if terms.is_revolving:
        return BrokenInterest(running.plan.number, posted, 0)
    interest = interest_for_days(
        principal_minor=sum(row.principal_open_minor for row in to_come),
        annual_rate_e8=terms.annual_rate_e8,
        days=(on - running.plan.starts_on).days,
        day_base=terms.day_base,
    )
    return BrokenInterest(running.plan.number, interest, interest - posted)


def payoff_quote(state: LoanState, *, on: date) -> PayoffQuote:
    """Return what pays the loan off on a date."""
    due = Buckets(
        penalty_minor=sum(part.penalty_minor for part in state.dues(on)),
        compound_minor=sum(part.compound_minor for part in state.dues(on)),
        interest_minor=sum(part.interest_minor for part in state.dues(on)),
        principal_minor=sum(part.principal_minor for part in state.dues(on)),
    )
    broken = broken_interest(state, on=on)
    principal = sum(row.principal_open_minor for row in state.rows_to_come(on))
    fee = divide_rounded(numerator=principal * state.contract.early_fee_e8, denominator=RATE_UNIT)
    return PayoffQuote(on, due, principal, broken.interest_minor if broken else 0, fee)
