"""Statements on the page of an entity, and letters on the page of a loan.

Owns: these links. Refuses to know: what stands on a document.
"""

from __future__ import annotations

from django.http import HttpRequest

from config.admin import links
from config.admin.documents import COLUMNS, document_row, statement_rows
from config.admin.sections import Table, section
from ledger.domain.loan_state import LoanStatus
from ledger.models import Loan
from ledger.queries import open_date_of
from lending.models import LegalEntity

PAYOFF_DAYS = 10


@section(links.ENTITY, "Statements", order=5)
def entity_statements(_request: HttpRequest, entity: LegalEntity) -> Table:
    """Link to the statements of everything the entity has."""
    return Table(list(COLUMNS), statement_rows("entity-statement", key=entity.id, on=open_date_of(entity.id)))


@section(links.LOAN, "Letters", order=36)
def letters(_request: HttpRequest, loan: Loan) -> Table | None:
    """Link to the contract, and to the payoff letter while there is something to pay off."""
    if loan.disbursed_on is None:
        return None
    rows = [document_row("contract", "loan-contract", key=loan.id)]
    if loan.status in (LoanStatus.ACTIVE, LoanStatus.OVERDUE):
        title = f"payoff, {PAYOFF_DAYS} days"
        rows.append(document_row(title, "loan-payoff-letter", key=loan.id, days=PAYOFF_DAYS))
    return Table(list(COLUMNS), rows)
