"""Everything the books say of one loan, without its identifiers, so that two lives can be held together.

Owns: what is compared. Refuses to know: how a life came about. The day each thing was recorded is left out:
two lives that say the same by value date may have learnt it on different days.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from tests.builders.books import ACCRUED

LOAN = """
    SELECT status, outstanding_minor, overpaid_minor, schedule_version, category, next_due_on, overdue_since,
           maturity_on, non_accrual_since, charged_off_on, settled_on FROM loan WHERE id = %s
"""
ROWS = """
    SELECT kind, schedule_version, number, period_start, due_on, opening_minor, fee_minor, interest_minor,
           principal_minor, paid_fee_minor, paid_penalty_minor, paid_compound_minor, paid_interest_minor,
           paid_principal_minor, waived_fee_minor, waived_penalty_minor, waived_compound_minor,
           waived_interest_minor, waived_principal_minor, overdue_since, penalised_on, paid_on
      FROM instalment WHERE loan_id = %s AND superseded_by IS NULL ORDER BY 1, 2, 3, due_on
"""
PAYMENTS = """
    SELECT value_date, kind, amount_minor, fee_minor, penalty_minor, compound_minor, interest_minor,
           principal_minor, surplus_minor, recovered_minor
      FROM repayment WHERE loan_id = %s AND reversed_on IS NULL ORDER BY 1, 2, 3
"""
OVERDUES = """
    SELECT number, due_on, overdue_since, passed_grace_on, cured_on FROM overdue_instalment
     WHERE loan_id = %s ORDER BY 1, 2
"""
LINE = "SELECT drawn_minor FROM credit_line WHERE id = (SELECT line_id FROM loan WHERE id = %s)"
POSTED = """
    SELECT account, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)::bigint
      FROM journal_line WHERE loan_id = %s AND NOT account = ANY ('{1391,9001,9099}') GROUP BY 1
"""


def balances_of(loan_id: UUID) -> dict[str, int]:
    """Return what the ledger holds of a loan by account, debits above zero, with what day closes accrued.

    Without the allowance that a loss only passes through, the line's commitment and the memo's contra.
    """
    held = dict(_rows(POSTED, loan_id))
    for account, amount in _rows(ACCRUED, loan_id):
        held[account] = held.get(account, 0) + amount
    return {account: amount for account, amount in sorted(held.items()) if amount and account != "9099"}


def standing_of(loan_id: UUID) -> dict[str, object]:
    """Return the loan, its rows, payments, arrears, its line and its balances."""
    asked = {"loan": LOAN, "rows": ROWS, "payments": PAYMENTS, "overdues": OVERDUES, "line": LINE}
    return {name: _rows(query, loan_id) for name, query in asked.items()} | {"books": balances_of(loan_id)}


def lines_of(loan_id: UUID) -> list[tuple]:
    """Return the journal lines of a loan as they were written."""
    return _rows(
        "SELECT shard, pos, line_no, posting_date, account, side, amount_minor FROM journal_line"
        " WHERE loan_id = %s ORDER BY shard, pos, line_no",
        loan_id,
    )


def _rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
