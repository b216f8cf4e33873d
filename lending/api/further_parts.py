"""Further parts of a loan that is paid out in parts: calling one, and giving up the rest.

Owns: one view per address and the shapes of its bodies and answers. Refuses to know: when a part may be called.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import BORROWING
from config.api.fields import AmountField
from config.api.serializers import MoneySerializer, StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.eventstore.commands import Command
from ledger.queries import loan
from lending.commands.further_part import CallPart, GiveUpRest

Shape = serializers.Serializer[Any]


class PartBody(MoneySerializer):
    """How much of what may still be called is to be paid out now."""

    amount = AmountField()


class PartAnswer(Shape):
    """The part; the bank pays it out at once, but not in this answer."""

    loan_id = serializers.UUIDField()
    part_id = serializers.CharField()


class Parts(CommandEndpoint):
    """Call a further part of a loan; it is paid to the loan's own account."""

    roles = {"POST": BORROWING}
    body = PartBody
    answer = PartAnswer

    def command(self) -> Command:
        """Return the call."""
        row = loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return CallPart(
            loan_id=row.id,
            line_id=row.line_id,
            amount_minor=self.values["amount"].minor_units,
            currency=self.values["currency"],
        )


class RestBody(StrictSerializer):
    """An empty object."""


class RestAnswer(Shape):
    """The loan's state afterwards."""

    loan_id = serializers.UUIDField()
    status = serializers.CharField()


class RestCancellation(CommandEndpoint):
    """Give up what may still be called of a loan; a part under way is still paid."""

    roles = {"POST": BORROWING}
    body = RestBody
    answer = RestAnswer
    success_status = 200

    def command(self) -> Command:
        """Return the renunciation."""
        row = loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        return GiveUpRest(loan_id=row.id, line_id=row.line_id)
