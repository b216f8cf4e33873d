"""Which accounts the events of lending debit and credit.

Owns: the posting of a credit line's commitment (P-01), and the list of events that move no money.
Refuses to know: loans; reserving, drawing and restoring a line are posted by the loan's own events.
The commitment account always holds limit less principal drawn. After a cut below what is drawn it turns
negative by the excess, and each repayment brings it back, so no rule needs the order of events.
"""

from __future__ import annotations

from uuid import UUID

from ledger.domain import chart_of_accounts as chart
from ledger.postings import Leg, no_posting, register_posting, transfer
from lending.domain.credit_line_events import LineClosed, LineLimitChanged, LineOpened


@register_posting("line.opened")
def post_line_opened(event: LineOpened) -> tuple[Leg, ...]:
    """Commit the whole limit (P-01)."""
    return _commitment(event.limit_minor, currency=event.currency, entity_id=event.entity_id)


@register_posting("line.limit_changed")
def post_line_limit_changed(event: LineLimitChanged) -> tuple[Leg, ...]:
    """Commit the raise, or take back the cut (P-01)."""
    change = event.limit_minor - event.limit_before_minor
    return _commitment(change, currency=event.currency, entity_id=event.entity_id)


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
    "line.booked",
    "line.restored",
    "line.frozen",
    "line.thawed",
    "line.blacklisted",
)


def _commitment(change_minor: int, *, currency: str, entity_id: UUID) -> tuple[Leg, ...]:
    pair = (chart.MEMO_UNDRAWN_COMMITMENT, chart.MEMO_CONTRA)
    debit, credit = pair if change_minor > 0 else reversed(pair)
    return transfer(debit, credit, abs(change_minor), currency=currency, entity_id=entity_id)
