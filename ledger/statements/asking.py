"""Statements of a settlement account, of a loan, and of everything of an entity.

Owns: putting the journal's lines and the accruals by the day together, all seen at one moment.
Refuses to know: who asks (the scope says whose rows there are) and how a statement is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from ledger import queries
from ledger.book_moment import BookMoment
from ledger.eventstore.consistent_view import one_view
from ledger.eventstore.shards import shard_of
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.models import Loan, SettlementAccount
from ledger.queries import Scope
from ledger.statement_queries import settlement_account, settlement_accounts
from ledger.statements.accrued import accrual_lines, accrued_before, posted_segments
from ledger.statements.journal_lines import HELD, OWED, balances, movements
from ledger.statements.moments import Known, known_at
from ledger.statements.sheets import (
    ENTITY,
    HELD_PARTS,
    LOAN,
    OWED_PARTS,
    SETTLEMENT,
    Line,
    Period,
    Sheet,
    Statement,
    added,
)

DAYS_DEFAULT: Final = 31
DAYS_MAX: Final = 3_660
NOTHING_HELD: Final = (0,)
NOTHING_OWED: Final = (0,) * len(OWED_PARTS)


class StatementPeriodInvalid(Refusal):
    """A statement ends on or after its first day, and has at most ten years."""

    code = "LEDGER_STATEMENT_PERIOD_INVALID"
    kind = RefusalKind.INVALID


def account_statement(
    *, scope: Scope, account_id: UUID, period: Period, moment: datetime | None = None
) -> Statement:
    """Return the statement of one settlement account. Refuses NotFound, StatementTooLong, KnownAtInFuture, Busy."""
    BookMoment(known_at=moment).settle(shard=shard_of(account_id))
    with one_view():
        account = settlement_account(scope=scope, account_id=account_id)
        known = known_at(shard=shard_of(account_id), moment=moment)
        sheets = tuple(_held_sheets([account], period, known))
    return Statement(SETTLEMENT, account.id, account.entity_id, period, known.at, sheets)


def loan_statement(
    *, scope: Scope, loan_id: UUID, period: Period, moment: datetime | None = None
) -> Statement:
    """Return the statement of one loan. Refuses NotFound, StatementTooLong, KnownAtInFuture, Busy."""
    BookMoment(known_at=moment).settle(shard=shard_of(loan_id))
    with one_view():
        loan = queries.loan(scope=scope, loan_id=loan_id)
        known = known_at(shard=shard_of(loan_id), moment=moment)
        sheets = tuple(_owed_sheets([loan], period, known))
    return Statement(LOAN, loan.id, loan.entity_id, period, known.at, sheets)


def entity_statement(
    *, scope: Scope, entity_id: UUID, period: Period, moment: datetime | None = None
) -> Statement:
    """Return the accounts and loans of an entity that held, owed or moved anything.

    Refuses StatementTooLong, KnownAtInFuture, Busy.
    """
    BookMoment(known_at=moment).settle(shard=shard_of(entity_id))
    with one_view():
        known = known_at(shard=shard_of(entity_id), moment=moment)
        accounts = settlement_accounts(scope=scope, entity_id=entity_id).order_by("id")
        loans = queries.loans(scope=scope, entity_id=entity_id).order_by("requested_on", "id")
        sheets = [*_held_sheets(list(accounts), period, known), *_owed_sheets(list(loans), period, known)]
    told = tuple(sheet for sheet in sheets if not sheet.is_empty)
    return Statement(ENTITY, entity_id, entity_id, period, known.at, told)


def period_asked(*, identifier: UUID, first: date | None, last: date | None) -> Period:
    """Return the days from the first to the last one; by default a month up to the open business date.

    Refuses StatementPeriodInvalid, BooksNotOpen.
    """
    try:
        end = (last or queries.open_date_of(identifier)) + timedelta(days=1)
        start = first or end - timedelta(days=DAYS_DEFAULT)
    except OverflowError as error:
        raise StatementPeriodInvalid("These days lie outside the calendar.", field="to") from error
    if not 0 < (end - start).days <= DAYS_MAX:
        message = f"A statement ends on or after its first day and has at most {DAYS_MAX} days."
        raise StatementPeriodInvalid(message, field="to")
    return Period(start, end)


def _held_sheets(accounts: Sequence[SettlementAccount], period: Period, known: Known) -> Iterator[Sheet]:
    ids = [account.id for account in accounts]
    held = balances(HELD, ids=ids, period=period, known=known)
    moved = movements(HELD, ids=ids, period=period, known=known)
    for account in accounts:
        opening, closing = held.get(account.id, (NOTHING_HELD, NOTHING_HELD))
        lines = tuple(moved.get(account.id, ()))
        yield Sheet(
            SETTLEMENT,
            account.id,
            account.currency,
            "settlement account",
            HELD_PARTS,
            opening,
            lines,
            closing,
        )


def _owed_sheets(loans: Sequence[Loan], period: Period, known: Known) -> Iterator[Sheet]:
    ids = [loan.id for loan in loans]
    owed = balances(OWED, ids=ids, period=period, known=known)
    moved = movements(OWED, ids=ids, period=period, known=known)
    earned = posted_segments(loan_ids=ids, known=known, before=period.end)
    for loan in loans:
        opening, closing = owed.get(loan.id, (NOTHING_OWED, NOTHING_OWED))
        segments, lines = earned.get(loan.id, []), moved.get(loan.id, [])
        by_day = accrual_lines(
            segments,
            start=period.start,
            end=period.end,
            moved_on=[line.posting_date for line in lines],
            shard=known.shard,
        )
        yield Sheet(
            kind=LOAN,
            id=loan.id,
            currency=loan.currency,
            title=loan.product_code,
            part_names=OWED_PARTS,
            opening=added(opening, accrued_before(segments, period.start)),
            lines=tuple(_in_order([*lines, *by_day])),
            closing=added(closing, accrued_before(segments, period.end)),
        )


def _in_order(lines: list[Line]) -> list[Line]:
    """Return lines by day; the close of a day accrues after everything else that happened on it."""
    return sorted(lines, key=lambda line: (line.posting_date, line.first_day is not None))
