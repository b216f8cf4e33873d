"""A loan as it stood on a day, by what was known at a moment.

Owns: folding the loan's events up to the moment and deriving its position on the day; every figure follows
from the facts within both bounds.
Refuses to know: who asks, and how an answer is shown. Nothing is read that a later event could have changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ledger.book_moment import BookMoment
from ledger.domain.allocation import Buckets
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_questions import owed_on, quote_on
from ledger.domain.loan_record import RecordedPayment, RecordedRow
from ledger.domain.loan_recording import recording_of
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing.books import Books
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.position import Position
from ledger.eventstore.shards import shard_of
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.known_at import Bound, as_known
from ledger.queries import open_date_of

DAYS_AHEAD_MAX: Final = 366


class PositionDateTooFar(Refusal):
    """A position looks at most a year ahead."""

    code = "LEDGER_POSITION_DATE_TOO_FAR"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class PositionShown:
    """Everything about a loan on ``as_of`` from the facts recorded up to ``known_at`` (None: all of them).

    ``facts`` counts those that had happened by the day and were known at the moment. Amounts in minor units.
    """

    loan_id: UUID
    as_of: date
    known_at: datetime | None
    currency: str
    status: str
    category: str
    facts: int
    schedule_version: int
    paid_out_minor: int
    outstanding_minor: int
    overpaid_minor: int
    owed: Buckets
    due_minor: int
    overdue_minor: int
    days_past_due: int
    oldest_due_on: date | None
    non_accrual_since: date | None
    charged_off_on: date | None
    given_up_on: date | None
    sold_on: date | None
    payoff_minor: int
    rows: tuple[RecordedRow, ...]
    payments: tuple[RecordedPayment, ...]
    books: Books


def position_shown(
    *, loan_id: UUID, as_of: date | None = None, known_at: datetime | None = None
) -> PositionShown:
    """Return a loan's position; on the open date unless a day is named.

    Refuses NotFound, MomentNotKnown, KnownAtInFuture, PositionDateTooFar, Busy.
    """
    day = day_asked(loan_id, as_of)
    BookMoment(known_at=known_at).settle(shard=shard_of(loan_id))
    return settled_position(loan_id, on=day, known_at=known_at)


def day_asked(identifier: UUID, as_of: date | None) -> date:
    """Return the day of a position: the open date of what is asked about unless one is named.

    Refuses PositionDateTooFar, BooksNotOpen.
    """
    opened = open_date_of(identifier)
    day = as_of or opened
    if (day - opened).days > DAYS_AHEAD_MAX:
        raise PositionDateTooFar(
            f"The books are at {opened}.", field="as_of", latest=str(opened + timedelta(days=DAYS_AHEAD_MAX))
        )
    return day


def settled_position(loan_id: UUID, *, on: date, known_at: datetime | None) -> PositionShown:
    """Return a loan's position on a day by what was known at a moment that has settled.

    Refuses NotFound, MomentNotKnown.
    """
    loan = as_known(LoanAccount, loan_id, Bound(known_at=known_at))
    return shown(loan.id, loan.state, on=on, known_at=known_at)


def shown(loan_id: UUID, state: LoanState, *, on: date, known_at: datetime | None = None) -> PositionShown:
    """Return the position that the facts of a state give on a day."""
    counting = [fact for fact in state.dated_facts if fact.effective_date <= on]
    common: dict[str, Any] = {
        "loan_id": loan_id,
        "as_of": on,
        "known_at": known_at,
        "currency": state.contract.currency,
        "facts": len(counting),
    }
    if not counting:
        # Before its payout a loan owes nothing; whether it had been asked for is what its request says.
        return PositionShown(**common, **_NOTHING)
    return PositionShown(**common, **_figures(derive(state.servicing_terms, counting, on=on)))


_NOTHING: Final[dict[str, Any]] = {
    "status": "not_disbursed",
    "category": "normal",
    "schedule_version": 0,
    "paid_out_minor": 0,
    "outstanding_minor": 0,
    "overpaid_minor": 0,
    "owed": Buckets(),
    "due_minor": 0,
    "overdue_minor": 0,
    "days_past_due": 0,
    "oldest_due_on": None,
    "non_accrual_since": None,
    "charged_off_on": None,
    "given_up_on": None,
    "sold_on": None,
    "payoff_minor": 0,
    "rows": (),
    "payments": (),
    "books": Books(),
}


def _figures(position: Position) -> dict[str, Any]:
    # Against a state that holds nothing, everything is news: all rows and all payments.
    everything = recording_of(position, LoanState())
    return {
        "status": position.status.value,
        "category": position.classification.category.value,
        "schedule_version": position.schedule_version,
        "paid_out_minor": position.disbursed_minor,
        "outstanding_minor": position.outstanding_minor,
        "overpaid_minor": position.overpaid_minor,
        "owed": owed_on(position),
        "due_minor": position.due.total_minor,
        "overdue_minor": position.overdue.total_minor,
        "days_past_due": position.days_past_due,
        "oldest_due_on": position.oldest_due_on,
        "non_accrual_since": position.non_accrual_since,
        "charged_off_on": position.charged_off_on,
        "given_up_on": position.given_up_on,
        "sold_on": position.sold_on,
        "payoff_minor": quote_on(position).total_minor,
        "rows": everything.rows,
        "payments": everything.payments,
        "books": position.books,
    }
