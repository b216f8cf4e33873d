"""Endpoints that change something: one command per request, named by its caller.

Owns: the idempotency key, the dry run, and how the outcome of a command becomes an answer.
Refuses to know: any command; an endpoint built on these names one.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from config.api.endpoints import Endpoint
from config.api.fields import fail
from config.api.presenting import SUFFIX
from config.api.refusals import FieldInvalid, IdempotencyKeyMissing, LengthMissing
from config.api.serializers import StrictSerializer
from ledger.eventstore.commands import Command, Outcome
from ledger.eventstore.processor import execute
from ledger.kernel.refusals import Refusal

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"


@extend_schema_field({"type": "boolean"})
class DryRunField(serializers.Field[bool, Any, bool, Any]):
    """``true`` or ``false`` in a query string."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse every other word: a dry run that was misspelt must not become a real one."""
        if data not in ("true", "false"):
            fail(FieldInvalid, "This is true or false.")
        return bool(data == "true")


class CommandQuery(StrictSerializer):
    """The one parameter of a request that changes something."""

    dry_run = DryRunField(
        default=False, help_text="Do everything, answer with 200 what it led to, and undo it."
    )


class WriteEndpoint(Endpoint):
    """POST changes something and is named by its caller, so that a repeat changes nothing more."""

    replayed = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look for the key once the caller is admitted; the body is read after that."""
        super().initial(request, *args, **kwargs)
        if request.method != "POST":
            return
        if not request.headers.get(KEY_HEADER):
            raise IdempotencyKeyMissing(
                f"Name the request in the {KEY_HEADER} header; a repeat of it is then answered alike.",
                field=KEY_HEADER,
            )
        if "Transfer-Encoding" in request.headers:
            raise LengthMissing("Send the body in one piece, with its length.", field="Content-Length")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say of an answer, or of a refusal, that it was given before."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.replayed:
            response[REPLAYED_HEADER] = "true"
        return response


class CommandEndpoint(WriteEndpoint):
    """POST reads a body, gives one command, and answers what it led to.

    ``values`` holds the fields of the body.
    """

    write_query = CommandQuery
    body: ClassVar[type[StrictSerializer]]
    answer: ClassVar[type[Serializer[Any]]]
    success_status: ClassVar[int] = 201
    # The name of the address of what is made, and the part of the result that identifies it.
    made: ClassVar[tuple[str, str] | None] = None
    values: dict[str, Any]

    def command(self) -> Command:
        """Return the command that the body asks for; raises NotFound."""
        raise NotImplementedError

    def led_to(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return a result in the form in which the answer shows it."""
        return result

    def currency_of(self, command: Command) -> str | None:
        """Return the currency of the amounts in the answer, or in a refusal."""
        return getattr(command, "currency", None)

    def post(self, request: Request, **path: Any) -> Response:
        """Carry out the command."""
        del path
        body = self.body(data=request.data)
        body.is_valid(raise_exception=True)
        self.values = body.validated_data
        command, dry_run = self.command(), self.asked["dry_run"]
        key = request.headers[KEY_HEADER]
        outcome = execute(command, actor=self.viewer.actor, key=key, dry_run=dry_run)
        self.replayed = outcome.replayed
        return self._answered(command, outcome, dry_run=dry_run)

    def _answered(self, command: Command, outcome: Outcome, *, dry_run: bool) -> Response:
        currency = self.currency_of(command)
        if outcome.refusal is not None:
            raise in_currency(outcome.refusal, currency)
        result = {"currency": currency, **outcome.result}
        headers = {}
        if self.made and not dry_run:
            name, key = self.made
            headers["Location"] = reverse(name, args=[result[key]])
        status = 200 if dry_run else self.success_status
        return Response(self.shown(self.answer, self.led_to(result)), status=status, headers=headers)


def in_currency(refusal: Refusal, currency: str | None) -> Refusal:
    """Return a refusal whose amounts, if it names any, can be shown as money."""
    if currency is not None and any(name.endswith(SUFFIX) for name in refusal.details):
        refusal.details.setdefault("currency", currency)
    return refusal
