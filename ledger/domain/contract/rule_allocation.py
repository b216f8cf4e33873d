"""Sharing a payment out by the rules a loan was agreed on.

Owns: which rules a payment follows, and turning what they give into parts.
Refuses to know: what is due and why, accruals, and the plain order of loans without conventions.
What a kind of payment may settle ahead of its due date counts as due on the day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ledger.domain.allocation import Allocation, InstalmentBuckets
from ledger.domain.allocation_rules import DatedDue, default_rules, share_out
from ledger.domain.contract.settling_terms import AllocationTerms


def allocate_by_rules(
    terms: AllocationTerms,
    *,
    amount_minor: int,
    dues: Sequence[InstalmentBuckets],
    due_dates: Mapping[int, date],
    on: date,
    source: str | None,
    days_past_due: int,
) -> Allocation:
    """Share an amount out; without a source everything is to be settled and the plain order applies."""
    rules = default_rules(order=terms.order) if source is None else terms.rules_for(source)
    shared = share_out(
        amount_minor=amount_minor,
        on=on,
        dues=[DatedDue(min(due_dates[due.number], on), due) for due in dues],
        rules=rules,
        mode=terms.mode,
        days_past_due=days_past_due,
        principal_first_after_dpd=terms.principal_first_after_dpd,
    )
    given: dict[int, InstalmentBuckets] = {}
    for share in shared.shares:
        so_far = given.get(share.number, InstalmentBuckets(number=share.number))
        given[share.number] = so_far.plus(share.rule.bucket, share.amount_minor)
    return Allocation(
        parts=tuple(given[number] for number in sorted(given)),
        order=tuple(rule.name for rule in shared.rules),
        left_over_minor=shared.left_over_minor,
    )
