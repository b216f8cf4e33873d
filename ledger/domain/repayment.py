"""Planning a repayment: what one payment settles, before anything is recorded.

Owns: the three kinds (instalment takes only what is due or overdue; prepayment clears that and
repays principal early; payoff takes exactly the quote) and the accruals each of them changes.
Refuses to know: events, the journal, and where the money comes from.
A surplus is returned as left over and never prepaid on the borrower's behalf.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ledger.domain.accrual import INTEREST, Accrual
from ledger.domain.accrual_settlement import accruals_after, accruals_ended_early
from ledger.domain.allocation import InstalmentBuckets, allocate, order_at
from ledger.domain.loan_state import LoanState
from ledger.domain.payoff import broken_interest, payoff_quote
from ledger.domain.prepayment import principal_within
from ledger.kernel.refusals import Refusal, RefusalKind

INSTALMENT: Final = "instalment"
PREPAYMENT: Final = "prepayment"
PAYOFF: Final = "payoff"
REPAYMENT_KINDS: Final = (INSTALMENT, PREPAYMENT, PAYOFF)


class RepaymentKindUnknown(Refusal):
    """A repayment is an instalment, a prepayment or a payoff."""

    code = "LEDGER_REPAYMENT_KIND_UNKNOWN"
    kind = RefusalKind.INVALID


class RepaymentAmountInvalid(Refusal):
    """An amount is a positive whole number of minor units; a prepayment must state one."""

    code = "LEDGER_REPAYMENT_AMOUNT_INVALID"
    kind = RefusalKind.INVALID


class NothingDue(Refusal):
    """Nothing is due or overdue on this date."""

    code = "LEDGER_NOTHING_DUE"


class PayoffAmountDiffers(Refusal):
    """A payoff is exactly the quote of the day; an older quote no longer binds."""

    code = "LEDGER_PAYOFF_AMOUNT_DIFFERS"


class PrepaymentTooSmall(Refusal):
    """After what is due and the interest so far, nothing is left to repay principal early."""

    code = "LEDGER_PREPAYMENT_TOO_SMALL"


@dataclass(frozen=True)
class RepaymentPlan:
    """What a payment would do; ``applied_minor`` is the parts and the early fee together."""

    kind: str
    parts: tuple[InstalmentBuckets, ...]
    fee_minor: int
    adjustment_minor: int
    order: tuple[str, ...]
    days_past_due: int
    left_over_minor: int
    accruals: tuple[Accrual, ...]

    @property
    def applied_minor(self) -> int:
        """Return what is taken from the account."""
        return self.fee_minor + sum(part.total_minor for part in self.parts)


def plan_repayment(state: LoanState, *, on: date, kind: str, amount_minor: int | None) -> RepaymentPlan:
    """Decide what a payment settles.

    Refuses RepaymentKindUnknown, RepaymentAmountInvalid, NothingDue, PayoffAmountDiffers,
    PrepaymentTooSmall.
    """
    if kind not in REPAYMENT_KINDS:
        raise RepaymentKindUnknown("The repayment kind is not known.", field="kind", known=REPAYMENT_KINDS)
    if amount_minor is not None and (type(amount_minor) is not int or amount_minor < 1):
        raise RepaymentAmountInvalid("A repayment is a positive amount.", field="amount")
    if kind == INSTALMENT:
        return _plan_instalment(state, on=on, amount_minor=amount_minor)
    if kind == PAYOFF:
        return _plan_payoff(state, on=on, amount_minor=amount_minor)
    if amount_minor is None:
        raise RepaymentAmountInvalid("A prepayment states its amount.", field="amount")
    return _plan_prepayment(state, on=on, amount_minor=amount_minor)


def _plan_instalment(state: LoanState, *, on: date, amount_minor: int | None) -> RepaymentPlan:
    amount = state.due_amount(on) if amount_minor is None else amount_minor
    dues = state.dues(on)
    if state.contract.is_revolving:
        # A revolving draw takes money on any day: interest so far first, then principal.
        dues = tuple(state.unpaid_of(row, on) for row in state.rows)
    if amount == 0 or sum(due.total_minor for due in dues) == 0:
        raise NothingDue("Nothing is due on this date.", field="kind", on=on.isoformat())
    return _plan(state, on=on, kind=INSTALMENT, amount_minor=amount, dues=dues)


def _plan_payoff(state: LoanState, *, on: date, amount_minor: int | None) -> RepaymentPlan:
    quote = payoff_quote(state, on=on)
    if amount_minor not in (None, quote.total_minor):
        raise PayoffAmountDiffers(
            "A payoff takes exactly the quote of the day.",
            field="amount",
            on=on.isoformat(),
            quote_minor=quote.total_minor,
        )
    dues = (*state.dues(on), *_early_parts(state, on=on, principal_minor=quote.principal_to_come_minor))
    return _plan(
        state,
        on=on,
        kind=PAYOFF,
        amount_minor=quote.total_minor,
        dues=dues,
        fee_minor=quote.early_fee_minor,
    )


def _plan_prepayment(state: LoanState, *, on: date, amount_minor: int) -> RepaymentPlan:
    quote = payoff_quote(state, on=on)
    if amount_minor >= quote.total_minor:
        payoff = _plan_payoff(state, on=on, amount_minor=None)
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
    return _plan(state, on=on, kind=PREPAYMENT, amount_minor=amount_minor, dues=dues, fee_minor=fee)


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


def _plan(
    state: LoanState,
    *,
    on: date,
    kind: str,
    amount_minor: int,
    dues: tuple[InstalmentBuckets, ...],
    fee_minor: int = 0,
) -> RepaymentPlan:
    terms, past_due = state.contract, state.days_past_due(on)
    order = order_at(
        days_past_due=past_due,
        order=terms.allocation_order,
        principal_first_after_dpd=terms.principal_first_after_dpd,
    )
    overdue = frozenset(row.plan.number for row in state.rows_past_due(on))
    shared = allocate(amount_minor=amount_minor - fee_minor, dues=dues, order=order, overdue=overdue)
    changed = accruals_after(state, parts=shared.parts, on=on)
    broken = broken_interest(state, on=on) if kind != INSTALMENT else None
    if broken is not None and not terms.is_revolving:
        changed += accruals_ended_early(state, broken=broken, on=on)
    return RepaymentPlan(
        kind=kind,
        parts=shared.parts,
        fee_minor=fee_minor,
        adjustment_minor=broken.adjustment_minor if broken else 0,
        order=shared.order,
        days_past_due=past_due,
        left_over_minor=shared.left_over_minor,
        accruals=changed,
    )
