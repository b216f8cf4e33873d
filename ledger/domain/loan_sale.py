"""What a sale refuses: money of the days after it, and a sale on a day that other facts have passed.

Owns: that the day of the sale divides the loan's life; money of that day and before it is the lender's.
Refuses to know: figures, which commands a sold loan takes (``loan_chart``), and the buyer's books.
"""

from __future__ import annotations

from typing import Final

from ledger.domain.loan_chart import LoanChargedOff, LoanNotChargedOff, LoanSold
from ledger.domain.loan_record import FactKind, RecordedFact
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing.position import Position
from ledger.kernel.refusals import Refusal


class SaleNotLast(Refusal):
    """Something happened to the loan after the day of the sale; undo it, or sell from a later day on."""

    code = "LEDGER_SALE_NOT_LAST"


_MONEY_IN: Final = (FactKind.PAYMENT_RECEIVED, FactKind.RECOVERED)
# They have no place in the order of a life; what they undo has.
_UNDOING: Final = (
    FactKind.PAYMENT_REVERSED,
    FactKind.DISBURSEMENT_REVERSED,
    FactKind.CHARGE_OFF_UNDONE,
    FactKind.CHANGE_UNDONE,
    FactKind.SALE_UNDONE,
)


def require_by_sale(state: LoanState, fact: RecordedFact, *, before: Position) -> None:
    """Refuses SaleNotLast, LoanSold, LoanChargedOff, LoanNotChargedOff."""
    if fact.kind is FactKind.SOLD:
        _require_last(state, fact, before)
    if before.sold_on is not None and fact.kind in _MONEY_IN:
        _require_of_before(fact, before)


def _require_last(state: LoanState, sale: RecordedFact, before: Position) -> None:
    undone = before.reversed_ids
    later = [
        known.id
        for _, known in state.facts
        if known.value_date > sale.value_date
        and known.kind not in _UNDOING
        and known.id not in undone
        and known.details.get("of") not in undone
    ]
    if later:
        raise SaleNotLast("Something happened after that day.", field="value_date", facts=later)


def _require_of_before(fact: RecordedFact, before: Position) -> None:
    """Refuse money that is the buyer's; earlier money is a recovery if and only if the loan was charged off."""
    assert before.sold_on is not None
    if fact.value_date > before.sold_on:
        raise LoanSold(
            "Money of after the sale is not the lender's.",
            field="value_date",
            sold_on=before.sold_on.isoformat(),
        )
    if fact.kind is FactKind.RECOVERED and before.charged_off_on is None:
        raise LoanNotChargedOff("The loan was on the books until it was sold.", field="kind")
    if fact.kind is FactKind.PAYMENT_RECEIVED and before.charged_off_on is not None:
        raise LoanChargedOff("The loan was off the books when it was sold.", field="kind")
