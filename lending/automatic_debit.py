"""The automatic debit: taking what is due from the borrowers' own accounts, several times a date.

Owns: which loans an attempt looks at, which command each of them gets, and the count of what became of them.
Refuses to know: the clock, Celery, and how a payment is applied. An attempt may be made again: its keys are made
of the date, the attempt and the loan, so nothing is taken twice, and a later attempt takes only what is still due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from ledger.day_close_subjects import give_each
from ledger.eventstore.commands import Command
from lending.commands.debit_in_full import DebitInFull
from lending.commands.repayment import DebitDueAmount
from lending.policies.debit_plan import DebitPlan, debit_plan_on

STEP = "debit"
LOANS_DUE = (
    "SELECT l.id, l.line_id, l.account_id, l.product_code, l.currency"
    " FROM loan l JOIN settlement_account s ON s.id = l.account_id"
    " WHERE l.shard = %s AND l.status IN ('active', 'overdue') AND l.next_due_on <= %s"
    " AND s.balance_minor > s.reserved_minor ORDER BY l.next_due_on, l.id"
)
COUNT_DUE = (
    "SELECT count(*), count(*) FILTER (WHERE s.balance_minor <= s.reserved_minor)"
    " FROM loan l JOIN settlement_account s ON s.id = l.account_id"
    " WHERE l.shard = %s AND l.status IN ('active', 'overdue') AND l.next_due_on <= %s"
)
STILL_DUE = "SELECT count(*) FROM loan WHERE id = ANY(%s::uuid[]) AND next_due_on <= %s"
RECORD = (
    "INSERT INTO debit_attempt (business_date, shard, attempt, planned_at, due, collected, in_part, short,"
    " without_money, set_aside, taken_minor, finished_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, clock_timestamp()) ON CONFLICT DO NOTHING"
)
# An attempt that was overtaken by a later one is not made any more.
SHARDS_TO_TRY = (
    "SELECT s.shard FROM es_shard s WHERE s.open_date = %s"
    " AND EXISTS (SELECT 1 FROM loan l WHERE l.shard = s.shard AND l.next_due_on <= %s"
    " AND l.status IN ('active', 'overdue'))"
    " AND NOT EXISTS (SELECT 1 FROM debit_attempt a WHERE a.shard = s.shard AND a.business_date = %s"
    " AND a.attempt >= %s) ORDER BY 1"
)


@dataclass
class Tally:
    """What became of the loans of one attempt; amounts taken in minor units by currency."""

    due: int = 0
    without_money: int = 0
    given: int = 0
    answered: int = 0
    short: int = 0
    paid: list[UUID] = field(default_factory=list)
    taken_minor: Counter[str] = field(default_factory=Counter)

    def note(self, loan: tuple[UUID, str], result: dict[str, Any]) -> None:
        """Count the answer to one loan's command."""
        loan_id, currency = loan
        self.answered += 1
        self.short += "short_minor" in result
        if applied_minor := result.get("applied_minor", 0):
            self.paid.append(loan_id)
            self.taken_minor[currency] += applied_minor


def shards_to_try(*, day: date, attempt: int) -> list[int]:
    """Return the shards whose open date is the day, with a loan due, and this or a later attempt not made."""
    with connection.cursor() as cursor:
        cursor.execute(SHARDS_TO_TRY, (day, day, day, attempt))
        return [shard for (shard,) in cursor.fetchall()]


def try_shards(*, shards: Iterable[int], day: date, attempt: int) -> int:
    """Make an attempt in the shards that still want it; return how many commands were given."""
    wanted = set(shards) & set(shards_to_try(day=day, attempt=attempt))
    key = f"debit:{day}:{attempt}"
    return sum(try_shard(shard=shard, day=day, attempt=attempt, key=key) for shard in sorted(wanted))


def try_shard(*, shard: int, day: date, attempt: int, key: str = "") -> int:
    """Make one attempt in one shard, record what became of it, and return how many commands were given."""
    plan = debit_plan_on(day)
    loans = _rows(LOANS_DUE, shard, day)
    tally = Tally(*_rows(COUNT_DUE, shard, day)[0])
    known = {str(row[0]): (row[0], row[4]) for row in loans}
    tally.given = give_each(
        _commands(loans, plan),
        shard=shard,
        day=day,
        step=STEP,
        key=key,
        told=lambda subject, result: tally.note(known[subject], result) if subject in known else None,
    )
    if tally.due:
        _record(
            tally, shard=shard, day=day, attempt=attempt, planned_at=plan.name_of(attempt), asked=len(loans)
        )
    return tally.given


def _commands(loans: list[tuple[Any, ...]], plan: DebitPlan) -> dict[str, Command]:
    """Return each loan's command, oldest due date first: as far as there is money, or all or nothing."""
    commands: dict[str, Command] = {}
    for loan_id, line_id, account_id, product_code, _ in loans:
        command = DebitDueAmount if plan.takes_part_of(product_code) else DebitInFull
        commands[str(loan_id)] = command(loan_id=loan_id, line_id=line_id, source_account_id=account_id)
    return commands


def _record(tally: Tally, *, shard: int, day: date, attempt: int, planned_at: str, asked: int) -> None:
    in_part = _rows(STILL_DUE, tally.paid, day)[0][0] if tally.paid else 0
    row = (
        *(day, shard, attempt, planned_at, tally.due, len(tally.paid) - in_part, in_part),
        *(tally.short, tally.without_money, asked - tally.answered),
        msgspec.json.encode(dict(tally.taken_minor)).decode(),
    )
    with connection.cursor() as cursor:
        cursor.execute(RECORD, row)


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
