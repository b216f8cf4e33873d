"""How endpoints describe themselves in the published schema.

Owns: the parameters, bodies, answers and errors of the kinds of endpoints, and the two ways to sign in.
Refuses to know: single endpoints; what is special about one stands on the endpoint.
"""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

PROBLEM_TYPE: Final = "application/problem+json"
ERRORS_OF_ALL: Final = {
    401: "Nobody is signed in, or the token is not valid.",
    403: "The caller's role, or a rule about the borrower, forbids it.",
    422: "The request was read and is wrong in itself.",
}
ERRORS_OF_PATH: Final = {404: "There is no such object, or it is not the caller's to see."}
ERRORS_OF_WRITES: Final = {
    400: "The body cannot be read, or the Idempotency-Key header is missing.",
    409: "The books as they stand do not allow it, or the key was used for another request.",
    413: "The body is too large.",
    415: "The body is of another content type.",
    503: "Others were changing the same things; nothing was decided. Send the same request again.",
}
KEY_PARAMETER: Final = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 printable ASCII characters. A repeat with the same key is answered as before, "
    "with the header Idempotency-Replayed: true.",
)


class FieldErrorSerializer(serializers.Serializer[Any]):
    """One wrong field."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details of RFC 9457; ``code`` is stable, ``detail`` is for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField(required=False)
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]
    details = serializers.DictField(required=False)


class EndpointSchema(AutoSchema):
    """Reads an endpoint's own attributes, so that the schema cannot say something else."""

    view: Any

    def get_description(self) -> str:  # type: ignore[override]
        """Return what the endpoint says of itself, and whom it admits."""
        admitted = ", ".join(sorted(self.view.roles.get(self.method, ())))
        return f"{get_doc(type(self.view))}\n\nRoles: {admitted}."

    def get_override_parameters(self) -> list[Any]:
        """Return the query string, and the key of a write."""
        if self.method != "POST":
            return _with_fields(self.view.query)
        return [KEY_PARAMETER, *_with_fields(self.view.write_query)]

    def get_request_serializer(self) -> Any:
        """Return the body of a write."""
        return self.view.body if self.method == "POST" else None

    def get_response_serializers(self) -> Any:
        """Return what is answered with each status."""
        errors = {(status, PROBLEM_TYPE): _problem(text) for status, text in self._errors().items()}
        return {**self._success(), **errors}

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Say whether pages are answered; statuses with a media type confuse the library's own guess."""
        del serializer
        return self.method == "GET" and hasattr(self.view, "row")

    def _success(self) -> dict[int, Any]:
        view = self.view
        if self.method == "POST":
            answers = {view.success_status: OpenApiResponse(view.answer, description="Done.")}
            if view.success_status != 200 and _with_fields(view.write_query):
                answers[200] = OpenApiResponse(view.answer, description="What a dry run would have led to.")
            return answers
        if hasattr(view, "row"):
            return {200: view.row(many=True)}
        return {200: view.shape}

    def _errors(self) -> dict[int, str]:
        errors = {**ERRORS_OF_ALL, **(ERRORS_OF_PATH if "{" in self.path else {})}
        if self.method == "POST":
            errors |= ERRORS_OF_WRITES
        return dict(sorted(errors.items()))


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the bearer token."""

    target_class = "config.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        del auto_schema
        return {"type": "http", "scheme": "bearer", "description": "An access token of a user or a client."}


class StaffSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the admin's session."""

    target_class = "config.api.authentication.StaffSessionAuthentication"
    name = "staff-session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        del auto_schema
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "Staff only."}


def _problem(text: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description=text)


def _with_fields(query: type[serializers.Serializer[Any]]) -> list[type[serializers.Serializer[Any]]]:
    return [query] if query().fields else []
