"""``assert_books_hold``: the check that closes every test that writes."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import connection

from ledger.domain.loan_account import LoanAccount
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.codec import restore, schema_version
from ledger.eventstore.followers import follow_all
from ledger.eventstore.rebuilding import rebuild
from ledger.eventstore.recorder import EVENT_STORE
from ledger.eventstore.unit_of_work import replay
from ledger.eventstore.verifying import verify
from lending.domain.credit_line import CreditLine


def assert_books_hold() -> None:
    """Sums are zero, chain and journal verify, sub-ledgers tie to the loans, a rebuild is identical."""
    follow_all()
    assert [str(problem) for problem in verify()] == []
    for loan_id, shard, status in _rows("SELECT id, shard, status FROM loan"):
        assert_loan_ties(loan_id, shard, status)
    for account_id, balance in _rows("SELECT id, balance_minor FROM settlement_account"):
        account = replay(SettlementAccount, account_id)
        posted = _one(
            "SELECT coalesce(sum(CASE side WHEN 'C' THEN amount_minor ELSE -amount_minor END), 0)"
            " FROM journal_line WHERE account = '2101' AND settlement_account_id = %s",
            account_id,
        )
        assert account.state.balance_minor == balance == posted
    for line_id, limit, reserved, drawn in _rows(
        "SELECT id, limit_minor, reserved_minor, drawn_minor FROM credit_line"
    ):
        line = replay(CreditLine, line_id)
        assert (line.state.limit_minor, line.state.reserved_minor, line.state.drawn_minor) == (
            limit,
            reserved,
            drawn,
        )
        outstanding = _one("SELECT coalesce(sum(outstanding_minor), 0) FROM loan WHERE line_id = %s", line_id)
        assert drawn == outstanding
    _assert_heads_are_replays()
    proofs = rebuild()
    assert [proof.table for proof in proofs if not proof.identical] == []


def _assert_heads_are_replays() -> None:
    """The next command decides on the head row; it must say what the events say."""
    for aggregate_id, version, schema, state in _rows(
        "SELECT originator_id, version, schema_version, state::text FROM es_snapshot"
    ):
        first = EVENT_STORE.get(aggregate_id, lte=1)
        cls = next(iter(first)).aggregate_class
        whole = replay(cls, aggregate_id)
        assert version == whole.version
        if schema == schema_version(cls):
            assert restore(cls, aggregate_id, version, json.loads(state)).state == whole.state


def assert_loan_ties(loan_id, shard, status) -> None:
    """The ledger's accounts of one loan hold exactly what the loan says it is owed."""
    loan = replay(LoanAccount, loan_id)
    assert str(loan.state.status) == status
    on = _one("SELECT open_date FROM es_shard WHERE shard = %s", shard)
    principal = _balance(loan_id, "1301")
    outstanding = _one("SELECT outstanding_minor FROM loan WHERE id = %s", loan_id)
    assert (
        principal
        == outstanding
        == sum(row.plan.principal_minor - row.paid.principal_minor for row in loan.state.rows)
        * (status not in ("requested", "cancelled"))
    )
    accrued = dict(
        _rows(
            "SELECT CASE kind WHEN 'interest' THEN '1321' ELSE '1322' END, sum(amount_minor)"
            " FROM accrual_row WHERE loan_id = %s GROUP BY 1",
            loan_id,
        )
    )
    held = {"1321": 0, "1322": 0}
    for accrual in loan.state.accruals:
        account = "1321" if accrual.kind == "interest" else "1322"
        held[account] += accrual.earned(on) - accrual.settled_minor
    for account, owed in held.items():
        assert _balance(loan_id, account) + accrued.get(account, 0) == owed, (loan_id, account, on)


def _balance(loan_id, account) -> int:
    return _one(
        "SELECT coalesce(sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END), 0)"
        " FROM journal_line WHERE loan_id = %s AND split_part(account, '.', 1) = %s",
        loan_id,
        account,
    )


def _rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _one(sql, *params):
    return _rows(sql, *params)[0][0]


def next_day(day):
    return day + timedelta(days=1)
