"""Statements on the pages of a loan and of a settlement account.

Owns: these links. Refuses to know: what stands on a statement.
"""

from __future__ import annotations

from django.http import HttpRequest

from config.admin import links
from config.admin.documents import COLUMNS, statement_rows
from config.admin.sections import Table, section
from ledger.models import Loan, SettlementAccount
from ledger.queries import open_date_of


@section(links.SETTLEMENT, "Statements", order=5)
def account_statements(_request: HttpRequest, account: SettlementAccount) -> Table:
    """Link to the statements of the account."""
    rows = statement_rows("settlement-account-statement", key=account.id, on=open_date_of(account.id))
    return Table(list(COLUMNS), rows)


@section(links.LOAN, "Statements", order=35)
def loan_statements(_request: HttpRequest, loan: Loan) -> Table:
    """Link to the statements of the loan."""
    return Table(list(COLUMNS), statement_rows("loan-statement", key=loan.id, on=open_date_of(loan.id)))
