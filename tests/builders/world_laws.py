"""The laws that hold after every single step of any life, asked of the tables in a few statements.

Owns: what must be true at any moment between two commands. Refuses to know: what the steps were.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from tests.builders.books import assert_loan_ties

SIGNED = "sum(CASE side WHEN '{side}' THEN amount_minor ELSE -amount_minor END)"
DEBIT, CREDIT = SIGNED.format(side="D"), SIGNED.format(side="C")
# What is still to come of each loan once its first part was paid: agreed, less further parts, less what ended.
REST = (
    "SELECT originator_id, coalesce(sum(CASE WHEN topic = 'loan.parts_agreed' THEN (state->>'rest_minor')::bigint"
    " WHEN topic = 'loan.rest_ended' OR topic = 'loan.disbursed' AND state->'fact'->>'id' <> 'payout'"
    " THEN -(state->>'amount_minor')::bigint END), 0) AS rest FROM es_event WHERE topic LIKE 'loan.%%' GROUP BY 1"
)
STAYED = (
    "NOT EXISTS (SELECT 1 FROM es_event b WHERE b.originator_id = e.originator_id AND b.topic ="
    " 'loan.disbursement_reversed' AND b.state->'fact'->'details'->>'of' = e.state->'fact'->>'id')"
)
AT_BANK = (
    "coalesce((SELECT sum(amount_minor - returned_minor) FROM receipt r WHERE r.currency = j.currency), 0)"
    " - coalesce((SELECT sum((e.state->>'amount_minor')::bigint) FROM es_event e"
    f" WHERE e.topic = 'loan.disbursed' AND e.state->>'currency' = j.currency AND {STAYED}), 0)"
    " - coalesce((SELECT sum(amount_minor) FROM withdrawal w WHERE w.currency = j.currency AND status = 'paid'), 0)"
    " + coalesce((SELECT sum((s.state->'fact'->'details'->>'price_minor')::bigint) FROM es_event s"
    " WHERE s.topic = 'loan.sold' AND s.state->>'currency' = j.currency AND NOT EXISTS"
    " (SELECT FROM es_event u WHERE u.originator_id = s.originator_id AND u.topic = 'loan.sale_undone'"
    " AND u.state->'fact'->'details'->>'of' = s.state->'fact'->>'id')), 0)"
)
LAWS = {
    "debits equal credits in every currency, on and off the balance sheet": (
        f"SELECT currency, left(account, 1) = '9', {DEBIT} FROM journal_line GROUP BY 1, 2 HAVING {DEBIT} <> 0"
    ),
    "a loan owes the principal that its ledger account holds": (
        "SELECT l.id, l.outstanding_minor, j.held FROM loan l LEFT JOIN (SELECT loan_id, "
        f"{DEBIT} AS held FROM journal_line WHERE account = '1301' GROUP BY 1) j ON j.loan_id = l.id"
        " WHERE CASE WHEN l.charged_off_on IS NULL THEN l.outstanding_minor ELSE 0 END <> coalesce(j.held, 0)"
    ),
    "a loan owes the principal that is open on its plan": (
        "SELECT l.id, l.outstanding_minor, i.open FROM loan l JOIN (SELECT loan_id,"
        " sum(principal_minor - paid_principal_minor - waived_principal_minor) AS open FROM instalment"
        " WHERE superseded_by IS NULL"
        " GROUP BY 1) i ON i.loan_id = l.id WHERE i.open <> l.outstanding_minor"
    ),
    "an account holds what its ledger account holds, and never less than nothing": (
        "SELECT a.id, a.balance_minor, j.held FROM settlement_account a LEFT JOIN"
        f" (SELECT settlement_account_id, {CREDIT} AS held FROM journal_line WHERE account = '2101' GROUP BY 1) j"
        " ON j.settlement_account_id = a.id"
        " WHERE a.balance_minor <> coalesce(j.held, 0) OR a.balance_minor < a.reserved_minor"
    ),
    "a line has drawn what its loans owe and reserved what waits for the bank or may still be called": (
        "SELECT c.id, c.drawn_minor, c.reserved_minor, l.owed, l.waiting FROM credit_line c LEFT JOIN"
        " (SELECT line_id, sum(outstanding_minor) AS owed, sum(CASE WHEN status = 'requested' THEN principal_minor"
        f" WHEN disbursed_on IS NOT NULL THEN rest ELSE 0 END) AS waiting FROM loan JOIN ({REST}) e"
        " ON e.originator_id = id GROUP BY 1) l ON l.line_id = c.id"
        " WHERE c.drawn_minor <> coalesce(l.owed, 0) OR c.reserved_minor <> coalesce(l.waiting, 0)"
    ),
    "the commitment off the balance sheet is the limit less what is drawn, and never less than nothing": (
        "SELECT c.entity_id, greatest(c.limit_minor - c.drawn_minor, 0), j.held FROM credit_line c LEFT JOIN"
        f" (SELECT entity_id, {DEBIT} AS held FROM journal_line WHERE account = '9001' GROUP BY 1) j"
        " USING (entity_id) WHERE greatest(c.limit_minor - c.drawn_minor, 0) <> coalesce(j.held, 0)"
    ),
    "the bank holds what arrived and was not taken back, and the prices of loans, less what was paid out": (
        f"SELECT currency, {DEBIT}, {AT_BANK} FROM journal_line j"
        f" WHERE account = '1002' GROUP BY 1 HAVING {DEBIT} <> {AT_BANK}"
    ),
    "an account holds back what waits for the bank": (
        "SELECT a.id, a.reserved_minor, w.waiting FROM settlement_account a LEFT JOIN (SELECT account_id,"
        " sum(amount_minor) AS waiting FROM withdrawal WHERE status = 'requested' GROUP BY 1) w"
        " ON w.account_id = a.id WHERE a.reserved_minor <> coalesce(w.waiting, 0)"
    ),
    "a repayment is fully explained by its parts": (
        "SELECT loan_id, sequence FROM repayment WHERE amount_minor <>"
        " fee_minor + penalty_minor + compound_minor + interest_minor + principal_minor + surplus_minor"
        " + recovered_minor"
    ),
    "nothing paid is more than what was planned": (
        "SELECT loan_id, name FROM instalment WHERE paid_principal_minor > principal_minor"
        " OR least(paid_principal_minor, paid_interest_minor, paid_penalty_minor, paid_compound_minor) < 0"
    ),
    "the bank was asked for each loan once and said what the loan says": (
        "SELECT l.id, l.status, p.outcome FROM loan l JOIN sandbox_payment p ON p.reference = l.id::text"
        " WHERE l.disbursed_on IS NOT NULL AND p.outcome <> 'paid' OR l.status = 'cancelled' AND p.outcome = 'paid'"
    ),
}


def broken_laws() -> Iterator[str]:
    """Yield every law that does not hold, with the first rows that break it."""
    with connection.cursor() as cursor:
        for law, rows_that_break_it in LAWS.items():
            cursor.execute(rows_that_break_it)
            if rows := cursor.fetchmany(3):
                yield f"{law}: {rows}"


def assert_laws_hold(*, loans: list[UUID] | None = None) -> None:
    """Raise AssertionError unless every law holds and the given loans agree with their events."""
    assert list(broken_laws()) == []
    for loan_id, shard, status in _loans(loans or []):
        assert_loan_ties(loan_id, shard, status)


def _loans(loans: list[UUID]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, shard, status FROM loan WHERE id = ANY (%s)", (loans,))
        return cursor.fetchall()
