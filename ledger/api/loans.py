"""Loans: reading them, their plans, payments, history and payoff quotes.

Owns: one view per address. Refuses to know: how a loan is drawn or repaid; lending gives those commands.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from config.api.access import EVERYBODY
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from ledger import loan_figures, queries
from ledger.api import loan_serializers as shapes
from ledger.loan_payouts import PayoutShown
from ledger.models import Instalment, Loan


class Loans(ListEndpoint):
    """List loans; a borrower sees the loans of the own entity."""

    roles = {"GET": EVERYBODY}
    query = shapes.LoanQuery
    row = shapes.LoanSerializer

    def rows(self) -> QuerySet[Loan]:
        """Return the loans of the scope."""
        return queries.loans(
            scope=self.viewer.scope, status=self.asked.get("status"), entity_id=self.asked.get("entity_id")
        )


class LoanDetail(AnswerEndpoint):
    """Show one loan with its terms and what it owes on the open business date."""

    roles = {"GET": EVERYBODY}
    shape = shapes.LoanDetailSerializer

    def find(self) -> Any:
        """Return the row and the figures of the loan."""
        row = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        figures = loan_figures.loan_figures(loan_id=row.id)
        payout = _in_currency(figures.payout, row.currency)
        return {**_values(row), "terms": figures.terms, "owed": figures.owed, "payout": payout}


class Schedule(ListEndpoint):
    """List the instalments of a loan's repayment plan."""

    roles = {"GET": EVERYBODY}
    query = shapes.ScheduleQuery
    ordering = ("due_on", "schedule_version", "number", "name")
    row = shapes.InstalmentSerializer

    def rows(self) -> QuerySet[Instalment]:
        """Return the rows of the plan."""
        self.loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return queries.plan(loan_id=self.loan.id, superseded=self.asked["versions"] == "all")

    def completed(self, rows: list[Any]) -> list[Any]:
        """Add the loan's currency to each row."""
        return [{**_values(row), "currency": self.loan.currency} for row in rows]


class PayoffQuote(AnswerEndpoint):
    """Quote what pays a loan off on a day."""

    roles = {"GET": EVERYBODY}
    query = shapes.QuoteQuery
    shape = shapes.QuoteSerializer

    def find(self) -> loan_figures.Quote:
        """Return the quote."""
        loan_id: UUID = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"]).id
        return loan_figures.payoff_quote(loan_id=loan_id, on=self.asked.get("on"))


def _in_currency(payout: PayoutShown, currency: str) -> dict[str, Any]:
    parts = [{**asdict(one), "currency": currency} for one in payout.parts]
    return {**asdict(payout), "currency": currency, "parts": parts}


def _values(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
