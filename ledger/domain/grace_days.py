"""How long a row may be late without a penalty, and from which day a penalty counts.

Owns: the grace days of one row of a loan, a due date on a holiday included, and the two ways to count after
them. Refuses to know: rates, accruals, and what is recorded.
"""

from __future__ import annotations

from datetime import date, timedelta

from ledger.domain.contract.plan_of_loan import calendar_of
from ledger.domain.loan_state import InstalmentAccount, LoanState
from ledger.domain.overdue_charges import GraceMode
from ledger.kernel.business_days import Adjustment


def grace_ends_on(state: LoanState, row: InstalmentAccount) -> date:
    """Return the last day on which a payment bears no penalty; a due date on a holiday waits for the next day."""
    ends, conventions = row.plan.due_on + timedelta(days=state.contract.grace_days), state.conventions
    if conventions is None or conventions.repayment.holiday_rule is not Adjustment.UNADJUSTED:
        return ends
    return max(ends, calendar_of(conventions.repayment).next_business_day(row.plan.due_on))


def charged_from_of(state: LoanState, row: InstalmentAccount) -> date:
    """Return the day from which penalty counts: the due date, or the end of the grace where that was agreed."""
    is_plain = state.conventions is not None and state.conventions.arrears.grace_mode is GraceMode.PLAIN
    return grace_ends_on(state, row) if is_plain else row.plan.due_on
