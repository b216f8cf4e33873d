"""Which accounts the events of lending debit and credit.

Owns: the posting of a credit line's commitment (P-01), and the list of events that move no money.
Refuses to know: loans; what a draw or a payment does on the balance sheet is posted by the loan's events.
The commitment account holds, for each line, the limit less the principal drawn and never less than
nothing; each event says by how much it changes that.
"""

from __future__ import annotations

from uuid import UUID

from ledger.domain import chart_of_accounts as chart
from ledger.postings import Leg, no_posting, register_posting, transfer
from lending.domain.credit_line_events import DrawnMoved, LineClosed, LineLimitChanged, LineOpened


@register_posting("line.opened")
def post_line_opened(event: LineOpened) -> tuple[Leg, ...]:
    """Commit the whole limit (P-01)."""
    return _commitment(event.limit_minor, currency=event.currency, entity_id=event.entity_id)


@register_posting("line.limit_changed")
def post_line_limit_changed(event: LineLimitChanged) -> tuple[Leg, ...]:
    """Commit the raise, or take back the cut (P-01)."""
    return _commitment(event.commitment_change_minor, currency=event.currency, entity_id=event.entity_id)


@register_posting("line.booked")
@register_posting("line.restored")
@register_posting("line.drawn_again")
def post_drawn_moved(event: DrawnMoved) -> tuple[Leg, ...]:
    """Be committed to less by what is drawn, and to more by what is repaid (P-01)."""
    if not event.currency:
        return ()  # the loan's event has posted it, before lines posted their own draws
    return _commitment(
        event.commitment_change_minor,
        currency=event.currency,
        entity_id=event.entity_id,
        loan_id=event.loan_id,
    )


@register_posting("line.closed")
def post_line_closed(event: LineClosed) -> tuple[Leg, ...]:
    """Take back the whole limit; a line is closed only when nothing is drawn (P-01)."""
    return _commitment(-event.limit_before_minor, currency=event.currency, entity_id=event.entity_id)


no_posting(
    "entity.registered",
    "entity.account_linked",
    "entity.sales_recorded",
    "entity.blacklisted",
    "application.submitted",
    "application.approved",
    "application.rejected",
    "application.withdrawn",
    "line.reserved",
    "line.released",
    "line.frozen",
    "line.thawed",
    "line.blacklisted",
)


def _commitment(
    change_minor: int, *, currency: str, entity_id: UUID, loan_id: UUID | None = None
) -> tuple[Leg, ...]:
    pair = (chart.MEMO_UNDRAWN_COMMITMENT, chart.MEMO_CONTRA)
    debit, credit = pair if change_minor > 0 else reversed(pair)
    return transfer(debit, credit, abs(change_minor), currency=currency, entity_id=entity_id, loan_id=loan_id)
