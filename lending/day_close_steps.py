"""Lending's part of the day close: the automatic debit.

Owns: which loans are debited on a date. Refuses to know: how a payment is applied.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from ledger.day_close import day_close_step, give
from lending.commands.repayment import DebitDueAmount

LOANS_DUE = (
    "SELECT l.id, l.line_id, l.account_id FROM loan l JOIN settlement_account s ON s.id = l.account_id"
    " WHERE l.shard = %s AND l.status IN ('active', 'overdue') AND l.next_due_on <= %s"
    " AND s.balance_minor > s.reserved_minor ORDER BY l.next_due_on, l.id"
)


@day_close_step(10, "automatic debit")
def debit_due_amounts(shard: int, day: date) -> int:
    """Take what is due from each loan's own account, oldest due date first."""
    with connection.cursor() as cursor:
        cursor.execute(LOANS_DUE, (shard, day))
        loans = cursor.fetchall()
    for loan_id, line_id, account_id in loans:
        command = DebitDueAmount(loan_id=loan_id, line_id=line_id, source_account_id=account_id)
        give(command, day=day, step="debit", subject=loan_id)
    return len(loans)
