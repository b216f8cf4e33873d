"""``POST /calculators/NAME``: every calculator as an address of its own.

Owns: one endpoint per calculator, with the calculator's JSON Schema and worked input in the published API.
Refuses to know: what is calculated. Nothing is changed and nothing remembered, so no key names a request.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.module_loading import autodiscover_modules
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import EVERYBODY
from config.api.endpoints import Endpoint
from config.api.schema import EndpointSchema
from ledger.calculators.catalogue import CALCULATORS, Calculator

ANSWER = {
    "type": "object",
    "required": ["calculator", "version", "conventions", "result"],
    "properties": {
        "calculator": {"type": "string"},
        "version": {"type": "integer"},
        "conventions": {"type": "object", "additionalProperties": {}},
        "result": {"type": "object", "additionalProperties": {}},
    },
}


class CalculatorSchema(EndpointSchema):
    """Describes a calculator by its own schema; without side effects no key is asked for."""

    def get_description(self) -> str:  # type: ignore[override]
        """Return what the calculator computes, and whom the address admits."""
        calculator: Calculator = self.view.calculator
        roles = ", ".join(sorted(self.view.roles["POST"]))
        return f"{calculator.title}.\n\n{get_doc(calculator.compute)}\n\nRoles: {roles}."

    def get_override_parameters(self) -> list[Any]:
        """Return nothing: there is no query string and no key."""
        return []

    def get_request_serializer(self) -> Any:
        """Return the input as it is published, without the parts that OpenAPI names elsewhere."""
        schema = self.view.calculator.schema()
        body = {name: part for name, part in schema.items() if name not in ("$schema", "$id", "examples")}
        return {"application/json": body}

    def get_examples(self) -> list[OpenApiExample]:
        """Return the worked input."""
        calculator: Calculator = self.view.calculator
        return [OpenApiExample(calculator.title, dict(calculator.example), request_only=True)]

    def _success(self) -> dict[int, Any]:
        return {200: OpenApiResponse(ANSWER, description="The answer.")}

    def _errors(self) -> dict[int, str]:
        # Nothing is written, so the books cannot be in the way and no key can be used twice.
        errors = {status: text for status, text in super()._errors().items() if status not in (409, 503)}
        return errors | {400: "The body cannot be read."}


class CalculatorEndpoint(Endpoint):
    """Calculate: one JSON object in, one JSON object out."""

    schema = CalculatorSchema()
    http_method_names = ["post"]
    roles = {"POST": EVERYBODY}
    calculator: ClassVar[Calculator]

    def post(self, request: Request) -> Response:
        """Answer, or refuse by name."""
        return Response(self.calculator.calculate(request.data))


def calculator_urls() -> list[URLPattern]:
    """Return the addresses of all calculators, those of other apps included."""
    autodiscover_modules("calculators")
    return [path(f"calculators/{name}", _view(CALCULATORS[name])) for name in sorted(CALCULATORS)]


def _view(calculator: Calculator) -> Any:
    words = "".join(word.capitalize() for word in calculator.name.split("-"))
    return type(f"{words}Calculator", (CalculatorEndpoint,), {"calculator": calculator}).as_view()  # type: ignore[attr-defined]
