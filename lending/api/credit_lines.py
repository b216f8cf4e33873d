"""Credit lines: reading them, drawing on them, and the three things staff may do to them.

Owns: one view per address and the shapes of its body and answer. Refuses to know: a line's rules.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from rest_framework import serializers

from config.api.access import BORROWING, CREDIT, LIMIT_SETTERS, LINE_KEEPERS
from config.api.endpoints import AnswerEndpoint, CommandEndpoint, ListEndpoint
from config.api.fields import (
    AmountField,
    MoneyText,
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictUUIDField,
)
from config.api.pagination import PageQuery
from config.api.serializers import MoneySerializer, StrictSerializer
from ledger.eventstore.commands import Command
from ledger.queries import Scope
from ledger.statement_queries import settlement_account
from lending import queries
from lending.commands.drawdown import RequestDrawdown, check_currency
from lending.commands.manage_line import ChangeLimit, FreezeLine, ThawLine
from lending.models import CreditLine

Shape = serializers.Serializer[Any]
STATUSES: Final = ("active", "frozen", "blacklisted", "closed")
REASON_LENGTH_MAX: Final = 200


class LineQuery(PageQuery):
    """Narrows the list of lines."""

    entity_id = StrictUUIDField(required=False)
    status = StrictChoiceField(choices=STATUSES, required=False)


class LineSerializer(Shape):
    """A revolving line: limit = held + drawn + available, unless it is blocked or was cut."""

    id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    currency = serializers.CharField()
    limit = MoneyText(source="limit_minor")
    held = MoneyText(source="reserved_minor")
    drawn = MoneyText(source="drawn_minor")
    available = MoneyText(source="available_minor")
    status = serializers.CharField()
    opened_on = serializers.DateField()


class CreditLines(ListEndpoint):
    """List credit lines."""

    roles = {"GET": CREDIT}
    query = LineQuery
    row = LineSerializer

    def rows(self) -> QuerySet[CreditLine]:
        """Return the lines of the scope."""
        return queries.credit_lines(
            scope=self.viewer.scope, entity_id=self.asked.get("entity_id"), status=self.asked.get("status")
        )


class CreditLineDetail(AnswerEndpoint):
    """Show one credit line."""

    roles = {"GET": CREDIT}
    shape = LineSerializer

    def find(self) -> CreditLine:
        """Return the line."""
        return queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])


class DrawdownBody(MoneySerializer):
    """What is drawn, on which terms, and to which account of the entity it is paid."""

    amount = AmountField()
    account_id = StrictUUIDField()
    product_code = StrictCharField(max_length=60)
    term = StrictIntegerField(min_value=1)


class DrawdownAnswer(Shape):
    """The loan; the bank pays it out at once, but not in this answer."""

    loan_id = serializers.UUIDField()


class Drawdowns(CommandEndpoint):
    """Draw on a credit line."""

    roles = {"POST": BORROWING}
    body = DrawdownBody
    answer = DrawdownAnswer
    made = ("loan", "loan_id")

    def command(self) -> Command:
        """Return the draw; the account is one of the entity whose line it is."""
        line = queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])
        account = settlement_account(
            scope=Scope(line.entity_id), account_id=self.values["account_id"], field="account_id"
        )
        return RequestDrawdown(
            line_id=line.id,
            account_id=account.id,
            amount_minor=self.values["amount"].minor_units,
            currency=self.values["currency"],
            product_code=self.values["product_code"],
            term=self.values["term"],
        )


class ReasonBody(StrictSerializer):
    """Why it is done; kept with the fact."""

    reason = StrictCharField(max_length=REASON_LENGTH_MAX)


class EmptyBody(StrictSerializer):
    """An empty object."""


class LineAnswer(Shape):
    """The line's state afterwards."""

    line_id = serializers.UUIDField()
    status = serializers.CharField()


class Freeze(CommandEndpoint):
    """Stop new draws on a line."""

    roles = {"POST": LINE_KEEPERS}
    body = ReasonBody
    answer = LineAnswer
    success_status = 200

    def command(self) -> Command:
        """Return the freeze."""
        line = queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])
        return FreezeLine(line_id=line.id, reason=self.values["reason"])


class Thaw(CommandEndpoint):
    """Allow draws on a frozen line again."""

    roles = {"POST": LINE_KEEPERS}
    body = EmptyBody
    answer = LineAnswer
    success_status = 200

    def command(self) -> Command:
        """Return the thaw."""
        line = queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])
        return ThawLine(line_id=line.id)


class LimitBody(MoneySerializer):
    """The new limit, which may be zero, and why."""

    amounts = ("limit",)
    zero_allowed = True

    limit = AmountField()
    reason = StrictCharField(max_length=REASON_LENGTH_MAX)


class LimitAnswer(Shape):
    """The limit afterwards."""

    line_id = serializers.UUIDField()
    currency = serializers.CharField()
    limit = MoneyText(source="limit_minor")


class Limit(CommandEndpoint):
    """Raise or cut the limit of a line; loans that exist are untouched."""

    roles = {"POST": LIMIT_SETTERS}
    body = LimitBody
    answer = LimitAnswer
    success_status = 200

    def command(self) -> Command:
        """Return the change; refuses a limit in another currency than the line's."""
        self.line = queries.credit_line(scope=self.viewer.scope, line_id=self.kwargs["line_id"])
        check_currency(self.values["currency"], self.line.currency)
        return ChangeLimit(
            line_id=self.line.id, limit_minor=self.values["limit"].minor_units, reason=self.values["reason"]
        )

    def led_to(self, result: dict[str, Any]) -> dict[str, Any]:
        """Add the line's currency."""
        return {**result, "currency": self.line.currency}
