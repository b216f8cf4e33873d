"""What if: what a loan would be after facts and repayments that nobody has recorded.

Owns: reading the steps, and the shape of the comparison. Refuses to know: what steps lead to. Nothing is written
and nothing remembered, so no key names the request.
"""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import FACT_READERS
from config.api.endpoints import Endpoint
from config.api.fields import MoneyText
from config.api.schema import EndpointSchema
from ledger import queries
from ledger.api.loan_positions import PositionRowSerializer, PositionSerializer, position_values
from ledger.calculators.fields import Amount, Choice, CurrencyCode, Day, Kind
from ledger.calculators.refusals import InputFieldInvalid
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.loan_payments import REPAYMENT_KINDS
from ledger.domain.loan_record import RecordedRow
from ledger.domain.loan_state import LoanState
from ledger.domain.plans.replanning import Replan
from ledger.kernel.money import CurrencyMismatch, Money
from ledger.loan_fact_queries import loan_account
from ledger.loan_fact_reports import FACT, reported_fact
from ledger.what_if import STEPS_MAX, Payment, Step, WhatIf, what_if

PAYMENT: Final = Shape(
    {
        "kind": Field(Choice(tuple(REPAYMENT_KINDS)), "What it is for."),
        "currency": Field(CurrencyCode(), "The loan's currency."),
        "amount": Field(Amount(), "How much; what is due, or the payoff, if not given.", default=None),
        "mode": Field(Choice.of(Replan), "What principal ahead of time makes smaller.", default=None),
        "value_date": Field(
            Day(), "When it counts; a day ahead is waited for. The business date, if not given.", default=None
        ),
    }
)


class _Step(Kind):
    """One of ``repayment`` and ``fact``; a fact is read later, when the loan is known."""

    def read(self, value: Any, *, path: str, currency: str) -> Any:
        """Refuse everything that is not exactly one of the two."""
        if not isinstance(value, dict) or set(value) not in ({"repayment"}, {"fact"}):
            raise InputFieldInvalid("A step is a repayment or a fact.", field=path)
        if "fact" in value:
            return value
        return {"repayment": PAYMENT.read(value["repayment"], path=f"{path}.repayment", currency=currency)}

    def schema(self) -> dict[str, Any]:
        """Describe both."""
        kinds = {"repayment": PAYMENT.schema(), "fact": FACT.schema()}
        return {
            "oneOf": [
                {
                    "type": "object",
                    "required": [name],
                    "additionalProperties": False,
                    "properties": {name: schema},
                }
                for name, schema in kinds.items()
            ]
        }


STEPS: Final = Shape(
    {"steps": Field(Many(_Step(), minimum=1, maximum=STEPS_MAX), "What happens, one after another.")}
)


class RowDifferenceSerializer(serializers.Serializer[Any]):
    """A row that would differ; null where it would not be, or has not been."""

    name = serializers.CharField()
    before = PositionRowSerializer(allow_null=True)
    after = PositionRowSerializer(allow_null=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """After less before."""

    outstanding = MoneyText(source="outstanding_minor")
    overpaid = MoneyText(source="overpaid_minor")
    due = MoneyText(source="due_minor")
    overdue = MoneyText(source="overdue_minor")
    payoff = MoneyText(source="payoff_minor")
    days_past_due = serializers.IntegerField()


class WhatIfSerializer(serializers.Serializer[Any]):
    """A loan on one day without and with the steps; ``books`` holds each balance that would differ."""

    loan_id = serializers.UUIDField()
    on = serializers.DateField()
    currency = serializers.CharField()
    before = PositionSerializer()
    after = PositionSerializer()
    difference = FiguresSerializer()
    rows = RowDifferenceSerializer(many=True)
    books = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_books(self, found: dict[str, Any]) -> dict[str, str]:
        """Return the differences as money."""
        return {name: Money(minor, found["currency"]).as_text() for name, minor in found["books"].items()}


class WhatIfSchema(EndpointSchema):
    """Describes the steps by their own schema; without side effects no key is asked for."""

    def get_override_parameters(self) -> list[Any]:
        """Return nothing: there is no query string and no key."""
        return []

    def get_request_serializer(self) -> Any:
        """Return the schema of the steps."""
        return {"application/json": STEPS.schema()}

    def _success(self) -> dict[int, Any]:
        return {200: OpenApiResponse(WhatIfSerializer, description="The comparison.")}

    def _errors(self) -> dict[int, str]:
        errors = {status: text for status, text in super()._errors().items() if status != 503}
        return errors | {400: "The body cannot be read.", 409: "The loan as it would be does not allow it."}


class LoanWhatIf(Endpoint):
    """Work out what a loan would be after facts and repayments; nothing is written."""

    schema = WhatIfSchema()
    http_method_names = ["post"]
    roles = {"POST": FACT_READERS}

    def post(self, request: Request, **path: Any) -> Response:
        """Answer the comparison."""
        del path
        row = queries.loan(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])
        loan = loan_account(row.id)
        values = STEPS.read(request.data, path="", currency=row.currency)
        steps = [_step(step, number, loan.state) for number, step in enumerate(values["steps"])]
        found = what_if(loan=loan, steps=steps, open_date=queries.open_date_of(row.id))
        return Response(self.shown(WhatIfSerializer, _values(found)))


def _step(step: dict[str, Any], number: int, state: LoanState) -> Step:
    if "fact" in step:
        return reported_fact(step["fact"], loan=state, path=f"steps[{number}].fact.")
    values = step["repayment"]
    if values["currency"] != state.contract.currency:
        raise CurrencyMismatch(
            f"The loan is in {state.contract.currency}.", field=f"steps[{number}].repayment.currency"
        )
    return Payment(
        kind=values["kind"],
        amount_minor=values["amount"],
        mode=values["mode"],
        value_date=values["value_date"],
    )


def _values(found: WhatIf) -> dict[str, Any]:
    before, after = position_values(found.before), position_values(found.after)
    shown: list[dict[str, RecordedRow]] = [
        {row["name"]: row for row in position["rows"]} for position in (before, after)
    ]
    rows = [
        {"name": one.name, "before": shown[0].get(one.name), "after": shown[1].get(one.name)}
        for one in found.rows
    ]
    return {
        "loan_id": found.loan_id,
        "on": found.on,
        "currency": found.currency,
        "before": before,
        "after": after,
        "difference": {**found.figures, "currency": found.currency},
        "rows": rows,
        "books": found.books,
    }
