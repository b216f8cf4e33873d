"""Drawing on a credit line.

Owns: the view and the shapes of its body and answer. Refuses to know: the line's and the product's rules.
"""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from config.api.access import BORROWING
from config.api.fields import (
    AmountField,
    StrictCharField,
    StrictDateField,
    StrictIntegerField,
    StrictUUIDField,
)
from config.api.serializers import MoneySerializer, StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.domain.plans.choices import Batch
from ledger.eventstore.commands import Command
from ledger.kernel.money import Money
from ledger.queries import Scope
from ledger.statement_queries import settlement_account
from lending import queries
from lending.commands.drawdown import RequestDrawdown

Shape = serializers.Serializer[Any]
BATCHES_MAX: Final = 60


class BatchBody(StrictSerializer):
    """One agreed repayment of principal."""

    on = StrictDateField()
    amount = AmountField()


class DrawdownBody(MoneySerializer):
    """What is drawn, on which terms, and to which account of the entity it is paid.

    ``term`` counts steps of the product's plan, days of a revolving draw, or batches.
    """

    amounts = ("amount", "first_part")

    amount = AmountField()
    account_id = StrictUUIDField()
    product_code = StrictCharField(max_length=60)
    term = StrictIntegerField(min_value=1)
    batches = serializers.ListField(child=BatchBody(), required=False, max_length=BATCHES_MAX)
    first_part = AmountField(
        required=False,
        help_text="What is paid out at once, where the product is paid out in parts; all of it if absent.",
    )


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
            batches=self._batches(),
            first_part_minor=self._first_part(),
        )

    def _first_part(self) -> int | None:
        first = self.values.get("first_part")
        return first.minor_units if first is not None else None

    def _batches(self) -> tuple[Batch, ...]:
        """Return the agreed batches, in the currency of the draw."""
        currency = self.values["currency"]
        return tuple(
            Batch(batch["on"], Money.parse(batch["amount"], currency=currency, field=name).minor_units)
            for number, batch in enumerate(self.values.get("batches", ()))
            for name in (f"batches.{number}.amount",)
        )
