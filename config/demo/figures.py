"""The figures of a demonstration, read from the books when the last day is closed.

Owns: the questions and the shape of the answers, which is the shape of the JSON report. Amounts are text
with the decimals of their currency. Refuses to know: how figures are printed, and whether they are good.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from ledger.kernel.money import Money

Row = dict[str, Any]

APPLICATIONS = "SELECT status, count(*) AS count FROM application GROUP BY 1 ORDER BY 1"
REJECTIONS = (
    "SELECT r->>'code' AS reason, count(*) AS count FROM application, jsonb_array_elements(reasons) r"
    " WHERE status = 'rejected' GROUP BY 1 ORDER BY 2 DESC, 1"
)
LINES = (
    "SELECT currency, count(*) AS lines, count(*) FILTER (WHERE status = 'active') AS active,"
    " sum(limit_minor)::bigint AS limit_minor, sum(drawn_minor)::bigint AS drawn_minor,"
    " sum(reserved_minor)::bigint AS held_minor FROM credit_line GROUP BY 1 ORDER BY 1"
)
LOANS = (
    "SELECT currency, product_code AS product, status, count(*) AS loans,"
    " sum(principal_minor)::bigint AS principal_minor, sum(outstanding_minor)::bigint AS outstanding_minor"
    " FROM loan GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
REPAID = (
    "SELECT currency, kind, reason, count(*) AS repayments, sum(amount_minor)::bigint AS amount_minor,"
    " sum(fee_minor)::bigint AS fee_minor, sum(penalty_minor)::bigint AS penalty_minor,"
    " sum(compound_minor)::bigint AS compound_minor, sum(interest_minor)::bigint AS interest_minor,"
    " sum(principal_minor)::bigint AS principal_minor FROM repayment WHERE reversed_on IS NULL"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
OVERDUE = (
    "SELECT l.currency, count(*) AS instalments_ever, count(o.cured_on) AS cured,"
    " count(o.passed_grace_on) AS past_grace, count(*) FILTER (WHERE o.cured_on IS NULL) AS open,"
    " count(DISTINCT o.loan_id) FILTER (WHERE l.status = 'overdue') AS loans_overdue,"
    " coalesce(sum(i.principal_minor + i.interest_minor - i.paid_principal_minor - i.paid_interest_minor)"
    "   FILTER (WHERE o.cured_on IS NULL), 0)::bigint AS open_minor"
    " FROM overdue_instalment o JOIN loan l ON l.id = o.loan_id LEFT JOIN instalment i"
    " ON i.loan_id = o.loan_id AND i.name = o.name GROUP BY 1 ORDER BY 1"
)
DEDUCTED = (
    "SELECT state->>'currency' AS currency, count(*) AS deductions,"
    " sum((state->>'amount_minor')::bigint)::bigint AS amount_minor"
    " FROM es_event WHERE topic = 'settlement.deducted' AND state->>'reason' = 'linked_deduction'"
    " GROUP BY 1 ORDER BY 1"
)
NOTICES = (
    "SELECT payload->>'template' AS template, count(*) AS notices,"
    " count(*) FILTER (WHERE state = 'done') AS delivered"
    " FROM es_outbox WHERE kind = 'notice' GROUP BY 1 ORDER BY 1"
)
BLACKLIST = (
    "SELECT blacklist_reason AS reason, count(*) AS entities,"
    " sum((SELECT count(*) FROM blacklist_entry b WHERE b.entity_id = e.id))::bigint AS identities"
    " FROM legal_entity e WHERE blacklisted_on IS NOT NULL GROUP BY 1 ORDER BY 1"
)
REFUSED = (
    "SELECT command, outcome->'refusal'->>'code' AS code, count(*) AS count FROM es_command"
    " WHERE outcome ? 'refusal' GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"
)
PAYOUTS = (
    "SELECT outcome, currency, count(*) AS payouts, count(*) FILTER (WHERE o.attempts > 1) AS asked_again,"
    " sum(amount_minor)::bigint AS amount_minor"
    " FROM sandbox_payment p JOIN es_outbox o ON o.kind = 'payout' AND o.reference = p.reference"
    " GROUP BY 1, 2 ORDER BY 1, 2"
)
OUTBOX = "SELECT kind, state, count(*) AS messages FROM es_outbox GROUP BY 1, 2 ORDER BY 1, 2"
TRIAL_BALANCE = (
    "SELECT l.currency, l.account, a.name,"
    " coalesce(sum(l.amount_minor) FILTER (WHERE l.side = 'D'), 0)::bigint AS debit_minor,"
    " coalesce(sum(l.amount_minor) FILTER (WHERE l.side = 'C'), 0)::bigint AS credit_minor"
    " FROM journal_line l JOIN gl_account a ON a.code = l.account GROUP BY 1, 2, 3 ORDER BY 1, 2"
)
COUNTS = (
    "SELECT (SELECT count(*) FROM es_command) AS commands, (SELECT count(*) FROM es_event) AS events,"
    " (SELECT count(*) FROM accrual_row) AS loan_days, (SELECT count(*) FROM receipt) AS receipts,"
    " (SELECT count(*) FROM journal_entry) AS journal_entries,"
    " (SELECT count(*) FROM journal_line) AS journal_lines,"
    " (SELECT count(*) FROM legal_entity) AS entities,"
    " (SELECT count(*) FROM shop_account) AS shop_accounts,"
    " (SELECT count(*) FROM order_line) AS order_lines,"
    " (SELECT min(open_date)::text FROM es_shard) AS open_date"
)


def read_figures() -> dict[str, Any]:
    """Return every figure of the books, ready to be written as JSON."""
    return {
        "counts": _ask(COUNTS)[0],
        "applications": _ask(APPLICATIONS),
        "rejections": _ask(REJECTIONS),
        "lines": _ask(LINES),
        "loans": _ask(LOANS),
        "repaid": _ask(REPAID),
        "overdue": _ask(OVERDUE),
        "deducted": _ask(DEDUCTED),
        "notices": _ask(NOTICES),
        "blacklisted": _ask(BLACKLIST),
        "refused": _ask(REFUSED),
        "payouts": _ask(PAYOUTS),
        "outbox": _ask(OUTBOX),
        "trial_balance": trial_balance(),
    }


def trial_balance() -> list[Row]:
    """Return debits and credits per currency and account, and a total that must be 0.00 per currency."""
    lines = _rows(TRIAL_BALANCE)
    totals = []
    for currency in sorted({line["currency"] for line in lines}):
        mine = [line for line in lines if line["currency"] == currency]
        debit, credit = (sum(line[side] for line in mine) for side in ("debit_minor", "credit_minor"))
        name = {"currency": currency, "account": "total", "name": "debits less credits"}
        totals.append({**name, "debit_minor": debit, "credit_minor": credit})
    for line in (*lines, *totals):
        line["balance_minor"] = line["debit_minor"] - line["credit_minor"]
    return [_with_amounts(line) for line in (*lines, *totals)]


def _ask(query: str) -> list[Row]:
    return [_with_amounts(row) for row in _rows(query)]


def _rows(query: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _with_amounts(row: Row) -> Row:
    """Write minor units as text in the row's currency."""
    return {
        name.removesuffix("_minor"): Money(value, row["currency"]).as_text()
        if name.endswith("_minor") and value is not None
        else value
        for name, value in row.items()
    }
