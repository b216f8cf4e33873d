"""Statements of settlement accounts and loans.

Owns: the addresses' parameters and the shape of the answer, which other apps' statements share.
Refuses to know: how balances and movements are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from rest_framework import serializers

from config.api.access import EVERYBODY, HISTORY
from config.api.documents import DocumentEndpoint, DocumentQuery
from config.api.fields import StrictDateField, StrictMomentField
from config.documents.paper import Paper
from config.documents.parties import borrower
from ledger import queries
from ledger.statement_queries import settlement_account
from ledger.statements.as_paper import statement_paper
from ledger.statements.as_values import last_day, statement_rows, statement_values
from ledger.statements.asking import account_statement, loan_statement, period_asked
from ledger.statements.sheets import Period, Statement

Shape = serializers.Serializer[Any]
AMOUNT_HELP = "A decimal string in the sheet's currency."


class StatementQuery(DocumentQuery):
    """A period of posting dates, both days included, as it was known at a moment.

    Without dates it is a month up to the open business date; without a moment it is what is known now, and
    the answer's ``known_at`` gives the same answer again, byte for byte, whatever is recorded later.
    """

    to = StrictDateField(required=False)
    known_at = StrictMomentField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which is a word of the language and cannot name an attribute."""
        return {"from": StrictDateField(required=False), **super().get_fields()}


class StatementTotalSerializer(Shape):
    """All sheets of a kind in a currency: opening + movements = closing."""

    kind = serializers.CharField()
    currency = serializers.CharField()
    opening = serializers.CharField()
    movements = serializers.CharField()
    closing = serializers.CharField()


class StatementLineSerializer(Shape):
    """A movement. ``parts`` are those that are not zero; ``first_day`` begins interest of several days."""

    posting_date = serializers.DateField()
    value_date = serializers.DateField()
    first_day = serializers.DateField(allow_null=True)
    what = serializers.CharField()
    amount = serializers.CharField(help_text=AMOUNT_HELP)
    parts = serializers.DictField(child=serializers.CharField())
    balance = serializers.CharField(help_text=AMOUNT_HELP)
    reference = serializers.CharField()
    topic = serializers.CharField()
    command = serializers.CharField(allow_blank=True)
    loan_id = serializers.UUIDField(allow_null=True)


class StatementSheetSerializer(Shape):
    """One account or loan: opening + movements = closing, in the total and in each part."""

    kind = serializers.ChoiceField(choices=["settlement_account", "loan"])
    id = serializers.UUIDField()
    title = serializers.CharField()
    currency = serializers.CharField()
    opening = serializers.CharField(help_text=AMOUNT_HELP)
    opening_parts = serializers.DictField(child=serializers.CharField())
    movements = StatementLineSerializer(many=True)
    closing = serializers.CharField(help_text=AMOUNT_HELP)
    closing_parts = serializers.DictField(child=serializers.CharField())


class StatementSheetsSerializer(Shape):
    """A statement; of an account or a loan it has one sheet."""

    subject = serializers.ChoiceField(choices=["settlement_account", "loan", "entity"])
    subject_id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    start = serializers.DateField()
    to = serializers.DateField()
    known_at = serializers.DateTimeField()
    totals = StatementTotalSerializer(many=True)
    sheets = StatementSheetSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Show the first day as ``from``, like the parameter that asks for it."""
        return {"from" if name == "start" else name: field for name, field in super().get_fields().items()}


class StatementEndpoint(DocumentEndpoint):
    """A statement in three forms."""

    roles: ClassVar = {"GET": EVERYBODY}
    query = StatementQuery
    shape = StatementSheetsSerializer

    @property
    def with_commands(self) -> bool:
        """Say whether the caller may see which command caused a movement."""
        return bool(self.viewer.roles & HISTORY)

    def period_of(self, identifier: Any) -> Period:
        """Return the period that is asked for."""
        return period_asked(identifier=identifier, first=self.asked.get("from"), last=self.asked.get("to"))

    def values(self, found: Statement) -> dict[str, Any]:
        """Return the statement as JSON values."""
        return statement_values(found, with_commands=self.with_commands)

    def csv_rows(self, found: Statement) -> Iterable[Sequence[object]]:
        """Return one row per balance and movement."""
        return statement_rows(found, with_commands=self.with_commands)

    def paper(self, found: Statement) -> Paper:
        """Return the statement for reading."""
        return statement_paper(found, borrower=borrower(found.entity_id))

    def file_name(self, found: Statement) -> str:
        """Return a name that says whose and which days."""
        return f"statement-{found.subject}-{found.subject_id}-{found.period.start}-{last_day(found)}"


class AccountStatement(StatementEndpoint):
    """Show the statement of a settlement account: opening + movements = closing."""

    def find(self) -> Statement:
        """Return the statement."""
        account = settlement_account(scope=self.viewer.scope, account_id=self.kwargs["account_id"])
        return account_statement(
            scope=self.viewer.scope,
            account_id=account.id,
            period=self.period_of(account.id),
            moment=self.asked.get("known_at"),
        )


class LoanStatement(StatementEndpoint):
    """Show the statement of a loan: what was owed, what was added by the day, and what was paid."""

    def find(self) -> Statement:
        """Return the statement."""
        loan = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return loan_statement(
            scope=self.viewer.scope,
            loan_id=loan.id,
            period=self.period_of(loan.id),
            moment=self.asked.get("known_at"),
        )
