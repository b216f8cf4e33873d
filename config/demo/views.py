"""What a borrower of the demonstration can see on a morning, read from the books.

Owns: the queries and the values they give. Refuses to know: what anybody does about it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

LINES = (
    "SELECT entity_id, id, currency, status, greatest(limit_minor - reserved_minor - drawn_minor, 0)"
    " FROM credit_line WHERE status <> 'closed' ORDER BY entity_id"
)
LOANS = (
    "SELECT l.entity_id, l.id, l.line_id, l.account_id, l.method, l.currency, l.outstanding_minor,"
    " l.overdue_since, l.next_due_on,"
    " coalesce(sum(i.principal_minor + i.interest_minor - i.paid_principal_minor - i.paid_interest_minor)"
    "   FILTER (WHERE i.due_on <= %(soon)s), 0)::bigint"
    " FROM loan l LEFT JOIN instalment i"
    "   ON i.loan_id = l.id AND i.superseded_by IS NULL AND i.paid_on IS NULL"
    " WHERE l.status IN ('active', 'overdue') GROUP BY l.id ORDER BY l.requested_on, l.id"
)
BALANCES = (
    "SELECT entity_id, id, balance_minor - reserved_minor FROM settlement_account"
    " WHERE balance_minor > reserved_minor ORDER BY id"
)
BORROWERS = (
    "SELECT e.id, e.currency, array_agg(a.id ORDER BY a.role, a.id), coalesce((SELECT sum(m.amount_minor)"
    "   FROM sales_month m WHERE m.entity_id = e.id AND m.month >= %s), 0)::bigint"
    " FROM legal_entity e JOIN shop_account a ON a.entity_id = e.id GROUP BY e.id ORDER BY e.reference"
)
SOON_DAYS = 4


@dataclass(frozen=True)
class Line:
    """A credit line and what may still be drawn on it."""

    id: UUID
    currency: str
    status: str
    available_minor: int


@dataclass(frozen=True)
class Loan:
    """A running loan; ``due_minor`` is what its plan asks for within some days, without penalties."""

    id: UUID
    line_id: UUID
    account_id: UUID
    method: str
    currency: str
    outstanding_minor: int
    overdue_since: date | None
    next_due_on: date | None
    due_minor: int


@dataclass
class Morning:
    """One entity's line, loans and money on the morning of a day."""

    line: Line | None = None
    loans: list[Loan] = field(default_factory=list)
    balances: dict[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Seller:
    """An entity that applied: its accounts, its master first, and the turnover of six months."""

    entity_id: UUID
    currency: str
    account_ids: tuple[UUID, ...]
    turnover_minor: int


def read_sellers(*, since_month: str) -> list[Seller]:
    """Return every entity with its turnover since a month."""
    return [
        Seller(entity_id, currency, tuple(accounts), turnover)
        for entity_id, currency, accounts, turnover in _rows(BORROWERS, (since_month,))
    ]


def read_morning(*, day: date) -> dict[UUID, Morning]:
    """Return what each entity sees."""
    mornings: dict[UUID, Morning] = defaultdict(Morning)
    for entity_id, *line in _rows(LINES):
        mornings[entity_id].line = Line(*line)
    for entity_id, *loan in _rows(LOANS, {"soon": day + timedelta(days=SOON_DAYS)}):
        mornings[entity_id].loans.append(Loan(*loan))
    for entity_id, account_id, balance_minor in _rows(BALANCES):
        mornings[entity_id].balances[account_id] = balance_minor
    return mornings


def _rows(query: str, params: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
