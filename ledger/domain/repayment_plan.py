"""The plan of a repayment: what a payment would settle, before anything is recorded.

Owns: the names of the three kinds, and how an amount set against what it may settle becomes parts,
changed accruals and a surplus.
Refuses to know: which claims a kind may settle, events, and the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.domain.accrual import Accrual
from ledger.domain.accrual_settlement import accruals_after, accruals_ended_early
from ledger.domain.allocation import Allocation, InstalmentBuckets, allocate, order_at
from ledger.domain.contract.rule_allocation import allocate_by_rules
from ledger.domain.loan_state import LoanState
from ledger.domain.payoff import broken_interest

INSTALMENT: Final = "instalment"
PREPAYMENT: Final = "prepayment"
PAYOFF: Final = "payoff"
REPAYMENT_KINDS: Final = (INSTALMENT, PREPAYMENT, PAYOFF)


@dataclass(frozen=True)
class Repayment:
    """What a repayment did: ``applied_minor`` was taken, ``left_over_minor`` was not needed."""

    kind: str
    applied_minor: int
    left_over_minor: int
    fee_minor: int
    parts: tuple[InstalmentBuckets, ...]
    is_settled: bool


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

    def carried_out(self, *, is_settled: bool) -> Repayment:
        """Return what the caller is told once the plan has been recorded."""
        return Repayment(
            self.kind, self.applied_minor, self.left_over_minor, self.fee_minor, self.parts, is_settled
        )


def plan_allocation(
    state: LoanState,
    *,
    on: date,
    kind: str,
    amount_minor: int,
    dues: tuple[InstalmentBuckets, ...],
    fee_minor: int = 0,
    source: str | None = None,
) -> RepaymentPlan:
    """Set an amount, less the early fee inside it, against ``dues``, which are given oldest first.

    ``source`` says who pays what is due; it is left out where everything in ``dues`` is settled.
    """
    terms, past_due = state.contract, state.days_past_due(on)
    shared = _shared(
        state, on=on, amount_minor=amount_minor - fee_minor, dues=dues, source=source, past_due=past_due
    )
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


def _shared(
    state: LoanState,
    *,
    on: date,
    amount_minor: int,
    dues: tuple[InstalmentBuckets, ...],
    source: str | None,
    past_due: int,
) -> Allocation:
    if state.conventions is not None:
        return allocate_by_rules(
            state.conventions.allocation,
            amount_minor=amount_minor,
            dues=dues,
            due_dates={row.plan.number: row.plan.due_on for row in state.rows},
            on=on,
            source=source,
            days_past_due=past_due,
        )
    order = order_at(
        days_past_due=past_due,
        order=state.contract.allocation_order,
        principal_first_after_dpd=state.contract.principal_first_after_dpd,
    )
    overdue = frozenset(row.plan.number for row in state.rows_past_due(on))
    return allocate(amount_minor=amount_minor, dues=dues, order=order, overdue=overdue)
