"""``assert_books_hold``: the check that closes every test that writes."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

from django.db import connection

from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_growth import grown
from ledger.domain.servicing.books import CREDITS
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.codec import restore, schema_version
from ledger.eventstore.followers import follow_all
from ledger.eventstore.rebuilding import rebuild
from ledger.eventstore.recorder import EVENT_STORE
from ledger.eventstore.unit_of_work import replay
from ledger.eventstore.verifying import verify
from ledger.postings import ACCOUNTS, OPENING
from lending.domain.credit_line import CreditLine

# What day closes have posted of one loan, by account, debits above zero.
ACCRUED = """
    SELECT account, sum(amount)::bigint FROM (
      SELECT unnest(CASE WHEN kind LIKE 'off_books_%%' THEN array['9003', '9099']
                         WHEN kind LIKE 'memo_%%' THEN array['9002', '9099']
                         WHEN kind = 'interest' THEN array['1321', '6011'] ELSE array['1322', '6012'] END) AS account,
             unnest(array[amount_minor, -amount_minor]) AS amount
        FROM accrual_row WHERE loan_id = %s) rows GROUP BY 1
"""


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
        assert line.state.committed_minor == max(0, limit - drawn)
        assert line.state.reservations == _held_for_loans(line_id)
    for entity_id, committed in _rows(
        "SELECT entity_id, sum(greatest(limit_minor - drawn_minor, 0)) FROM credit_line GROUP BY 1"
    ):
        assert committed == _one(
            "SELECT coalesce(sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END), 0)"
            " FROM journal_line WHERE account = '9001' AND entity_id = %s",
            entity_id,
        )
    _assert_heads_are_replays()
    proofs = rebuild()
    assert [proof.table for proof in proofs if not proof.identical] == []


def _held_for_loans(line_id) -> dict[str, int]:
    """What a line has to hold: all of a loan that waits for the bank, and what is still to come of one in parts."""
    held = {}
    for (loan_id,) in _rows("SELECT id FROM loan WHERE line_id = %s", line_id):
        state = replay(LoanAccount, loan_id).state
        if state.status == "requested":
            held[str(loan_id)] = state.principal_minor
        elif state.parts is not None and state.parts.held_minor:
            held[str(loan_id)] = state.parts.held_minor
    return held


def _assert_heads_are_replays() -> None:
    """The next command decides on the head row, or on a kept state and the events after it: as the events say."""
    for aggregate_id, version, schema, state in _rows(
        "SELECT originator_id, version, schema_version, state::text FROM es_snapshot"
    ):
        first = EVENT_STORE.get(aggregate_id, lte=1)
        cls = next(iter(first)).aggregate_class
        whole = replay(cls, aggregate_id, version=version)
        assert not cls.hot or version == replay(cls, aggregate_id).version
        if schema == schema_version(cls):
            assert restore(cls, aggregate_id, version, json.loads(state)).state == whole.state


# A payout goes through the borrower's account to the bank, so only both together say what a loan gave and took.
AT_BANK = ("2101", "1002")


def assert_loan_ties(loan_id, shard, status) -> None:
    """The ledger's accounts of one loan hold exactly what is derived from its facts, balance by balance."""
    loan = replay(LoanAccount, loan_id)
    state, on = loan.state, _one("SELECT open_date FROM es_shard WHERE shard = %s", shard)
    assert str(state.status) == status
    outstanding = _one("SELECT outstanding_minor FROM loan WHERE id = %s", loan_id)
    assert outstanding == state.standing.outstanding_minor
    if not state.facts:
        return
    shown = grown(state.books, state.accruals, since=state.as_of, until=on)
    held = dict(_rows(ACCRUED, loan_id))
    by_account = Counter()
    for component, amount in shown.balances():
        by_account[ACCOUNTS[component]] += -amount if component in CREDITS else amount
    left = _left_in_other_books(loan_id)
    by_account.subtract(left)
    assert _balance(loan_id, "3001") == left.total(), loan_id
    for account, amount in by_account.items():
        if account not in AT_BANK:
            assert _balance(loan_id, account) + held.get(account, 0) == amount, (loan_id, account, on)
    money = sum(_balance(loan_id, account) for account in AT_BANK)
    assert money == sum(by_account[account] for account in AT_BANK), (loan_id, on)
    if state.standing.wakes_on is None or state.standing.wakes_on > on:
        assert loan.position(on).books == shown, (loan_id, on)


def _left_in_other_books(loan_id) -> Counter:
    """What a loan that was taken over had earned, lost and moved by then: no result of these books (account 3001)."""
    left = Counter()
    for event in EVENT_STORE.get(loan_id):
        if event.TOPIC == "loan.taken_over":
            for one in event.adjustments:
                if one.component not in OPENING:
                    left[ACCOUNTS[one.component]] += (
                        -one.amount_minor if one.component in CREDITS else one.amount_minor
                    )
    return left


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
