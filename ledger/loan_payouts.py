"""How far a loan was paid out: agreed, paid out, under way, still to call, part by part.

Owns: reading it off the loan's own facts. Refuses to know: who asks, and whether a part may be called now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.domain.loan_record import FactKind
from ledger.domain.loan_state import LoanState, LoanStatus


@dataclass(frozen=True, kw_only=True)
class PartShown:
    """A payout: ``under_way`` while the bank has not answered, then ``paid``, or ``came_back`` later."""

    part_id: str
    status: str
    amount_minor: int
    paid_on: date | None
    came_back_on: date | None


@dataclass(frozen=True, kw_only=True)
class PayoutShown:
    """Amounts in minor units; ``paid_out_minor`` is without what came back.

    ``available_until`` is the last day on which more may be called; None where nothing more can be.
    """

    agreed_minor: int
    paid_out_minor: int
    under_way_minor: int
    to_call_minor: int
    parts_max: int
    available_until: date | None
    parts: tuple[PartShown, ...]


def payout_of(state: LoanState) -> PayoutShown:
    """Return the payout of a loan that has been requested."""
    parts, paid = state.parts, _paid(state)
    rest = parts.rest_minor if parts else 0
    under_way = _under_way(state)
    return PayoutShown(
        agreed_minor=state.principal_minor,
        paid_out_minor=sum(one.amount_minor for one in paid if one.came_back_on is None),
        under_way_minor=sum(one.amount_minor for one in under_way),
        to_call_minor=rest,
        parts_max=parts.parts_max if parts else 1,
        available_until=parts.available_until if parts and rest else None,
        parts=(*paid, *under_way),
    )


def _paid(state: LoanState) -> tuple[PartShown, ...]:
    back = {
        str(fact.details["of"]): fact.value_date
        for _, fact in state.facts
        if fact.kind is FactKind.DISBURSEMENT_REVERSED
    }
    return tuple(
        PartShown(
            part_id=fact.id,
            status="came_back" if fact.id in back else "paid",
            amount_minor=fact.amount_minor,
            paid_on=fact.value_date,
            came_back_on=back.get(fact.id),
        )
        for _, fact in state.facts
        if fact.kind is FactKind.DISBURSED
    )


def _under_way(state: LoanState) -> tuple[PartShown, ...]:
    parts = state.parts
    if state.status is LoanStatus.REQUESTED:
        first = parts.first_minor if parts else state.principal_minor
        return (_waiting("payout", first),)
    return (_waiting(parts.under_way, parts.under_way_minor),) if parts and parts.under_way else ()


def _waiting(part_id: str, amount_minor: int) -> PartShown:
    return PartShown(
        part_id=part_id, status="under_way", amount_minor=amount_minor, paid_on=None, came_back_on=None
    )
