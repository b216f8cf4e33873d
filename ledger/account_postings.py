"""The postings that a balance consists of, each with the fact, the command and the person it comes from.

Owns: the statement of an account (opening balance, every posting, running balance) as a whole or for one loan,
settlement account, entity or product, as of a date as known at a moment.
Refuses to know: how an answer is shown. The accrual of a day is posted in sums; for one loan or entity the rows of
the sub-ledger that make up the sums stand in their place, so that what is listed adds up to the loan's own balance.
Reading them is slow in large books: rows of accrual have no index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from ledger.book_moment import BookMoment, DateKind
from ledger.domain.chart_of_accounts import family_of
from ledger.eventstore.consistent_view import one_view
from ledger.eventstore.shards import SHARD_COUNT
from ledger.policies import account_mapping

_LINES: Final = (
    "SELECT line.posting_date, line.shard, line.pos, line.line_no::integer, '' AS key, line.account,"
    " CASE line.side WHEN 'D' THEN line.amount_minor ELSE -line.amount_minor END AS signed_minor,"
    " line.currency::text, line.entity_id, line.loan_id, line.settlement_account_id, line.product_code"
    " FROM journal_line line WHERE line.account = ANY (%(accounts)s)"
)
# A row of accrual is a debit of the receivable and a credit of the income, on the accounts of the loan's product.
_ACCRUALS: Final = (
    " UNION ALL SELECT run.posting_date, run.shard, run.pos, 0, accrual.key,"
    " coalesce(mapped.account, leg.account), leg.sign * accrual.amount_minor, loan.currency::text, loan.entity_id,"
    " loan.id, NULL::uuid, loan.product_code"
    " FROM accrual_row accrual JOIN loan ON loan.id = accrual.loan_id"
    " JOIN journal_entry run ON run.posting_date = accrual.business_date AND run.shard = accrual.shard"
    "  AND run.topic = 'accrual.run_posted'"
    " JOIN (VALUES ('interest', '1321', '6011'), ('penalty', '1322', '6012'), ('compound', '1322', '6012'),"
    "  ('memo_interest', '9002', '9099'), ('memo_penalty', '9002', '9099'), ('memo_compound', '9002', '9099'),"
    "  ('off_books_interest', '9003', '9099'), ('off_books_penalty', '9003', '9099'),"
    "  ('off_books_compound', '9003', '9099')) grows(kind, debit, credit) ON grows.kind = accrual.kind"
    " CROSS JOIN LATERAL (VALUES (grows.debit, 1), (grows.credit, -1)) leg(account, sign)"
    " LEFT JOIN unnest(%(mapped_products)s::text[], %(mapped_from)s::text[], %(mapped_to)s::text[])"
    "  mapped(product, top, account) ON mapped.product = loan.product_code AND mapped.top = leg.account"
    " WHERE coalesce(mapped.account, leg.account) = ANY (%(accounts)s)"
)
_STATEMENT: Final = (
    "WITH posting AS ({postings}), stated AS (SELECT posting.*, {counted_on} AS counted_on, entry.value_date,"
    " entry.topic, event.originator_id, event.originator_version, event.recorded_at,"
    " coalesce(event.meta->>'command', '') AS command, coalesce(event.meta->>'actor', '') AS actor,"
    " coalesce(event.meta->>'key', '') AS command_key"
    " FROM posting JOIN journal_entry entry USING (posting_date, shard, pos)"
    " JOIN es_event event USING (shard, pos) WHERE {condition}{owned})"
)
_ROWS: Final = (
    " SELECT posting_date, value_date, counted_on, shard, pos, line_no, key, account, signed_minor,"
    " sum(signed_minor) OVER (PARTITION BY currency ORDER BY counted_on, shard, pos, line_no, key)::bigint,"
    " currency, entity_id, loan_id, settlement_account_id, product_code,"
    " (SELECT product_version FROM loan WHERE loan.id = stated.loan_id), topic, originator_id, originator_version,"
    " recorded_at, command, actor, command_key FROM stated"
)
_PAGE: Final = (
    "{statement} SELECT * FROM ({rows}) listed WHERE (%(start)s::date IS NULL OR counted_on >= %(start)s)"
    " AND (%(after)s::text[] IS NULL OR (counted_on, shard, pos, line_no, key) >"
    " ((%(after)s::text[])[1]::date, (%(after)s::text[])[2]::smallint, (%(after)s::text[])[3]::bigint,"
    "  (%(after)s::text[])[4]::integer, (%(after)s::text[])[5]))"
    " ORDER BY counted_on, shard, pos, line_no, key LIMIT %(limit)s"
)
_TOTALS: Final = (
    "{statement} SELECT currency, coalesce(sum(signed_minor) FILTER (WHERE counted_on < %(start)s), 0)::bigint,"
    " coalesce(sum(signed_minor) FILTER (WHERE signed_minor > 0 AND {within}), 0)::bigint,"
    " coalesce(-sum(signed_minor) FILTER (WHERE signed_minor < 0 AND {within}), 0)::bigint"
    " FROM stated GROUP BY 1 ORDER BY 1"
)
_WITHIN: Final = "(%(start)s::date IS NULL OR counted_on >= %(start)s)"


@dataclass(frozen=True)
class Question:
    """Which balance is asked about: an account with its sub-accounts, and whose part of it."""

    account: str
    moment: BookMoment
    start: date | None = None
    loan_id: UUID | None = None
    settlement_account_id: UUID | None = None
    entity_id: UUID | None = None
    product_code: str | None = None

    @property
    def by_loan(self) -> bool:
        """Say whether single loans are asked about, whose accrual stands in the sub-ledger."""
        return self.loan_id is not None or self.entity_id is not None


@dataclass(frozen=True)
class PostingShown:
    """One debit (positive) or credit (negative) of an account, and everything it comes from."""

    posting_date: date
    value_date: date
    counted_on: date
    shard: int
    pos: int
    line_no: int
    key: str
    account: str
    signed_minor: int
    balance_minor: int
    currency: str
    entity_id: UUID | None
    loan_id: UUID | None
    settlement_account_id: UUID | None
    product_code: str
    product_version: int | None
    topic: str
    originator_id: UUID
    originator_version: int
    recorded_at: datetime
    command: str
    actor: str
    command_key: str

    @property
    def cursor(self) -> list[str]:
        """Return what the postings after this one come after."""
        return [str(part) for part in (self.counted_on, self.shard, self.pos, self.line_no, self.key)]


@dataclass(frozen=True)
class StatementTotal:
    """A statement in one currency: opening + debits - credits = closing."""

    currency: str
    opening_minor: int
    debit_minor: int
    credit_minor: int

    @property
    def closing_minor(self) -> int:
        """Return the balance at the end."""
        return self.opening_minor + self.debit_minor - self.credit_minor


@dataclass(frozen=True)
class Statement:
    """The totals of a statement and a page of its postings; ``more`` says that others follow."""

    totals: tuple[StatementTotal, ...]
    postings: tuple[PostingShown, ...]
    more: bool


def account_statement(question: Question, *, limit: int, after: Sequence[str] | None = None) -> Statement:
    """Return a page of a statement, after a cursor. Refuses KnownAtInFuture, Busy."""
    question.moment.settle()
    statement, params = _statement(question)
    page = _PAGE.format(statement=statement, rows=_ROWS)
    totals = _TOTALS.format(statement=statement, within=_WITHIN)
    with one_view():
        rows = _run(page, {**params, "limit": limit + 1, "after": list(after) if after else None})
        sums = _run(totals, params)
    return Statement(
        totals=tuple(StatementTotal(*row) for row in sums),
        postings=tuple(PostingShown(*row) for row in rows[:limit]),
        more=len(rows) > limit,
    )


def read_cursor(values: Sequence[Any]) -> list[str]:
    """Return a cursor that was read from outside; raises ValueError when it cannot be one."""
    day, shard, pos, line_no, key = (str(value) for value in values)
    date.fromisoformat(day)
    if not (0 <= int(shard) < SHARD_COUNT and 0 <= int(pos) < 2**62 and 0 <= int(line_no) < 2**31):
        raise ValueError("no posting has such a place")
    return [day, str(int(shard)), str(int(pos)), str(int(line_no)), key]


def _statement(question: Question) -> tuple[str, dict[str, Any]]:
    condition, params = question.moment.condition()
    postings = _LINES
    if question.by_loan:
        # The sums of a run name no loan; the rows that they consist of do.
        postings += _ACCRUALS
        params |= _mapping()
    owned = ""
    for name in ("loan_id", "settlement_account_id", "entity_id", "product_code"):
        value = getattr(question, name)
        if value is not None:
            owned += f" AND posting.{name} = %({name})s"
            params[name] = value
    counted_on = "posting_date" if question.moment.by is DateKind.POSTING else "entry.value_date"
    params |= {"accounts": list(family_of(question.account)), "start": question.start}
    return _STATEMENT.format(
        postings=postings, counted_on=counted_on, condition=condition, owned=owned
    ), params


def _mapping() -> dict[str, list[str]]:
    rows = account_mapping.mappings_in_force()
    return {
        "mapped_products": [product for product, _, _ in rows],
        "mapped_from": [top for _, top, _ in rows],
        "mapped_to": [account for _, _, account in rows],
    }


def _run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
