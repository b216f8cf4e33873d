"""Planning a repayment ahead of time: a payoff takes exactly the quote, a prepayment part of it.

Owns: what either settles beyond what is due: interest of the running period by actual days, principal
from the last row backwards, and the early fee on that principal.
Refuses to know: the rows that follow a prepayment, events, and the journal.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.domain.accrual import INTEREST
from ledger.domain.allocation import InstalmentBuckets
from ledger.domain.loan_state import LoanState
from ledger.domain.payoff import broken_interest, payoff_quote
from ledger.domain.prepayment import principal_within
from ledger.domain.repayment_plan import PAYOFF, PREPAYMENT, RepaymentPlan, plan_allocation
from ledger.kernel.refusals import Refusal


class PayoffAmountDiffers(Refusal):
    """A payoff is exactly the quote of the day; an older quote no longer binds."""

    code = "LEDGER_PAYOFF_AMOUNT_DIFFERS"


class PrepaymentTooSmall(Refusal):
    """After what is due and the interest so far, nothing is left to repay principal early."""

    code = "LEDGER_PREPAYMENT_TOO_SMALL"


def plan_payoff(state: LoanState, *, on: date, amount_minor: int | None) -> RepaymentPlan:
    """Settle everything. Refuses PayoffAmountDiffers."""
    quote = payoff_quote(state, on=on)
    if amount_minor not in (None, quote.total_minor):
        raise PayoffAmountDiffers(
            "A payoff takes exactly the quote of the day.",
            field="amount",
            on=on.isoformat(),
            quote_minor=quote.total_minor,
        )
    dues = (*state.dues(on), *_early_parts(state, on=on, principal_minor=quote.principal_to_come_minor))
    return plan_allocation(
        state,
        on=on,
        kind=PAYOFF,
        amount_minor=quote.total_minor,
        dues=dues,
        fee_minor=quote.early_fee_minor,
    )


def plan_prepayment(state: LoanState, *, on: date, amount_minor: int) -> RepaymentPlan:
    """Settle everything due and part of what is to come. Refuses PrepaymentTooSmall.

    An amount that reaches the payoff is one, and its surplus is left over.
    """
    quote = payoff_quote(state, on=on)
    if amount_minor >= quote.total_minor:
        payoff = plan_payoff(state, on=on, amount_minor=None)
        return replace(payoff, left_over_minor=amount_minor - quote.total_minor)
    early_minor = amount_minor - quote.due.total_minor - quote.broken_interest_minor
    principal = principal_within(
        amount_minor=early_minor,
        early_fee_e8=state.contract.early_fee_e8,
        principal_to_come_minor=quote.principal_to_come_minor,
    )
    if principal < 1:
        raise PrepaymentTooSmall(
            "The amount does not reach any principal that is not yet due.",
            field="amount",
            due_minor=quote.due.total_minor + quote.broken_interest_minor,
        )
    dues = (*state.dues(on), *_early_parts(state, on=on, principal_minor=principal))
    fee = early_minor - principal
    return plan_allocation(state, on=on, kind=PREPAYMENT, amount_minor=amount_minor, dues=dues, fee_minor=fee)


def _early_parts(state: LoanState, *, on: date, principal_minor: int) -> tuple[InstalmentBuckets, ...]:
    """Return interest so far on the running row and principal from the last row backwards."""
    parts: dict[int, InstalmentBuckets] = {}
    remaining = principal_minor
    for row in reversed(state.rows_to_come(on)):
        step = min(remaining, row.principal_open_minor)
        parts[row.plan.number] = InstalmentBuckets(number=row.plan.number, principal_minor=step)
        remaining -= step
    broken = broken_interest(state, on=on)
    if broken is not None:
        parts[broken.number] = parts[broken.number].plus(INTEREST, broken.interest_minor)
    return tuple(parts[number] for number in sorted(parts))
