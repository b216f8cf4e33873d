"""The three things staff may do to a credit line: freeze it, thaw it, change its limit.

Owns: one view per address and the shapes of its body and answer. Refuses to know: a line's rules.
"""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from config.api.access import LIMIT_SETTERS, LINE_KEEPERS
from config.api.fields import AmountField, MoneyText, StrictCharField
from config.api.serializers import MoneySerializer, StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.eventstore.commands import Command
from lending import queries
from lending.commands.drawdown import check_currency
from lending.commands.manage_line import ChangeLimit, FreezeLine, ThawLine

Shape = serializers.Serializer[Any]
REASON_LENGTH_MAX: Final = 200


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
